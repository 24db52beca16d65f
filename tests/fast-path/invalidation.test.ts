/** A remembered answer lasts no longer than what it was made from. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createFaults } from '../../mock-server/faults/faults.ts';
import { type Exchange, type FaultMatch, type Mock, type MockOptions, startMock } from '../../mock-server/index.ts';
import { basic, bearer, demoPat } from '../support/ask.ts';
import { memoryStoreBy } from '../support/memory-store.ts';
import { given } from './given.ts';

vi.mock('../../mock-server/remembered/repeated.ts', async (load) => (await import('./given.ts')).counted(load));

let mock: Mock;
const start = async (options: MockOptions = {}) => {
  mock = await startMock(options);
  mock.clock.freeze('2030-01-01T00:00:00Z');
};
beforeEach(() => start());
afterEach(() => mock.close());

interface Heard {
  status: number;
  headers: Headers;
  text: string;
  /** Whether it was given again. */
  again: boolean;
}

async function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Heard> {
  const before = given.again;
  const answer = await fetch(`${mock.url}${path}`, { method, headers: { connection: 'keep-alive', ...headers } });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, again: given.again > before };
}

/** Asks until the answer is one that is given again. */
async function remembered(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Heard> {
  for (let times = 0; times < 3; times += 1) await ask(path, headers, method);
  const heard = await ask(path, headers, method);
  expect(heard.again).toBe(true);
  return heard;
}

const pat = () => ({ authorization: demoPat(mock) });
const sipgateToken = async () => (await mock.mintToken('sipgate', { expiresIn: 600 })).accessToken;
const sipsimToken = async () => (await mock.mintToken('sipsim', { expiresIn: 600 })).accessToken;

test('SIPSIM’s answers, which tell the second, are given again within it', async () => {
  const headers = { authorization: bearer(await sipsimToken()) };
  await remembered('/api/v2/account', headers);
  mock.clock.advance('999ms');
  expect((await ask('/api/v2/account', headers)).again).toBe(true);
  mock.clock.advance('1ms');
  const later = await ask('/api/v2/account', headers);
  expect([later.again, JSON.parse(later.text).timestamp]).toEqual([false, '2030-01-01T00:00:01Z']);
});

async function tokenOfSession(): Promise<string> {
  const { username = '', password = '' } = mock.credentials.sipgate;
  const body = new URLSearchParams({ grant_type: 'password', client_id: 'sipgate-app-web', username, password });
  const tokenUrl = `${mock.url}/auth/realms/sipgate-apps/protocol/openid-connect/token`;
  const answer = await fetch(tokenUrl, { method: 'POST', body });
  return ((await answer.json()) as { access_token: string }).access_token;
}

test.each([
  ['without a session', sipgateToken, 600_000],
  ['of a user’s session', tokenOfSession, 300_000],
])('an answer to a sipgate token %s is given again for as long as the token lives', async (_whose, token, life) => {
  const headers = { authorization: bearer(await token()) };
  await remembered('/v2/account', headers);
  for (const step of [1, 998, 1, life - 1_001]) {
    mock.clock.advance(step);
    expect(await ask('/v2/account', headers)).toMatchObject({ status: 200, again: true });
  }
  mock.clock.advance(1);
  expect(await ask('/v2/account', headers)).toMatchObject({ status: 401, again: false });
});

test('whoever arms or removes a fault changes the state, though none is armed before and after', () => {
  const changed = vi.fn();
  const faults = createFaults({ clock: mock.clock, random: () => 0, check: () => undefined, changed });
  const { id } = faults.add({ answer: { status: 503 } });
  faults.remove(id);
  faults.restore([]);
  faults.clear();
  expect(changed).toHaveBeenCalledTimes(4);
});

test.each<[string, boolean, string, FaultMatch]>([
  ['another operation', true, 'GET', { operation: 'sipsim.*' }],
  ['another provider', true, 'GET', { provider: 'sipsim' }],
  ['another path', true, 'GET', { path: '/v2/users' }],
  ['another method', true, 'HEAD', { method: 'GET' }],
  ['nothing in particular', false, 'GET', {}],
  ['its operation', false, 'GET', { operation: 'sipgate.getAccount' }],
  ['its path', false, 'HEAD', { path: '/v2/*' }],
  ['some credential', false, 'GET', { credential: 'bearer' }],
  ['some client', false, 'GET', { client: 'nobody' }],
])(
  'while a fault waits for %s, an answer that it does not strike is given again: %s',
  async (_what, again, method, match) => {
    mock.fail({ match, answer: { status: 503 } });
    for (let times = 0; times < 4; times += 1) await ask('/v2/account', pat(), method);
    const struck = Object.keys(match).every((member) => ['operation', 'path'].includes(member)) && !again;
    expect(await ask('/v2/account', pat(), method)).toMatchObject({ status: struck ? 503 : 200, again });
  },
);

describe('is not given again after', () => {
  test('a write', async () => {
    const path = '/v2/authorization/oauth2/clients';
    const { text } = await remembered(path, pat());
    const body = JSON.stringify({ name: 'new', description: 'd', redirectUris: [], webOrigins: [] });
    await fetch(`${mock.url}${path}`, {
      method: 'POST',
      headers: { ...pat(), 'content-type': 'application/json' },
      body,
    });
    const after = await ask(path, pat());
    expect([after.again, text.includes('"new"'), after.text.includes('"new"')]).toEqual([false, false, true]);
  });
  test.each([
    ['sipgate', '/v2/account'],
    ['sipsim', '/api/v2/account'],
  ] as const)('the revocation of a token of %s', async (provider, path) => {
    const { accessToken } = await mock.mintToken(provider);
    await remembered(path, { authorization: bearer(accessToken) });
    expect(await mock.revokeToken(accessToken)).toBe(true);
    expect(await ask(path, { authorization: bearer(accessToken) })).toMatchObject({ status: 401, again: false });
  });
  test.each([
    ['sipgate', '/v2/account', sipgateToken],
    ['sipsim', '/api/v2/account', sipsimToken],
  ])('the expiry of a token of %s, to the second', async (_provider, path, token) => {
    const headers = { authorization: bearer(await token()) };
    await remembered(path, headers);
    mock.clock.advance(599_999);
    expect((await ask(path, headers)).status).toBe(200);
    mock.clock.advance(1);
    const expired = await remembered(path, headers);
    expect([expired.status, expired.headers.get('x-sidetone-reason')]).toEqual([401, 'the token expired 0 s ago']);
    mock.clock.advance(1_000);
    expect((await ask(path, headers)).headers.get('x-sidetone-reason')).toBe('the token expired 1 s ago');
    mock.clock.set('2030-01-01T00:00:00Z');
    expect((await ask(path, headers)).status).toBe(200);
  });
  test('the end of the client', async () => {
    const { clientId = '' } = mock.credentials.sipgate;
    const headers = { authorization: bearer((await mock.mintToken('sipgate', { client: clientId })).accessToken) };
    await remembered('/v2/account', headers);
    await ask(`/v2/authorization/oauth2/clients/${encodeURIComponent(clientId)}`, pat(), 'DELETE');
    expect(await ask('/v2/account', headers)).toMatchObject({ status: 401, again: false });
  });
  test('a setting', async () => {
    await remembered('/v2/nothing', pat());
    mock.configure({ sipgate: { errorBody: 'name-message' }, server: { reasonHeader: false } });
    const after = await ask('/v2/nothing', pat());
    expect([after.again, after.text.includes('NOT_FOUND'), after.headers.get('x-sidetone-reason')]).toEqual([
      ...[false, true, null],
    ]);
  });
  test('a fault, as long as it is in force', async () => {
    await remembered('/v2/account', pat());
    mock.fail({ answer: { status: 503 }, times: 1 });
    expect(await ask('/v2/account', pat())).toMatchObject({ status: 503, again: false });
    expect(await ask('/v2/account', pat())).toMatchObject({ status: 200, again: false });
    expect(mock.faults()).toMatchObject([{ met: 2, struck: 1 }]);
    mock.removeFault();
    // What was learned while the fault came and went is not trusted.
    expect(await ask('/v2/account', pat())).toMatchObject({ status: 200, again: false });
    expect(await ask('/v2/account', pat())).toMatchObject({ status: 200, again: true });
  });
  test('a reset, which ends every token', async () => {
    const headers = { authorization: bearer(await sipsimToken()) };
    await remembered('/api/v2/account', headers);
    await mock.reset();
    expect(await ask('/api/v2/account', headers)).toMatchObject({ status: 401, again: false });
  });
  test('a state that is put back, and in it the tokens live', async () => {
    const headers = { authorization: bearer(await sipgateToken()) };
    await remembered('/v2/account', headers);
    const state = await mock.saveState();
    await mock.reset();
    mock.clock.restore(state.clock);
    expect((await remembered('/v2/account', headers)).status).toBe(401);
    await mock.restoreState(state);
    expect(await ask('/v2/account', headers)).toMatchObject({ status: 200, again: false });
  });
  test('another seed', async () => {
    await remembered('/v2/account', pat());
    await mock.reseed({ sipgate: { account: { company: 'Another' } } });
    expect(await ask('/v2/account', pat())).toMatchObject({ again: false, text: expect.stringContaining('Another') });
  });
});

test('time goes on in it: the Date header, a timestamp, an id that is new each time', async () => {
  const headers = { authorization: bearer(await sipsimToken()) };
  const first = await remembered('/api/v2/account', headers);
  const second = await ask('/api/v2/account', headers);
  const told = [first, second].map(({ text }) => JSON.parse(text) as { request_id: string; timestamp: string });
  expect(new Set(told.map(({ request_id }) => request_id)).size).toBe(2);
  mock.clock.advance(1_000);
  const third = await remembered('/api/v2/account', headers);
  expect(third.headers.get('date')).toBe('Tue, 01 Jan 2030 00:00:01 GMT');
  expect(JSON.parse(third.text)).toMatchObject({ timestamp: '2030-01-01T00:00:01Z' });
  const account = await remembered('/v2/account', pat());
  mock.clock.advance(3_600_000);
  const later = await ask('/v2/account', pat());
  expect([later.again, later.headers.get('date')]).toEqual([true, 'Tue, 01 Jan 2030 01:00:01 GMT']);
  expect(later.headers.get('x-b3-traceid')).not.toBe(account.headers.get('x-b3-traceid'));
});

test('every header is part of the question, and the namespace', async () => {
  await remembered('/v2/account', pat());
  const origin = await ask('/v2/account', { ...pat(), origin: 'http://localhost:3000' });
  expect([origin.again, origin.headers.get('access-control-allow-origin')]).toEqual([false, 'http://localhost:3000']);
  const wrong = basic('token-FQ1V12', 'wrong');
  expect(await ask('/v2/account', { authorization: wrong })).toMatchObject({ status: 401, again: false });
  expect(await ask('/~other/v2/account', pat())).toMatchObject({ status: 200, again: false });
  expect((await mock.namespace('other')).requests()).toHaveLength(1);
});

test('HEAD and OPTIONS are given again as they were', async () => {
  const head = await remembered('/v2/account', pat(), 'HEAD');
  const get = await remembered('/v2/account', pat());
  expect([head.text, head.headers.get('content-length')]).toEqual(['', get.headers.get('content-length')]);
  expect(await remembered('/v2/account', {}, 'OPTIONS')).toMatchObject({ status: 200, text: '' });
  expect(mock.requests({ method: 'HEAD' }).map(({ answer }) => answer?.body)).toEqual([null, null, null, null]);
});

test('the journal has each exchange, and whoever is told of them', async () => {
  await mock.close();
  const told: Exchange[] = [];
  await start({ onExchange: (exchange) => void told.push(exchange) });
  await remembered('/v2/account', pat());
  const entries = mock.requests().map(({ id: _, milliseconds: __, answer, ...rest }) => {
    const headers = answer?.headers.filter(([name]) => name !== 'x-b3-traceid');
    return JSON.stringify({ ...rest, answer: { ...answer, headers } });
  });
  expect([entries.length, new Set(entries).size]).toEqual([4, 1]);
  expect(told.map(({ operation, status, path }) => [operation, status, path])).toEqual(
    Array.from({ length: 4 }, () => ['sipgate.getAccount', 200, '/v2/account']),
  );
  expect(JSON.stringify(mock.requests())).not.toContain(demoPat(mock).slice(6));
  mock.configure({ server: { journal: false } });
  for (let times = 0; times < 4; times += 1) await ask('/v2/account', pat());
  expect([mock.requests().length, told.length]).toEqual([4, 8]);
});

test.each<[string, MockOptions]>([
  ['a store of somebody else’s, which may change without a word', { store: memoryStoreBy }],
  ['the fast path turned off', { fastPath: false }],
])('nothing is remembered with %s', async (_what, options) => {
  await mock.close();
  await start(options);
  for (let times = 0; times < 5; times += 1) {
    expect(await ask('/v2/account', pat())).toMatchObject({ status: 200, again: false });
  }
});
