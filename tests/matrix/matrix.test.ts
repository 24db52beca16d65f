/** One suite, two sides, one row for each check: fakes with other settings or a defect stand for the real API. */
import { afterEach, describe, expect, test } from 'vitest';
import {
  checks,
  createReport,
  type Defect,
  type Report,
  type RunResult,
  runMatrix,
  startBrokenServer,
  type Verdict,
} from '../../contracts/index.ts';
import { type Mock, type MockOptions, startMock } from '../../mock-server/index.ts';
import { targetOf } from '../support/mock-target.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function fake(options: MockOptions = {}): Promise<Mock> {
  const mock = await startMock(options);
  open.push(mock);
  return mock;
}

/** A fake with a defect. */
async function broken(defect: Pick<Defect, 'request' | 'instead' | 'answer'>) {
  const mock = await fake();
  const server = await startBrokenServer(mock.url, defect);
  open.push(server);
  return { ...targetOf(mock, server.url), name: 'broken' };
}

const real = (mock: Mock) => ({ ...targetOf(mock), name: 'elsewhere' });
const rowOf = ({ rows }: Report, id: string) => rows.find(({ check }) => check.id === id);

const ALLOW = 'sipgate.MTH-safe-getAccount';
const CHALLENGE = 'sipgate.BAS-02b';

test('two that do the same are verified, row by row', async () => {
  const report = await runMatrix(
    { mock: targetOf(await fake()), real: real(await fake()) },
    { only: ['sipgate.B*', 'sipsim.ACC*', 'sipgate.OAS-getAccount'] },
  );
  expect(report).toMatchObject({ exitCode: 0, failures: [], target: 'mock and elsewhere' });
  expect(report.sides.map(({ role, name }) => `${role} ${name}`)).toEqual(['mock mock', 'real elsewhere']);
  expect(report.rows.length).toBeGreaterThan(20);
  for (const row of report.rows) {
    expect({ id: row.check.id, result: row.result, difference: row.difference, blame: row.blame }).toEqual({
      id: row.check.id,
      result: 'pass/pass',
      difference: [],
      blame: undefined,
    });
  }
});

describe('the real API has no challenges, though a standard demands them', () => {
  const without: MockOptions = { settings: { sipgate: { wwwAuthenticate: false } } };
  const run = async (mock: MockOptions, other: MockOptions) => {
    const targets = { mock: targetOf(await fake(mock)), real: real(await fake(other)) };
    const report = await runMatrix(targets, { only: [CHALLENGE] });
    return { report, row: rowOf(report, CHALLENGE) };
  };

  test('pass/fail is its own deviation, with the difference', async () => {
    const { report, row } = await run({}, without);
    expect(row).toMatchObject({ result: 'pass/fail', blame: 'real', because: 'RFC 7617 §2 demands it: MUST.' });
    expect(row?.difference).toContainEqual(
      expect.objectContaining({ kind: 'headers', where: 'www-authenticate', real: '(absent)' }),
    );
    expect([report.exitCode, report.failures]).toEqual([1, ['1 check failed']]);
  });

  test('fail/pass is the fault of the fake', async () => {
    expect((await run(without, {})).row).toMatchObject({ result: 'fail/pass', blame: 'fake' });
  });

  test('fail/fail is reproduced by the fake', async () => {
    const { row } = await run(without, without);
    expect(row).toMatchObject({ result: 'fail/fail', blame: 'real', difference: [] });
    expect(row?.because).toContain('The fake reproduces the deviation.');
  });
});

test('what the fake only assumed, and the real API does not do, is the fault of the fake', async () => {
  const other = await fake({ settings: { sipgate: { allowHeader: false } } });
  const report = await runMatrix({ mock: targetOf(await fake()), real: real(other) }, { only: [ALLOW] });
  expect(rowOf(report, ALLOW)).toMatchObject({ result: 'pass/fail', blame: 'fake' });
  expect(rowOf(report, ALLOW)?.difference[0]).toMatchObject({ kind: 'headers', where: 'allow', real: '(absent)' });
});

test('an answer that the document does not declare is a gap in it, with the change that closes it', async () => {
  const teapot = await broken({
    answer: (answer) => {
      if (answer.status === 403) Object.assign(answer, { status: 418, body: '{"short":["stout"]}' });
      answer.headers['content-type'] = 'application/json';
    },
  });
  const report = await runMatrix(
    { mock: targetOf(await fake()), real: teapot },
    { only: ['sipgate.SCP-none-getAccount', 'sipgate.SCP-without-getAccount', 'sipgate.OAS-getAccount'] },
  );
  const row = rowOf(report, 'sipgate.OAS-getAccount');
  expect(row).toMatchObject({ result: 'pass/fail', blame: 'document' });
  expect(row?.because).toContain('status 418');
  expect(row?.proposedPatch).toEqual({
    responses: {
      418: {
        description: 'Seen at broken',
        'x-evidence': { class: 'observed', source: 'seen at broken' },
        content: {
          'application/json': {
            schema: {
              type: 'object',
              required: ['short'],
              properties: { short: { type: 'array', items: { type: 'string' } } },
            },
          },
        },
      },
    },
  });
});

test('a side that cannot be asked leaves nothing to compare', async () => {
  const report = await runMatrix(
    { mock: targetOf(await fake()), real: { ...real(await fake()), sipgate: undefined } as never },
    { only: ['sipgate.BAS*'] },
  );
  expect(report.exitCode).toBe(3);
  expect(report.sides[1]).toMatchObject({ trusted: false, requests: 0 });
  expect(new Set(report.rows.map(({ result }) => result))).toEqual(new Set(['not testable']));
});

test('a failure of the mock counts where the real side may not be asked', () => {
  const [check] = checks;
  if (!check) throw new Error('no checks');
  const result = (target: string, verdict: Partial<Verdict>): RunResult => ({
    target,
    verdicts: [{ check, outcome: 'passed', requests: 0, milliseconds: 0, exchanges: [], ...verdict }],
    trusted: true,
    leftovers: [],
    problems: [],
    requests: 0,
    startedAt: '2026-01-01T00:00:00.000Z',
    milliseconds: 0,
    secrets: {},
  });
  const report = createReport({
    mock: result('mock', { outcome: 'failed', reason: 'expected status 401' }),
    real: result('real', { outcome: 'not-run', cause: 'policy', reason: 'moves time' }),
  });
  expect(report.rows).toMatchObject([{ result: 'not testable', blame: 'fake' }]);
  expect(report.exitCode).toBe(1);
});

test('one side alone is a matrix of one column', async () => {
  const report = await runMatrix({ mock: targetOf(await fake()) }, { only: [ALLOW, CHALLENGE] });
  expect(report.rows.map(({ result }) => result)).toEqual(['pass', 'pass']);
  expect(report.exitCode).toBe(0);
});

test('nobody to ask is a mistake of the caller', async () => {
  await expect(runMatrix({})).rejects.toThrow('runMatrix needs a target');
});
