/** Settings of the login server that nobody outside knows the truth of. Each changes its own answer and nothing else. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Mock, startMock } from '../../mock-server/index.ts';
import {
  accountStatus,
  askToken,
  authorizeUrl,
  callbackOf,
  codeFor,
  demoClient,
  demoUser,
  endpoint,
  exchange,
  outcome,
  post,
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

test('sipgate.codeLife: a code lives that many seconds', async () => {
  mock.configure({ sipgate: { codeLife: 5 } });
  mock.clock.freeze();
  const [early, late] = [await codeFor(mock), await codeFor(mock)];
  mock.clock.advance(4_999);
  expect((await exchange(mock, early)).status).toBe(200);
  mock.clock.advance(1);
  expect(outcome(await exchange(mock, late))).toEqual([400, 'invalid_grant', 'Code not valid']);
});

describe('sipgate.refreshTokenRotation', () => {
  test('on: an old token ends its line', async () => {
    const first = await tokensFor(mock);
    const second = await refresh(mock, first.refresh_token);
    expect(outcome(await refresh(mock, first.refresh_token))).toEqual([
      400,
      'invalid_grant',
      'Maximum allowed refresh token reuse exceeded',
    ]);
    expect((await refresh(mock, second.body.refresh_token)).status).toBe(400);
    expect(await accountStatus(mock, second.body.access_token)).toBe(401);
  });
  test('off: a token may be used again and again, and so may its successors', async () => {
    mock.configure({ sipgate: { refreshTokenRotation: false } });
    const first = await tokensFor(mock);
    const second = await refresh(mock, first.refresh_token);
    const again = await refresh(mock, first.refresh_token);
    expect([second.status, again.status]).toEqual([200, 200]);
    expect((await refresh(mock, second.body.refresh_token)).status).toBe(200);
    for (const { access_token: token } of [first, second.body, again.body]) {
      expect(await accountStatus(mock, token)).toBe(200);
    }
  });
});

describe('sipgate.refreshWiderScope', () => {
  const wider = async () => {
    const { refresh_token: token } = await tokensFor(mock, { scope: 'account:read' });
    return refresh(mock, token, { scope: 'account:read balance:read' });
  };
  test('refuse: a scope that was not granted is an error that spends nothing', async () => {
    const { refresh_token: token } = await tokensFor(mock, { scope: 'account:read' });
    expect(outcome(await refresh(mock, token, { scope: 'account:read balance:read' }))).toEqual([
      400,
      'invalid_scope',
      'Invalid scopes: account:read balance:read',
    ]);
    expect((await refresh(mock, token)).status).toBe(200);
  });
  test('drop: it is left out without a word, and the token does not have it', async () => {
    mock.configure({ sipgate: { refreshWiderScope: 'drop' } });
    const { status, body } = await wider();
    expect([status, body.scope]).toEqual([200, 'account:read']);
    expect(await accountStatus(mock, body.access_token)).toBe(200);
    const balance = await fetch(`${mock.sipgate.baseUrl}/balance`, {
      headers: { authorization: `Bearer ${body.access_token}` },
    });
    expect(balance.status).toBe(403);
  });
  test('drop: a scope that the client may not have is an error all the same', async () => {
    mock.configure({ sipgate: { refreshWiderScope: 'drop' } });
    const { refresh_token: token } = await tokensFor(mock, { scope: 'account:read' });
    expect(outcome(await refresh(mock, token, { scope: 'zzz' }))).toEqual([
      400,
      'invalid_scope',
      'Invalid scopes: zzz',
    ]);
  });
});

describe('sipgate.introspectionAudience', () => {
  const introspect = (form: Record<string, string>) =>
    post(endpoint(mock, 'token/introspect'), { ...demoClient(mock), ...form });
  const serviceToken = async () =>
    String((await askToken(mock, { grant_type: 'client_credentials', scope: 'account:read' })).body.access_token);

  test('client: a token without audience is nothing to its own client', async () => {
    expect((await introspect({ token: await serviceToken() })).body).toEqual({ active: false });
  });
  test('any: the token is active, with its claims', async () => {
    mock.configure({ sipgate: { introspectionAudience: 'any' } });
    const { client_id: clientId } = demoClient(mock);
    expect((await introspect({ token: await serviceToken() })).body).toMatchObject({
      active: true,
      client_id: clientId,
      azp: clientId,
      scope: 'account:read',
      token_type: 'Bearer',
    });
  });
  test('any: a dead token is still inactive', async () => {
    mock.configure({ sipgate: { introspectionAudience: 'any' } });
    const token = await serviceToken();
    await mock.revokeToken(token);
    expect((await introspect({ token })).body).toEqual({ active: false });
    expect((await introspect({ token: 'garbage' })).body).toEqual({ active: false });
  });
});

describe('sipgate.autoLogin', () => {
  beforeEach(() => mock.configure({ sipgate: { autoLogin: demoUser(mock).username } }));
  const open = (parameters?: Record<string, string>, visitor = createVisitor()) =>
    visitor.open(authorizeUrl(mock, parameters));

  test('answers the client at once: no page, no cookie needed', async () => {
    const page = await open({ scope: 'openid account:read', nonce: 'n' });
    expect([page.status, page.html]).toEqual([302, '']);
    const { code, state } = callbackOf(page);
    expect(state).toBe('st');
    const { status, body } = await exchange(mock, code ?? '');
    expect([status, body.scope]).toEqual([200, 'openid account:read']);
    expect(await accountStatus(mock, body.access_token)).toBe(200);
  });
  test('consents for good: later, without it, nobody is asked', async () => {
    const visitor = createVisitor();
    await open({ scope: 'account:read' }, visitor);
    mock.configure({ sipgate: { autoLogin: '' } });
    expect(callbackOf(await open({ scope: 'account:read', prompt: 'none' }, visitor))).toHaveProperty('code');
    expect(callbackOf(await open({ scope: 'balance:read', prompt: 'none' }, visitor))).toMatchObject({
      error: 'interaction_required',
    });
  });
  test('does not make an unregistered redirect URI good, nor a bad scope', async () => {
    const refused = await open({ redirect_uri: 'https://evil.example/' });
    expect([refused.status, refused.leavesTo, textOf(refused.html)]).toEqual([
      400,
      undefined,
      expect.stringContaining('Invalid parameter: redirect_uri'),
    ]);
    expect(callbackOf(await open({ scope: 'zzz' }))).toMatchObject({ error: 'invalid_scope' });
  });
  test('logs in the named user, whoever was logged in before', async () => {
    mock.configure({ sipgate: { autoLogin: '' } });
    const visitor = createVisitor();
    const subjectOf = async (tokens: Record<string, unknown>) => {
      const headers = { authorization: `Bearer ${tokens.access_token}` };
      return ((await (await fetch(endpoint(mock, 'userinfo'), { headers })).json()) as { sub: string }).sub;
    };
    const ada = await subjectOf(await tokensFor(mock, { scope: 'openid' }, visitor));
    mock.configure({ sipgate: { autoLogin: 'GRACE@sidetone.example' } });
    const grace = await subjectOf(await tokensFor(mock, { scope: 'openid' }, visitor));
    expect([ada, grace]).toEqual([expect.stringMatching(/:2556404$/), expect.stringMatching(/:2556405$/)]);
  });
  test('says so when it names nobody', async () => {
    mock.configure({ sipgate: { autoLogin: 'nobody@sidetone.example' } });
    const page = await open();
    expect([page.status, page.headers.get('x-sidetone-reason')]).toEqual([
      400,
      expect.stringContaining('no enabled user has the address "nobody@sidetone.example"'),
    ]);
  });
  test('is off by default', async () => {
    await mock.reset();
    expect((await open()).html).toContain('name="password"');
  });
});
