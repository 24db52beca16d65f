/** What ends sessions and logins from outside: a reset, a changed or deleted client. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Mock, startMock } from '../../mock-server/index.ts';
import { demoPat } from '../support/ask.ts';
import { demoClientRecord, otherClient } from './clients.ts';
import {
  accountStatus,
  authorizeUrl,
  callbackOf,
  codeFor,
  demoClient,
  demoUser,
  endpoint,
  exchange,
  logIn,
  outcome,
  post,
  REDIRECT_URI,
  refresh,
  tokensFor,
} from './flow.ts';
import { createVisitor, textOf } from './visitor.ts';

let mock: Mock;
beforeAll(async () => {
  mock = await startMock();
});
beforeEach(() => mock.reset());
afterAll(() => mock.close());

describe('a reset', () => {
  test('ends sessions, tokens, codes, consents and logins under way', async () => {
    const visitor = createVisitor();
    const tokens = await tokensFor(mock, { scope: 'openid account:read' }, visitor);
    const offline = await tokensFor(mock, { scope: 'offline_access' }, createVisitor());
    const code = await codeFor(mock);
    const underWay = createVisitor();
    const page = await underWay.open(authorizeUrl(mock));
    const stale = new Map(visitor.cookies);

    await mock.reset();
    expect(await accountStatus(mock, tokens.access_token)).toBe(401);
    for (const { refresh_token: token } of [tokens, offline]) {
      expect(outcome(await refresh(mock, token))).toEqual([400, 'invalid_grant', 'Invalid refresh token']);
    }
    expect(outcome(await exchange(mock, code))).toEqual([400, 'invalid_grant', 'Code not valid']);
    expect((await underWay.submit(page, demoUser(mock))).status).toBe(400);
    expect(callbackOf(await visitor.open(authorizeUrl(mock, { prompt: 'none' })))).toMatchObject({
      error: 'login_required',
    });
    // The consent is forgotten as well.
    const again = createVisitor();
    for (const [name, value] of stale) again.cookies.set(name, value);
    const login = await again.open(authorizeUrl(mock));
    expect((await again.submit(login, demoUser(mock))).html).toContain('name="accept"');
  });
});

/** The demo client by the REST API. */
async function askForClient(method: string, change?: (client: Record<string, unknown>) => object): Promise<number> {
  const { client_id: clientId } = demoClient(mock);
  const url = `${mock.sipgate.baseUrl}/authorization/oauth2/clients/${encodeURIComponent(clientId)}`;
  const headers = { authorization: demoPat(mock), 'content-type': 'application/json' };
  const client = (await (await fetch(url, { headers })).json()) as Record<string, unknown>;
  const body = change && JSON.stringify({ ...client, ...change(client) });
  const answer = await fetch(url, { method, headers, ...(body !== undefined && { body }) });
  await answer.arrayBuffer();
  return answer.status;
}

describe('PUT redirect URIs', () => {
  const OTHER = 'https://app.example.com/back';
  beforeEach(async () => {
    expect(await askForClient('PUT', () => ({ redirectUris: [OTHER, 'https://*.example.org/*'] }))).toBe(200);
  });

  test('is effective at the authorization endpoint at once', async () => {
    const old = await createVisitor().open(authorizeUrl(mock));
    expect([old.status, textOf(old.html)]).toEqual([400, expect.stringContaining('Invalid parameter: redirect_uri')]);
    const page = await logIn(mock, authorizeUrl(mock, { redirect_uri: OTHER }));
    expect(page.leavesTo?.href).toMatch(/^https:\/\/app\.example\.com\/back\?state=st&session_state=/);
    const code = callbackOf(page).code ?? '';
    expect((await exchange(mock, code, { redirect_uri: OTHER })).status).toBe(200);
  });
  test('knows wildcards, and where they end', async () => {
    const at = async (uri: string) => (await createVisitor().open(authorizeUrl(mock, { redirect_uri: uri }))).status;
    expect(await at('https://any.example.org/x')).toBe(200);
    expect(await at('https://example.org/x')).toBe(400);
    expect(await at('https://any.example.org.evil.example/x')).toBe(400);
    expect(await at('https://evil.example/any.example.org/x')).toBe(400);
  });
  test('is effective at the logout endpoint at once', async () => {
    const at = (uri: string) => {
      const query = new URLSearchParams({
        client_id: demoClient(mock).client_id,
        post_logout_redirect_uri: uri,
      });
      return createVisitor().open(`${endpoint(mock, 'logout')}?${query}`);
    };
    expect(textOf((await at(REDIRECT_URI)).html)).toContain('Invalid redirect uri');
    expect((await at(OTHER)).leavesTo?.href).toBe(OTHER);
  });
});

test('a code that was given out before its redirect URI was taken away is still good', async () => {
  const code = await codeFor(mock);
  await askForClient('PUT', () => ({ redirectUris: ['https://app.example.com/back'] }));
  expect((await exchange(mock, code)).status).toBe(200);
});

describe('the deletion of a client', () => {
  const CLIENT_REFUSED = [401, 'invalid_client', 'Invalid client or Invalid client credentials'];

  test('ends its tokens, codes, and logins under way', async () => {
    const tokens = await tokensFor(mock, { scope: 'openid account:read' });
    const code = await codeFor(mock);
    const visitor = createVisitor();
    const page = await visitor.open(authorizeUrl(mock));
    expect(await askForClient('DELETE')).toBe(202);

    expect(await accountStatus(mock, tokens.access_token)).toBe(401);
    expect(outcome(await refresh(mock, tokens.refresh_token))).toEqual(CLIENT_REFUSED);
    expect(outcome(await exchange(mock, code))).toEqual(CLIENT_REFUSED);
    const headers = { authorization: `Bearer ${tokens.access_token}` };
    expect((await fetch(endpoint(mock, 'userinfo'), { headers })).status).toBe(401);
    expect((await visitor.submit(page, demoUser(mock))).status).toBe(400);
    const opened = await createVisitor().open(authorizeUrl(mock));
    expect([opened.status, textOf(opened.html)]).toEqual([400, expect.stringContaining('Client not found.')]);
  });
  test('takes nothing from another client in the same session of the browser', async () => {
    const record = otherClient();
    const other = { client_id: record.clientId, client_secret: record.clientSecret ?? '' };
    await using two = await startMock({ seed: { sipgate: { clients: [demoClientRecord, record] } } });
    const visitor = createVisitor();
    await logIn(two, authorizeUrl(two), visitor);
    const code = await codeFor(two, { client_id: other.client_id, prompt: 'none' }, visitor);
    const form = { ...other, grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI };
    const { body } = await post(two.sipgate.tokenUrl, form);
    const url = `${two.sipgate.baseUrl}/authorization/oauth2/clients/${encodeURIComponent(demoClient(two).client_id)}`;
    expect((await fetch(url, { method: 'DELETE', headers: { authorization: demoPat(two) } })).status).toBe(202);
    expect(await accountStatus(two, body.access_token)).toBe(200);
    const again = await post(two.sipgate.tokenUrl, {
      ...other,
      grant_type: 'refresh_token',
      refresh_token: String(body.refresh_token),
    });
    expect(again.status).toBe(200);
  });
});
