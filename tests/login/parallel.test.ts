/** One code, one refresh token, many callers at the same time, in memory and in lockstep. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Mock, type MockOptions, startMock } from '../../mock-server/index.ts';
import { accountStatus, codeFor, exchange, outcome, pkce, refresh, tokensFor } from './flow.ts';
import { createLockstepStore } from './lockstep-store.ts';
import { createVisitor } from './visitor.ts';

const CALLERS = 200;
const many = <T>(act: (index: number) => Promise<T>) => Promise.all(Array.from({ length: CALLERS }, (_, i) => act(i)));

const STORES: [string, MockOptions][] = [
  ['in memory', {}],
  ['in lockstep', { store: (now) => createLockstepStore(now, 1) }],
];

describe.each(STORES)('%s', (_name, options) => {
  let mock: Mock;
  beforeAll(async () => {
    mock = await startMock(options);
  });
  beforeEach(() => mock.reset());
  afterAll(() => mock.close());

  test('200 parallel exchanges of one code give exactly one success, whose tokens the replays end', async () => {
    const code = await codeFor(mock);
    const answers = await many(() => exchange(mock, code));
    const winners = answers.filter(({ status }) => status === 200);
    expect(winners).toHaveLength(1);
    const losers = new Set(answers.filter(({ status }) => status !== 200).map((answer) => outcome(answer).join(' | ')));
    expect([...losers]).toEqual(['400 | invalid_grant | Code not valid']);
    expect(await accountStatus(mock, winners[0]?.body.access_token)).toBe(401);
    expect(outcome(await refresh(mock, winners[0]?.body.refresh_token))).toEqual([
      400,
      'invalid_grant',
      "Session doesn't have required client",
    ]);
  });

  test('of right and wrong exchanges of one code one succeeds at the most, and a right one', async () => {
    const { verifier, challenge } = pkce();
    const code = await codeFor(mock, { code_challenge: challenge, code_challenge_method: 'S256' });
    const wrong = pkce().verifier;
    const answers = await many((index) => exchange(mock, code, { code_verifier: index % 2 === 0 ? verifier : wrong }));
    const successes = answers.flatMap(({ status }, index) => (status === 200 ? [index] : []));
    expect(successes.length).toBeLessThanOrEqual(1);
    expect(successes.filter((index) => index % 2 === 1)).toEqual([]);
    expect(new Set(answers.filter(({ status }) => status !== 200).map(({ body }) => body.error))).toEqual(
      new Set(['invalid_grant']),
    );
  });

  test('200 parallel refreshes of one token leave at most one living lineage', async () => {
    const { refresh_token: token } = await tokensFor(mock, { scope: 'openid account:read' });
    const answers = await many(() => refresh(mock, token));
    const winners = answers.filter(({ status }) => status === 200);
    expect(winners).toHaveLength(1);
    expect(new Set(answers.filter(({ status }) => status !== 200).map(({ body }) => body.error))).toEqual(
      new Set(['invalid_grant']),
    );
    const next = await refresh(mock, winners[0]?.body.refresh_token);
    const living = [next, await refresh(mock, token)].filter(({ status }) => status === 200);
    expect(living.length).toBeLessThanOrEqual(1);
  });

  test('refreshes and a logout at the same time leave no token alive', async () => {
    const visitor = createVisitor();
    const tokens = await tokensFor(mock, { scope: 'openid account:read' }, visitor);
    const hint = new URLSearchParams({ id_token_hint: String(tokens.id_token) });
    const answers = await Promise.all([
      ...Array.from({ length: 20 }, () => refresh(mock, tokens.refresh_token)),
      visitor.open(`${mock.sipgate.tokenUrl.replace(/token$/, 'logout')}?${hint}`),
    ]);
    for (const answer of [{ body: tokens }, ...answers]) {
      if (!('body' in answer) || answer.body.access_token === undefined) continue;
      expect(await accountStatus(mock, answer.body.access_token)).toBe(401);
      expect((await refresh(mock, answer.body.refresh_token)).status).toBe(400);
    }
  });

  test('20 logins refreshed at the same time are 20 lineages', async () => {
    const tokens = [];
    for (let index = 0; index < 20; index += 1) tokens.push(await tokensFor(mock));
    const answers = await Promise.all(tokens.map(({ refresh_token: token }) => refresh(mock, token)));
    expect(answers.map(({ status }) => status)).toEqual(tokens.map(() => 200));
    expect(new Set(answers.map(({ body }) => body.session_state)).size).toBe(tokens.length);
  });
});
