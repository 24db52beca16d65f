/** A credential that is new is judged on its own; only what its principal gets may be what another credential got. */
import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { loadDocument } from '../../mock-server/document.ts';
import { type Mock, type MockOptions, startMock } from '../../mock-server/index.ts';
import { basic, bearer } from '../support/ask.ts';
import { given } from './given.ts';
import { comparable, startTwins } from './twins.ts';

vi.mock('../../mock-server/remembered/repeated.ts', async (load) => (await import('./given.ts')).counted(load));

const crypto = vi.hoisted(() => ({ onVerify: undefined as (() => void) | undefined }));
vi.mock('node:crypto', async (load) => {
  const module = await load<typeof import('node:crypto')>();
  const verify = (...all: Parameters<typeof module.verify>) => {
    crypto.onVerify?.();
    return module.verify(...all);
  };
  return { ...module, verify };
});

const SEED = { randomSeed: 'newcomers' };
const START = '2030-01-01T00:00:00Z';
let mock: Mock;
const start = async (options: MockOptions = {}) => {
  mock = await startMock({ ...SEED, ...options });
  mock.clock.freeze(START);
};
beforeEach(() => start());
afterEach(() => {
  crypto.onVerify = undefined;
  return mock.close();
});

async function ask(path: string, authorization: string, headers: Record<string, string> = {}) {
  const before = given.again;
  const answer = await fetch(`${mock.url}${path}`, {
    headers: { connection: 'keep-alive', authorization, ...headers },
  });
  const text = await answer.text();
  const reason = answer.headers.get('x-sidetone-reason');
  return { status: answer.status, text, reason, again: given.again > before };
}

type Wish = Parameters<Mock['mintToken']>[1];
const mint = async (provider: 'sipgate' | 'sipsim', count: number, wish: Wish = { expiresIn: 600 }, from = mock) => {
  const tokens: string[] = [];
  for (let index = 0; index < count; index += 1) tokens.push((await from.mintToken(provider, wish)).accessToken);
  return tokens.map(bearer);
};

/** Of another process, as it were: the keys are the same, and nothing is known here of the signatures. */
async function mintElsewhere(count: number): Promise<string[]> {
  const sibling = await startMock(SEED);
  sibling.clock.freeze(START);
  const tokens = await mint('sipgate', count, { expiresIn: 600 }, sibling);
  await sibling.close();
  return tokens;
}

/** Until answers to newcomers come from memory. */
async function acquainted(path: string, tokens: string[]): Promise<void> {
  for (const token of tokens.splice(0, 2)) expect(await ask(path, token)).toMatchObject({ status: 200, again: false });
}

test.each([
  ['sipgate', '/v2/account'],
  ['sipsim', '/api/v2/account'],
] as const)('what one bearer of %s got is given to the next of the same principal', async (provider, path) => {
  const tokens = await mint(provider, 5);
  await acquainted(path, tokens);
  for (const token of tokens) expect(await ask(path, token)).toMatchObject({ status: 200, again: true });
  const told = mock.requests().map(({ request, answer, credential, operation }) => ({
    authorization: request.headers.find(([name]) => name === 'authorization')?.[1],
    rest: JSON.stringify({ credential, operation, status: answer?.status, body: answer?.bodySize }),
  }));
  expect(new Set(told.map(({ authorization }) => authorization)).size).toBe(5);
  expect(new Set(told.map(({ rest }) => rest)).size).toBe(1);
  const whole = JSON.stringify(mock.requests());
  for (const token of tokens) expect(whole).not.toContain(token.slice(-40));
});

/** Personal access tokens of two users, by turns. */
const PATS = Array.from({ length: 10 }, (_, index) => ({
  ...{ id: `token-T${index}`, token: `secret-${index}`, user: `w${index % 2}`, scopes: ['all'] },
}));

test('each user gets their own', async () => {
  await mock.close();
  await start({ seed: { sipgate: { personalAccessTokens: PATS } } });
  const heard = [];
  for (const { id, token } of PATS) heard.push(await ask('/v2/authorization/userinfo', basic(id, token)));
  expect(heard.map(({ text }) => (JSON.parse(text) as { sub: string }).sub)).toEqual(PATS.map(({ user }) => user));
  // Each of these tokens is a client of its own.
  expect(heard.filter(({ again }) => again)).toEqual([]);
});

test('each provider gives its own where both are asked the same', async () => {
  const tokens = { sipgate: await mint('sipgate', 6), sipsim: await mint('sipsim', 6) };
  const heard = [];
  for (const index of [0, 1, 2, 3, 4, 5]) {
    for (const provider of ['sipgate', 'sipsim'] as const)
      heard.push(await ask('/account', tokens[provider][index] as string));
  }
  expect(heard.map(({ text }) => 'company' in JSON.parse(text))).toEqual(heard.map((_, index) => index % 2 === 0));
  expect(heard.slice(-4).map(({ again }) => again)).toEqual([true, true, true, true]);
});

test('scopes are those of the credential that asks', async () => {
  const good = await mint('sipgate', 4, { scopes: ['account:read'], expiresIn: 600 });
  const [poor = ''] = await mint('sipgate', 1, { scopes: ['balance:read'], expiresIn: 600 });
  await acquainted('/v2/account', good);
  expect(await ask('/v2/account', poor)).toMatchObject({ status: 403, again: false });
  expect(await ask('/v2/account', good[0] as string)).toMatchObject({ status: 200, again: true });
});

describe('a bad credential is refused, whatever is remembered', () => {
  test.each<[string, (good: string) => string, string]>([
    ['garbage', () => 'Bearer garbage', 'none of this server'],
    ['nothing', () => '', 'no credentials'],
    ['another signature', (good) => good.replace(/.{6}$/, 'AAAAAA'), 'none of this server'],
    ['another scheme', (good) => good.replace('Bearer', 'Token'), 'the Authorization scheme "Token"'],
    ['the token as it is', (good) => good.slice(7), 'names no scheme'],
    ['a wrong secret', () => basic('token-FQ1V12', 'wrong'), 'wrong token'],
  ])('%s', async (_what, spoil, reason) => {
    const tokens = await mint('sipgate', 4);
    await acquainted('/v2/account', tokens);
    expect(await ask('/v2/account', tokens[0] as string)).toMatchObject({ status: 200, again: true });
    const refused = await ask('/v2/account', spoil(tokens[1] as string));
    expect([refused.status, refused.again]).toEqual([401, false]);
    expect(refused.reason).toContain(reason);
  });
  test('one that has expired since', async () => {
    const [late = ''] = await mint('sipgate', 1, { expiresIn: 1 });
    const tokens = await mint('sipgate', 3);
    await acquainted('/v2/account', tokens);
    mock.clock.advance(1_000);
    expect(await ask('/v2/account', late)).toMatchObject({ status: 401, again: false });
    expect(await ask('/v2/account', tokens[0] as string)).toMatchObject({ status: 200, again: true });
  });
  test('one that was revoked, and the others are asked anew', async () => {
    const tokens = await mint('sipgate', 5);
    await acquainted('/v2/account', tokens);
    const [revoked = '', other = ''] = tokens;
    await mock.revokeToken(revoked.slice(7));
    expect(await ask('/v2/account', revoked)).toMatchObject({ status: 401, again: false });
    expect(await ask('/v2/account', other)).toMatchObject({ status: 200, again: false });
  });
});

test('a refusal is no answer for another credential', async () => {
  const path = '/v2/authorization/oauth2/clients/none';
  for (const token of await mint('sipgate', 5))
    expect(await ask(path, token)).toMatchObject({ status: 404, again: false });
});

test('a bearer that another process signed is verified first', async () => {
  const tokens = await mintElsewhere(6);
  await acquainted('/v2/account', tokens);
  for (const token of tokens.slice(1))
    expect(await ask('/v2/account', token)).toMatchObject({ status: 200, again: true });
  const forged = (tokens[0] as string).replace(/.{6}$/, 'AAAAAA');
  for (let times = 0; times < 3; times += 1) expect((await ask('/v2/account', forged)).status).toBe(401);
});

test('what changes while a credential is judged counts', async () => {
  const tokens = await mintElsewhere(3);
  await acquainted('/v2/account', tokens);
  crypto.onVerify = () => mock.configure({ server: { reasonHeader: false } });
  expect(await ask('/v2/account', tokens[0] as string)).toMatchObject({ status: 200, again: false });
});

test('one header line less or more is another question', async () => {
  const tokens = await mint('sipgate', 8);
  await acquainted('/v2/account', tokens);
  expect((await ask('/v2/account', tokens[0] as string, { origin: 'http://localhost:1' })).again).toBe(false);
  expect((await ask('/v2/account?a=b', tokens[1] as string)).again).toBe(false);
  expect((await ask('/~other/v2/account', tokens[2] as string)).again).toBe(false);
  expect((await ask('/v2/account', tokens[3] as string)).again).toBe(true);
});

test('the time that its judge takes is the exchange’s too', async () => {
  const tokens = await mintElsewhere(3);
  await acquainted('/v2/account', tokens);
  crypto.onVerify = () => {
    for (const end = performance.now() + 30; performance.now() < end; );
    mock.clock.advance(1_000);
  };
  expect(await ask('/v2/account', tokens[0] as string)).toMatchObject({ status: 200, again: true });
  const [, , last] = mock.requests();
  expect(last?.milliseconds).toBeGreaterThan(29);
  expect(last?.time).toBe('2030-01-01T00:00:00.000Z');
});

test('a second Authorization line is no newcomer', async () => {
  const tokens = await mint('sipgate', 4);
  await acquainted('/v2/account', tokens);
  const status = await new Promise((resolve) => {
    const lines = ['Authorization', tokens[0] as string, 'Authorization', tokens[1] as string];
    const headers = [...lines, 'Host', new URL(mock.url).host];
    request(`${mock.url}/v2/account`, { headers }, (answer) => resolve(answer.resume().statusCode)).end();
  });
  expect(status).toBe(401);
});

test('nothing is remembered of newcomers with the fast path turned off', async () => {
  await mock.close();
  await start({ fastPath: false });
  for (const token of await mint('sipgate', 4)) expect((await ask('/v2/account', token)).again).toBe(false);
});

test('every operation that asks for a credential says to newcomers what the whole way says', {
  timeout: 60_000,
}, async () => {
  given.again = 0;
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 10, 1, 12) });
  const twins = await startTwins('every operation');
  try {
    await twins.align();
    const document = loadDocument() as unknown as { paths: Record<string, Record<string, { security?: object[] }>> };
    const paths = Object.entries(document.paths).filter(([, item]) => item.get?.security?.length);
    expect(paths.length).toBeGreaterThan(10);
    const tokens = { sipgate: [] as string[], sipsim: [] as string[] };
    for (let count = 0; count < 4; count += 1) {
      for (const provider of ['sipgate', 'sipsim'] as const) {
        tokens[provider].push(bearer((await twins.fast.mintToken(provider)).accessToken));
      }
    }
    await twins.align();
    for (const [template] of paths) {
      const path = template.replace('{clientId}', 'none').replace(/\{\w+\}/g, '1');
      for (const authorization of tokens[template.startsWith('/api/') ? 'sipsim' : 'sipgate']) {
        const [fast, whole] = await twins.ask('', { method: 'GET', path, headers: { authorization } });
        expect({ path, said: fast }).toEqual({ path, said: whole });
      }
    }
    expect(given.again).toBeGreaterThan(paths.length);
    expect(comparable(twins.fast)).toEqual(comparable(twins.plain));
  } finally {
    vi.useRealTimers();
    await twins.close();
  }
});
