/** When each check last passed, and whether that is long ago. */
import { describe, expect, test } from 'vitest';
import {
  checks,
  createReport,
  type FreshnessLedger,
  lastPassedOf,
  type RunResult,
  shippedLedger,
  type Verdict,
  withRun,
} from '../../contracts/index.ts';

const known = new Set(checks.map(({ id }) => id));
const DAY = 86_400_000;
const check = checks.find(({ id }) => id === 'sipgate.BAS-02a') as (typeof checks)[number];
const onlyMock = checks.find(({ risk }) => risk === 'mock-only') as (typeof checks)[number];

const result = (target: string, outcome: Verdict['outcome'], of = check): RunResult => ({
  target,
  verdicts: [{ check: of, outcome, requests: 1, milliseconds: 1, exchanges: [] }],
  trusted: true,
  leftovers: [],
  problems: [],
  requests: 1,
  startedAt: '2026-01-01T00:00:00.000Z',
  milliseconds: 1,
  secrets: {},
});

const ledger: FreshnessLedger = {
  entries: [
    { target: 'mock', kind: 'mock', how: 'passed', version: '1', date: '2026-08-01', checks: [check.id] },
    { target: 'Keycloak 26', kind: 'engine', how: 'compared', version: '1', date: '2026-07-01', checks: [check.id] },
    { target: 'real', kind: 'real', how: 'passed', version: '1', date: '2026-06-01', checks: [check.id] },
    { target: 'real', kind: 'real', how: 'passed', version: '2', date: '2026-06-15', checks: [check.id] },
  ],
};

describe('what comes with the package', () => {
  test('names checks that there are; else run: npm run freshness', () => {
    const named = shippedLedger.entries.flatMap(({ checks: ids }) => ids);
    expect(named.length).toBeGreaterThan(1_000);
    expect(named.filter((id) => !known.has(id))).toEqual([]);
  });

  test('says of an engine that checks were compared with it, not that it passed them', () => {
    const engines = shippedLedger.entries.filter(({ kind }) => kind === 'engine');
    expect(engines.map(({ target, how }) => `${target} ${how}`)).toEqual([
      'Keycloak 26.7.1 compared',
      'Doorkeeper 5.5.0 compared',
    ]);
    const [keycloak, doorkeeper] = engines.map(({ checks: ids }) => ids);
    // Neither of them has sipgate's or SIPSIM's own API.
    expect(
      keycloak?.filter((id) => /\.(?:CLI|ACC)-|getAccount|getClients/.test(id) || !id.startsWith('sipgate.')),
    ).toEqual([]);
    expect(doorkeeper?.filter((id) => /\.(?:TAG|CAL|PHN)-/.test(id) || !id.startsWith('sipsim.'))).toEqual([]);
  });
});

test('of each target the last day counts, the latest target first', () => {
  expect(lastPassedOf(check.id, ledger).map(({ target, date }) => `${target} ${date}`)).toEqual([
    'mock 2026-08-01',
    'Keycloak 26 2026-07-01',
    'real 2026-06-15',
  ]);
  expect(lastPassedOf('sipgate.NO-01', ledger)).toEqual([]);
});

test('a run adds what it passed, and takes the days before away', () => {
  const report = createReport({ real: result('real', 'passed') }, { freshness: { entries: [] }, today: '2026-09-01' });
  const after = withRun(ledger, report, '2026-09-01');
  expect(after.entries.map(({ target, date }) => `${target} ${date}`)).toEqual([
    'mock 2026-08-01',
    'Keycloak 26 2026-07-01',
    'real 2026-09-01',
  ]);
  const failed = createReport({ real: result('real', 'failed') }, { freshness: { entries: [] } });
  expect(withRun(ledger, failed, '2026-09-01')).toEqual(ledger);
});

describe('a gate of age', () => {
  const run = (sides: Parameters<typeof createReport>[0], today: string, freshness = ledger) =>
    createReport(sides, { freshness, today, maxAge: 30 * DAY });
  const passedOnMock = { mock: result('mock', 'passed') };

  test('is passed on the last day, and closed a day later; the mock does not open it', () => {
    expect(run(passedOnMock, '2026-07-31')).toMatchObject({ exitCode: 0, failures: [] });
    expect(run(passedOnMock, '2026-08-01')).toMatchObject({
      exitCode: 1,
      failures: ['not fresh: of 1 checks 1 last passed on a real target more than 30 days ago, 0 never'],
    });
  });

  test('is opened by the run itself, where a real target is asked', () => {
    const sides = { ...passedOnMock, real: result('real', 'passed') };
    expect(run(sides, '2027-01-01')).toMatchObject({ exitCode: 0 });
  });

  test('is closed to what never passed, but not to what only the fake can be asked', () => {
    expect(run(passedOnMock, '2026-07-31', { entries: [] }).failures).toEqual([
      'not fresh: of 1 checks 0 last passed on a real target more than 30 days ago, 1 never',
    ]);
    expect(run({ mock: result('mock', 'passed', onlyMock) }, '2026-07-31', { entries: [] }).exitCode).toBe(0);
  });

  test('is none where nobody asks for it', () => {
    expect(createReport(passedOnMock, { freshness: { entries: [] } }).exitCode).toBe(0);
  });
});
