/** How many requests a run sends, how fast, and how long it waits if it is asked to. */
import { describe, expect, test } from 'vitest';
import { runChecks } from '../../contracts/index.ts';
import { noted } from '../../contracts/safety/notes.ts';
import { BudgetExceeded, createPace } from '../../contracts/safety/pace.ts';
import { patiently, retryAfter } from '../../contracts/safety/retry-after.ts';
import { untilGone } from '../../contracts/safety/until-gone.ts';
import { startMock } from '../../mock-server/index.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { remoteOf } from '../support/remote.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const reply = (status: number, headers: Record<string, string> = {}) => ({
  request: { method: 'GET', url: 'http://api.example/', headers: {} },
  status,
  headers,
  text: '',
  json: () => ({}),
});

describe('the pace', () => {
  test('keeps the rate, however many ask at the same time', async () => {
    const clock = createFakeClock();
    const pace = createPace({ maxRequests: 100, maxRate: 4, clock });
    const turns: number[] = [];
    for (let turn = 0; turn < 5; turn += 1) {
      await pace.turn();
      turns.push(clock.now() - NOW);
    }
    expect(turns).toEqual([0, 250, 500, 750, 1_000]);
  });

  test('ends with the budget, less what is kept for later', async () => {
    const pace = createPace({ maxRequests: 3 });
    pace.reserve(1);
    await pace.turn();
    await pace.turn();
    await expect(pace.turn()).rejects.toThrow(new BudgetExceeded('the budget of 3 requests is spent'));
    pace.reserve(-1);
    await pace.turn();
    await expect(pace.turn()).rejects.toThrow(BudgetExceeded);
    expect(pace.count()).toBe(3);
  });
});

describe('Retry-After', () => {
  test.each<[string, number, Record<string, string>, number | undefined]>([
    ['seconds', 429, { 'retry-after': '7' }, 7_000],
    [
      'a date, by the clock of who said it',
      503,
      { 'retry-after': 'Thu, 01 Jan 2026 10:00:05 GMT', date: 'Thu, 01 Jan 2026 10:00:00 GMT' },
      5_000,
    ],
    ['a date alone', 503, { 'retry-after': 'Thu, 01 Jan 2026 00:00:09 GMT' }, 9_000],
    ['a date that is over', 503, { 'retry-after': 'Thu, 01 Jan 2025 00:00:00 GMT' }, 0],
    ['no form that there is', 429, { 'retry-after': 'soon' }, undefined],
    ['none', 429, {}, undefined],
    ['of a status that is no refusal', 200, { 'retry-after': '7' }, undefined],
  ])('%s', (_what, status, headers, milliseconds) => {
    expect(retryAfter(reply(status, headers), NOW)).toBe(milliseconds);
  });

  test('is waited for, each further request being a turn, and told', async () => {
    const clock = createFakeClock();
    const answers = [reply(429, { 'retry-after': '2' }), reply(503, { 'retry-after': '0' }), reply(503)];
    const notes: string[] = [];
    let turns = 0;
    const turn = async () => {
      turns += 1;
    };
    const last = await noted(notes, () => patiently(async () => answers.shift() ?? reply(200), turn, { clock }));
    // Without the header it is an answer like any other: no assertion is retried.
    expect([last.status, turns, clock.sleeps]).toEqual([503, 2, [2_000, 1_000]]);
    expect(notes).toEqual(['waited 2 s, as a 429 asked', 'waited 1 s, as a 503 asked']);
  });

  test('is not waited for beyond what is good', async () => {
    const clock = createFakeClock();
    const asked = patiently(
      async () => reply(429, { 'retry-after': '3600' }),
      async () => {},
      { clock },
    );
    await expect(asked).rejects.toThrow(
      new BudgetExceeded('the target answers 429 and asks to wait 3600 s; a request waits 60 s at the most'),
    );
    expect(clock.sleeps).toEqual([]);
  });

  test('in a run: the check is passed all the same, the waiting counts against the budget', async () => {
    await using mock = await startMock();
    let refusals = 2;
    const { target, options, asked, clock } = remoteOf(mock, ({ url = '' }, response) => {
      if (!url.startsWith('/v2/account') || refusals-- <= 0) return false;
      response.writeHead(429, { 'retry-after': '3' }).end();
      return true;
    });
    const result = await runChecks(target, { ...options, only: ['sipgate.ACC-01'] });
    expect(result.verdicts.map(({ outcome }) => outcome)).toEqual(['passed']);
    expect(result.requests).toBe(asked.length);
    expect(clock.sleeps.filter((pause) => pause >= 1_000)).toEqual([3_000, 3_000]);
  });

  test('in a run that may not wait so long: no verdict, and so none that is green', async () => {
    await using mock = await startMock();
    let canaries = 2;
    const { target, options } = remoteOf(mock, ({ url = '' }, response) => {
      if (!url.startsWith('/v2/account') || canaries-- > 0) return false;
      response.writeHead(503, { 'retry-after': '600' }).end();
      return true;
    });
    const result = await runChecks(target, { ...options, only: ['sipgate.ACC-01'] });
    expect(result.verdicts).toMatchObject([{ outcome: 'not-run', cause: 'budget' }]);
    expect(result.problems.join()).toContain('asks to wait 600 s');
  });
});

describe('what was accepted for deletion', () => {
  test('is asked for until it is gone, and how long that took is told', async () => {
    const clock = createFakeClock();
    const notes: string[] = [];
    const statuses = [200, 200, 200];
    const gone = await noted(notes, () =>
      untilGone('the client', async () => reply(statuses.shift() ?? 404), { clock, deadline: 30_000 }),
    );
    expect(gone.status).toBe(404);
    expect(notes).toEqual(['the client was gone after 1.8 s']);
  });

  test('has to be gone by the deadline', async () => {
    const clock = createFakeClock();
    const asked = untilGone('the client', async () => reply(200), { clock, deadline: 10_000 });
    await expect(asked).rejects.toThrow('expected the client to be gone 10 s after its deletion was accepted');
    expect(clock.now() - NOW).toBeLessThanOrEqual(10_000);
  });
});

test('off loopback a run sends ten requests a second unless it is told otherwise', async () => {
  await using mock = await startMock();
  for (const [maxRate, pause] of [
    [undefined, 100],
    [2, 500],
  ] as const) {
    const { target, options, clock, asked } = remoteOf(mock);
    await runChecks(target, { ...options, only: ['sipgate.ACC-*'], ...(maxRate && { maxRate }) });
    expect(new Set(clock.sleeps)).toEqual(new Set([pause]));
    expect(clock.now() - NOW).toBe((asked.length - 1) * pause);
  }
});
