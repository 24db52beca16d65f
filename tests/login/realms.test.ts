/** Two realms, two servers: what one gives out is nothing to the other, whatever cookies and tokens are sent there. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Mock, startMock } from '../../mock-server/index.ts';
import { authorizeUrl, callbackOf, codeFor, demoUser, endpoint, logIn, outcome, post, tokensFor } from './flow.ts';
import { createVisitor } from './visitor.ts';

let mock: Mock;
beforeAll(async () => {
  mock = await startMock();
});
beforeEach(() => mock.reset());
afterAll(() => mock.close());

const APP = { client_id: 'sipgate-app-web' };
const atApps = (form: Record<string, string>) => post(endpoint(mock, 'token', 'sipgate-apps'), { ...APP, ...form });

test('a browser that is logged in at one is a stranger at the other', async () => {
  const visitor = createVisitor();
  await logIn(mock, authorizeUrl(mock), visitor);
  expect(callbackOf(await visitor.open(authorizeUrl(mock, { prompt: 'none' })))).toHaveProperty('code');
  const url = authorizeUrl(mock, { ...APP, prompt: 'none', scope: 'openid' }, 'sipgate-apps');
  expect(callbackOf(await visitor.open(url))).toMatchObject({ error: 'login_required' });
});

test('a login page of one cannot be posted at the other', async () => {
  const visitor = createVisitor();
  const page = await visitor.open(authorizeUrl(mock));
  const moved = { ...page, html: page.html.replaceAll('/realms/third-party/', '/realms/sipgate-apps/') };
  expect((await visitor.submit(moved, demoUser(mock))).status).toBe(400);
});

test('codes and tokens of one are refused at the other', async () => {
  const code = await codeFor(mock);
  expect((await atApps({ grant_type: 'authorization_code', code })).status).toBe(400);
  const tokens = await tokensFor(mock, { scope: 'openid' });
  expect(outcome(await atApps({ grant_type: 'refresh_token', refresh_token: String(tokens.refresh_token) }))).toEqual([
    400,
    'invalid_grant',
    'Invalid refresh token',
  ]);
  const headers = { authorization: `Bearer ${tokens.access_token}` };
  expect((await fetch(endpoint(mock, 'userinfo', 'sipgate-apps'), { headers })).status).toBe(401);
  expect((await fetch(endpoint(mock, 'userinfo'), { headers })).status).toBe(200);
});

test("a client of one is unknown at the other's endpoints", async () => {
  const [id, secret] = [mock.credentials.sipgate.clientId ?? '', mock.credentials.sipgate.clientSecret ?? ''];
  const form = { grant_type: 'client_credentials', client_id: id, client_secret: secret };
  expect(outcome(await post(endpoint(mock, 'token', 'sipgate-apps'), form))).toEqual([
    401,
    'invalid_client',
    'Invalid client or Invalid client credentials',
  ]);
  expect((await createVisitor().open(authorizeUrl(mock, {}, 'sipgate-apps'))).status).toBe(400);
});
