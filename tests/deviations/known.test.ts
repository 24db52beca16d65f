/** What is known to fail fails the run no more, but for as long and in the way that the file says. */
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  checkDeviations,
  checks,
  createReport,
  type Deviation,
  type RunResult,
  updateDeviations,
  type Verdict,
} from '../../contracts/index.ts';

const ID = 'sipgate.BAS-02b';
const check = checks.find(({ id }) => id === ID) as (typeof checks)[number];
const TODAY = '2026-08-01';
const HEADER = 'GET /v2/account -> 401: expected the header WWW-Authenticate';

const known = (change: Partial<Deviation> = {}): Deviation => ({
  check: ID,
  operation: 'sipgate.getAccount',
  target: 'real',
  instead: { status: 401, failure: HEADER },
  class: 'real',
  reason: 'the gateway drops it',
  ticket: 'TEL-1',
  firstSeen: '2026-06-01',
  expires: '2026-09-01',
  mockReproduces: false,
  ...change,
});

const verdict = (reason?: string, status = 401): Verdict => ({
  check,
  outcome: reason === undefined ? 'passed' : 'failed',
  ...(reason !== undefined && { reason }),
  requests: 1,
  milliseconds: 1,
  exchanges: [
    {
      startedAt: '2026-01-01T00:00:00.000Z',
      milliseconds: 1,
      operation: 'sipgate.getAccount',
      request: { method: 'GET', url: 'http://a.example/v2/account', headers: {} },
      response: { status, headers: {}, body: '' },
    },
  ],
});

const result = (target: string, ...verdicts: Verdict[]): RunResult => ({
  target,
  verdicts,
  trusted: true,
  leftovers: [],
  problems: [],
  requests: 1,
  startedAt: '2026-01-01T00:00:00.000Z',
  milliseconds: 1,
  secrets: {},
});

const passed = verdict();
const failed = verdict(HEADER);
const notRun: Verdict = { ...passed, outcome: 'not-run', cause: 'policy', reason: 'not allowed', exchanges: [] };

const report = (sides: { mock?: Verdict; real?: Verdict }, ...deviations: Deviation[]) =>
  createReport(
    {
      ...(sides.mock && { mock: result('mock', sides.mock) }),
      ...(sides.real && { real: result('https://api.example', sides.real) }),
    },
    { deviations, today: TODAY },
  );

const reproduced = known({ mockReproduces: true });

describe('an entry about the real side', () => {
  test.each<[string, { mock?: Verdict; real?: Verdict }, Deviation, string | undefined, number]>([
    ['fails as it says', { mock: passed, real: failed }, known(), 'known', 0],
    ['fails as it says, on the last day', { real: failed }, known({ expires: TODAY }), 'known', 0],
    ['is meant by its URL', { real: failed }, known({ target: 'https://api.example' }), 'known', 0],
    ['is said with a pattern', { real: failed }, known({ instead: { failure: 'GET /v2/* header WWW-*' } }), 'known', 0],
    ['fails no more', { mock: passed, real: passed }, known(), 'stale', 1],
    ['has expired', { real: failed }, known({ expires: '2026-07-31' }), 'expired', 1],
    ['has expired, and fails no more', { real: passed }, known({ expires: '2026-07-31' }), 'stale', 1],
    ['fails with another status', { real: verdict(HEADER, 403) }, known(), 'new', 1],
    ['fails with another sentence', { real: verdict('GET /v2/account -> 401: no realm') }, known(), 'new', 1],
    ['fails on the mock too, which it denies', { mock: failed, real: failed }, known(), 'new', 1],
    ['is about another target', { real: failed }, known({ target: 'https://other.example' }), undefined, 1],
    ['is reproduced by the mock', { mock: failed, real: failed }, reproduced, 'known', 0],
    ['is reproduced by the mock, asked alone', { mock: failed }, reproduced, 'known', 0],
    ['is reproduced otherwise', { mock: verdict(HEADER, 403), real: failed }, reproduced, 'new', 1],
    ['is not reproduced by the mock', { mock: passed, real: failed }, reproduced, 'not reproduced', 1],
    ['is reproduced, but fails no more', { mock: failed, real: passed }, reproduced, 'stale', 1],
    ['is not asked of the real side', { mock: passed, real: notRun }, known(), undefined, 3],
    ['is not asked at all', { mock: passed }, known(), undefined, 0],
  ])('%s', (_what, sides, deviation, state, exitCode) => {
    const { rows, exitCode: code } = report(sides, deviation);
    expect([rows[0]?.deviation?.state, code]).toEqual([state, exitCode]);
  });
});

test('each side may have an entry of its own', () => {
  const both = { mock: verdict(HEADER, 403), real: failed };
  const ofMock = known({ target: 'mock', instead: { status: 403, failure: HEADER } });
  expect(report(both, known(), ofMock)).toMatchObject({ exitCode: 0, rows: [{ deviation: { state: 'known' } }] });
  expect(report({ ...both, mock: failed }, known(), ofMock)).toMatchObject({
    exitCode: 1,
    rows: [{ deviation: { state: 'new' } }],
  });
});

test('ids, times and secrets in a failure are any', () => {
  const text = (id: string, label: string) => `GET /x -> 200: got "${id}" and ${label} at 2026-01-01T00:00:00.000Z`;
  const instead = {
    status: 200,
    failure: text('<id>', '<secret>').replace(/\d{4}-.*Z/, '<time>'),
  };
  const seen = verdict(text('6b9a8e90-3ad6-4e0a-9c7e-5d1f7a3b2c10', '<secret:r17>'), 200);
  expect(report({ real: seen }, known({ instead })).exitCode).toBe(0);
});

test('what is stale, expired or not reproduced is said by name', () => {
  expect(report({ real: passed }, known()).failures).toEqual([`known deviations that fail no more: ${ID}`]);
  expect(report({ real: failed }, known({ expires: '2026-07-31' })).failures).toEqual([
    `known deviations that have expired: ${ID}`,
  ]);
  expect(report({ mock: passed, real: failed }, reproduced).failures).toEqual([
    `known deviations that the mock does not reproduce: ${ID}`,
  ]);
});

describe('an update', () => {
  const file = (text: string) => ({
    value: (parse(text) as object) ?? null,
    place: (member: unknown[]) => member.join('.'),
  });

  test('writes what was seen, and leaves the reason to people: the file is refused until then', () => {
    const { text, added } = updateDeviations('# ours\ndeviations: []\n', report({ mock: passed, real: failed }), TODAY);
    expect(added).toEqual([ID]);
    expect(text).toBe(`# ours
deviations:
  - check: ${ID}
    operation: sipgate.getAccount
    target: real
    instead:
      status: 401
      failure: "${HEADER}"
    class: real
    reason: # why is this right? until that is said, the file is refused
    firstSeen: ${TODAY}
    expires: 2026-10-30
    mockReproduces: false
`);
    expect(() => checkDeviations(file(text), checks)).toThrow('deviations.0.reason is missing');
    const reasoned = text.replace(
      'reason: # why is this right? until that is said, the file is refused',
      'reason: so it is',
    );
    expect(report({ mock: passed, real: failed }, ...checkDeviations(file(reasoned), checks)).exitCode).toBe(0);
  });

  test('takes away what fails no more, and keeps the rest with its comments', () => {
    const first = report({ real: failed });
    const { text } = updateDeviations('', first, TODAY);
    const commented = text.replace('deviations:\n', 'deviations:\n  # a comment\n');
    const [entry] = [known()];
    const stale = updateDeviations(commented, report({ real: passed }, entry as Deviation), TODAY);
    expect([stale.removed, stale.text]).toEqual([[ID], expect.stringContaining('deviations:')]);
    expect(stale.text).not.toContain(ID);
  });

  test('what fails in another way loses the reason that was given for the first', () => {
    const { text } = updateDeviations('', report({ real: failed }), TODAY);
    const reasoned = text.replace(/reason: .*/, 'reason: the gateway drops it');
    const entries = checkDeviations(file(reasoned), checks);
    const other = updateDeviations(reasoned, report({ real: verdict(HEADER, 403) }, ...entries), TODAY);
    expect(other.changed).toEqual([ID]);
    expect(other.text).toContain('status: 403');
    expect(other.text).toMatch(/reason: # the gateway drops it -- that was said of another failure/);
    expect(() => checkDeviations(file(other.text), checks)).toThrow('reason is missing');
  });

  test('what is known, expired or the harness’s own stays as it is', () => {
    const text = updateDeviations('', report({ real: failed }), TODAY).text.replace(/reason: .*/, 'reason: so it is');
    const entries = checkDeviations(file(text), checks);
    expect(updateDeviations(text, report({ real: failed }, ...entries), TODAY).text).toBe(text);
    const late = report({ real: failed }, ...entries.map((entry) => ({ ...entry, expires: '2026-07-31' })));
    expect(updateDeviations(text, late, TODAY).text).toBe(text);
    const prerequisite = report({ real: verdict('prerequisite: no token') });
    expect(updateDeviations(text, prerequisite, TODAY)).toMatchObject({ added: [], removed: [] });
  });

  test('both sides that fail alike are one entry, which the mock reproduces', () => {
    const { text } = updateDeviations('', report({ mock: failed, real: failed }), TODAY);
    expect(text.match(/- check/g)).toHaveLength(1);
    expect(text).toContain('mockReproduces: true');
  });
});
