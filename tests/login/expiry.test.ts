/** What the mock's clock ends: codes, tokens, sessions, pages. No test waits. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Mock, startMock } from '../../mock-server/index.ts';
import {
  accountStatus,
  authorizeUrl,
  callbackOf,
  codeFor,
  demoUser,
  exchange,
  logIn,
  outcome,
  refresh,
  tokensFor,
} from './flow.ts';
import { createVisitor, textOf } from './visitor.ts';

let mock: Mock;
beforeAll(async () => {
  mock = await startMock();
});
beforeEach(async () => {
  await mock.reset();
  mock.clock.freeze();
});
afterAll(() => mock.close());

const MONTH = '2592000s';

describe('a code', () => {
  test('is good for 60 seconds but one millisecond', async () => {
    const code = await codeFor(mock);
    mock.clock.advance(59_999);
    expect((await exchange(mock, code)).status).toBe(200);
  });
  test('is too old after 60 seconds', async () => {
    const code = await codeFor(mock);
    mock.clock.advance('60s');
    expect(outcome(await exchange(mock, code))).toEqual([400, 'invalid_grant', 'Code not valid']);
  });
  test('says when the user logged in, not when it was exchanged', async () => {
    const code = await codeFor(mock, { scope: 'openid' });
    const loggedIn = mock.clock.seconds();
    mock.clock.advance('50s');
    const { body } = await exchange(mock, code);
    expect(claimsOf(body.id_token)).toMatchObject({
      auth_time: loggedIn,
      iat: loggedIn + 50,
      exp: loggedIn + 350,
    });
  });
});

const claimsOf = (token: unknown): Record<string, unknown> =>
  JSON.parse(Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString('utf8'));

describe('tokens', () => {
  test('an access token dies after 300 seconds, its refresh token lives on', async () => {
    const tokens = await tokensFor(mock);
    mock.clock.advance('299s');
    expect(await accountStatus(mock, tokens.access_token)).toBe(200);
    mock.clock.advance('1s');
    expect(await accountStatus(mock, tokens.access_token)).toBe(401);
    expect((await refresh(mock, tokens.refresh_token)).status).toBe(200);
  });
  test('a refresh token dies after 30 days', async () => {
    const tokens = await tokensFor(mock);
    mock.clock.advance(MONTH);
    expect(outcome(await refresh(mock, tokens.refresh_token))).toEqual([400, 'invalid_grant', 'Token is not active']);
  });
  test('a session that is used lives on: 12 refreshes, one in 20 days each', async () => {
    let tokens = await tokensFor(mock);
    for (let turn = 0; turn < 12; turn += 1) {
      mock.clock.advance('20d');
      const { status, body } = await refresh(mock, tokens.refresh_token);
      expect([turn, status, body.error_description]).toEqual([turn, 200, undefined]);
      tokens = body;
    }
    expect(await accountStatus(mock, tokens.access_token)).toBe(200);
  });
  test('of a silent login late in the session live as long as they say', async () => {
    const visitor = createVisitor();
    await logIn(mock, authorizeUrl(mock), visitor);
    mock.clock.advance('29d');
    const tokens = await tokensFor(mock, { prompt: 'none' }, visitor);
    mock.clock.advance((Number(tokens.refresh_expires_in) - 1) * 1000);
    expect((await refresh(mock, tokens.refresh_token)).status).toBe(200);
  });
  test('an offline token has no end', async () => {
    const tokens = await tokensFor(mock, { scope: 'offline_access account:read' });
    expect(tokens.refresh_expires_in).toBe(0);
    mock.clock.advance('3650d');
    const { status, body } = await refresh(mock, tokens.refresh_token);
    expect([status, body.refresh_expires_in]).toEqual([200, 0]);
    expect(await accountStatus(mock, body.access_token)).toBe(200);
  });
});

describe('a browser', () => {
  const silent = () => authorizeUrl(mock, { prompt: 'none' });

  test('is logged in until its session has not been used for 30 days', async () => {
    const visitor = createVisitor();
    await logIn(mock, authorizeUrl(mock), visitor);
    for (let turn = 0; turn < 3; turn += 1) {
      mock.clock.advance('29d');
      expect([turn, callbackOf(await visitor.open(silent()))]).toEqual([
        turn,
        expect.objectContaining({ code: expect.any(String) }),
      ]);
    }
    mock.clock.advance('30d');
    expect(callbackOf(await visitor.open(silent()))).toMatchObject({ error: 'login_required' });
  });
  test('is asked again for its password when the login is older than max_age', async () => {
    const visitor = createVisitor();
    await logIn(mock, authorizeUrl(mock), visitor);
    // Whole seconds are compared, and 60 is not more than 60 (measured).
    mock.clock.advance('60s');
    expect(callbackOf(await visitor.open(authorizeUrl(mock, { max_age: '60' })))).toHaveProperty('code');
    mock.clock.advance('1s');
    const page = await visitor.open(authorizeUrl(mock, { max_age: '60', scope: 'openid account:read' }));
    expect(textOf(page.html)).toContain('Please re-authenticate to continue');
    const again = await visitor.submit(page, { password: demoUser(mock).password });
    const { body } = await exchange(mock, callbackOf(again).code ?? '');
    expect(claimsOf(body.id_token).auth_time).toBe(mock.clock.seconds());
  });
  test('may take 30 minutes at the login page, and starts over after them', async () => {
    const patient = createVisitor();
    const page = await patient.open(authorizeUrl(mock));
    mock.clock.advance('1799s');
    const consent = await patient.submit(page, demoUser(mock));
    expect(consent.html).toContain('name="accept"');

    const late = createVisitor();
    const stale = await late.open(authorizeUrl(mock));
    mock.clock.advance('1800s');
    const restarted = await late.submit(stale, demoUser(mock));
    expect([restarted.status, restarted.leavesTo]).toEqual([200, undefined]);
    expect(restarted.html).toContain('name="username"');
    const second = await late.submit(await late.submit(restarted, demoUser(mock)), { accept: 'Yes' });
    expect(callbackOf(second)).toMatchObject({ state: 'st', code: expect.any(String) });
  });
  test('gets no restart without its cookies', async () => {
    const visitor = createVisitor();
    const stale = await visitor.open(authorizeUrl(mock));
    mock.clock.advance('1800s');
    visitor.cookies.clear();
    const refused = await visitor.submit(stale, demoUser(mock));
    expect([refused.status, textOf(refused.html)]).toEqual([
      400,
      expect.stringContaining('Restart login cookie not found.'),
    ]);
  });
});
