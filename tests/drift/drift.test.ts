/** What `verify --diff` calls a change, and what it does not. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Verdict } from '../../contracts/check.ts';
import { type Drift, driftBetween, formatDrift, parseRun, type Recording, runMatrix } from '../../contracts/index.ts';
import type { Report, Row } from '../../contracts/report/report.ts';
import type { TracedExchange } from '../../contracts/trace.ts';
import { startMock } from '../../mock-server/index.ts';
import { fullReport, HOSTILE } from '../report/fixture.ts';
import { run } from '../support/command.ts';
import { targetOf } from '../support/mock-target.ts';

const folder = mkdtempSync(join(tmpdir(), 'sidetone-drift-'));
afterAll(() => rmSync(folder, { recursive: true }));

function written(name: string, content: unknown): string {
  const file = join(folder, name);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

const drift = (before: Report | Recording, after: Report | Recording): Drift =>
  driftBetween({ file: 'before.json', run: before }, { file: 'after.json', run: after });
const changes = (before: Report | Recording, after: Report | Recording) =>
  drift(before, after).changes.map(({ kind, subject, what, before: one, after: other }) => [
    kind,
    subject,
    what,
    one,
    other,
  ]);

/** A report whose first row is another one. */
function withFirst(change: (row: Row) => Row): Report {
  const report = fullReport();
  return { ...report, rows: report.rows.map((row, index) => (index === 0 ? change(row) : row)) };
}

function withAnswer(change: (response: NonNullable<TracedExchange['response']>) => object): Report {
  return withFirst((row) => {
    const { mock } = row.verdicts;
    const [exchange] = mock?.exchanges ?? [];
    if (!mock || !exchange?.response) return row;
    const changed = { ...exchange, response: { ...exchange.response, ...change(exchange.response) } };
    return { ...row, verdicts: { ...row.verdicts, mock: { ...mock, exchanges: [changed] } } };
  });
}

describe('between reports', () => {
  test('the same run has not drifted, nor has one at another time, of other data, on another port', () => {
    expect(drift(fullReport(), fullReport())).toMatchObject({ exitCode: 0, changes: [] });
    const later = withAnswer(() => ({ body: '{"company":"Others"}' }));
    expect(changes(fullReport(), later)).toEqual([]);
    const moved = JSON.parse(JSON.stringify(fullReport()).replaceAll('api.sipgate.com', '127.0.0.1:4011'));
    expect(changes(fullReport(), moved)).toEqual([]);
  });

  test('a verdict that changed is told with its side', () => {
    const failing = withFirst((row) => ({
      ...row,
      verdicts: {
        ...row.verdicts,
        real: { ...(row.verdicts.real as Verdict), outcome: 'failed' as const, reason: 'why' },
      },
    }));
    expect(drift(fullReport(), failing).changes).toEqual([
      { kind: 'verdict', subject: 'sipgate.BAS-01', side: 'real', what: 'why', before: 'passed', after: 'failed' },
    ]);
  });

  test('checks that are new or gone', () => {
    const fewer = { ...fullReport(), rows: fullReport().rows.slice(1) };
    expect(changes(fullReport(), fewer)).toEqual([['gone', 'sipgate.BAS-01', expect.any(String), 'pass/pass', '']]);
    expect(changes(fewer, fullReport())).toEqual([['new', 'sipgate.BAS-01', expect.any(String), '', 'pass/pass']]);
  });

  test.each<[string, Parameters<typeof withAnswer>[0], string[]]>([
    ['status', () => ({ status: 201 }), ['status', '200', '201']],
    ['header set', ({ headers }) => ({ headers: { ...headers, vary: 'x' } }), ['header vary', '(absent)', '(present)']],
    ['member names', () => ({ body: '{"name":"x"}' }), ['member /company', '<text>', '(absent)']],
    ['types', () => ({ body: '{"company":1}' }), ['type of /company', '<text>', '<number>']],
  ])('an answer with another %s', (_what, change, [what, before, after]) => {
    expect(changes(fullReport(), withAnswer(change))).toContainEqual([
      'answer',
      'sipgate.BAS-01',
      `GET /v2/account: ${what}`,
      before,
      after,
    ]);
  });

  test('an error code that changed', () => {
    const answer = (error: string) => withAnswer(() => ({ status: 400, body: JSON.stringify({ error }) }));
    expect(changes(answer('invalid_request'), answer('invalid_grant'))).toEqual([
      ['answer', 'sipgate.BAS-01', 'GET /v2/account: error code /error', 'invalid_request', 'invalid_grant'],
    ]);
  });

  test('coverage that changed, and none where one of them knows nothing of it', () => {
    const seen = fullReport();
    const cells = seen.coverage?.cells.map((cell) => (cell.status === '403' ? { ...cell, count: 2 } : cell)) ?? [];
    const more = { ...seen, coverage: { declared: 4, observed: 3, unreachable: 1, cells } };
    expect(changes(seen, more)).toEqual([['coverage', 'sipgate.getAccount', '403', 'not seen', 'seen']]);
    const { coverage: _, ...without } = seen;
    expect(changes(without as Report, more)).toEqual([]);
  });

  test('two runs of the fake have not drifted; one with another setting has, and every change is of that', async () => {
    const report = async (settings: object) => {
      await using mock = await startMock({ settings });
      return await runMatrix(
        { mock: targetOf(mock) },
        { only: ['sipgate.B*', 'sipgate.MTH*', 'sipsim.ACC*', 'sipsim.TOK*'] },
      );
    };
    const before = await report({});
    expect([before.failures, before.rows.length > 50]).toEqual([[], true]);
    expect(changes(before, await report({}))).toEqual([]);
    const found = drift(before, await report({ sipgate: { allowHeader: false } })).changes;
    expect(found.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['verdict', 'answer']));
    const answers = found.filter(({ kind }) => kind === 'answer');
    expect(new Set(answers.map(({ what }) => what.replace(/^.*: /, '')))).toEqual(new Set(['header allow']));
  });
});

describe('between recordings', () => {
  const exchange = (status: number, body: object, operation?: string) => ({
    ...{ provider: 'sipgate', operation: operation ?? null, answeredBy: 'real' },
    startedAt: '2026-01-01T00:00:00.000Z',
    milliseconds: 1,
    request: { method: 'GET', url: 'https://api.sipgate.com/v2/account', headers: {}, body: null },
    response: { status, headers: { 'Content-Type': ['application/json'] }, body: JSON.stringify(body) },
  });
  const recording = (...exchanges: object[]): Recording =>
    parseRun(JSON.stringify({ recordVersion: 1, kind: 'recording', startedAt: 'x', exchanges }), 'r.json') as Recording;
  const account = exchange(200, { company: 'a' }, 'sipgate.getAccount');

  test('more or fewer of the same answers are no change', () => {
    expect(changes(recording(account), recording(account, account, account))).toEqual([]);
  });

  test('an answer of a shape that was not there before is one, told against the most similar', () => {
    const wide = exchange(200, { company: 'a', extra: 1 }, 'sipgate.getAccount');
    const other = exchange(200, { company: 'a', extra: 'x' }, 'sipgate.getAccount');
    expect(changes(recording(account, wide), recording(account, wide))).toEqual([]);
    expect(changes(recording(account, wide), recording(other))).toEqual([
      ['answer', 'sipgate.getAccount', 'GET /v2/account: type of /extra', '<number>', '<text>'],
    ]);
  });

  test('statuses, and operations that only one of them asked', () => {
    const refused = exchange(401, {}, 'sipgate.getAccount');
    const unknown = exchange(404, {});
    expect(changes(recording(account), recording(account, refused, unknown))).toEqual([
      ['answer', 'sipgate.getAccount', 'statuses', '200', '200, 401'],
      ['new', 'GET /v2/account', 'asked', '', '1 times'],
    ]);
  });
});

describe('the command', () => {
  const earlier = () => written('before.json', fullReport());
  const drifted = () =>
    written(
      'after.json',
      withAnswer(() => ({ status: 500 })),
    );

  test('ends with 0 where nothing has changed, with 1 and the changes where something has', async () => {
    const same = await run(['verify', '--diff', earlier(), earlier()]);
    expect([same.code, same.stdout]).toEqual([0, expect.stringMatching(/no drift\n$/)]);
    const { code, stdout } = await run(['verify', '--diff', earlier(), drifted()]);
    expect([code, stdout]).toEqual([1, expect.stringMatching(/drift: 1 change\n$/)]);
    expect(stdout).toContain('sipgate.BAS-01 (mock)  GET /v2/account: status: 200 -> 500');
  });

  test('writes JSON, Markdown and a page, and Markdown to the step summary of a CI', async () => {
    const args = ['verify', '--diff', earlier(), drifted(), '--report-dir', folder, '--report'];
    expect((await run([...args, 'json,markdown,html'])).code).toBe(1);
    const read = (name: string) => readFileSync(join(folder, name), 'utf8');
    expect(JSON.parse(read('sidetone-drift.json'))).toMatchObject({
      driftVersion: 1,
      exitCode: 1,
      changes: [{ kind: 'answer' }],
    });
    expect(read('sidetone-drift.md')).toContain('| <code>200</code> | <code>500</code> |');
    expect(read('sidetone-drift.html')).toContain('<h1>Drift: 1 change</h1>');
    const summary = written('summary.md', 'before\n');
    await run([...args, 'markdown'], { GITHUB_STEP_SUMMARY: summary });
    expect(readFileSync(summary, 'utf8')).toMatch(/^before\n## ❌ sidetone verify --diff: drift: 1 change\n/);
  });

  test.each<[string, unknown, string]>([
    ['no JSON', '<html>', 'it is no JSON object'],
    ['an older report', { reportVersion: 1, verdicts: [] }, '"reportVersion" is 1, not 2'],
    ['something else', { hello: 1 }, '"reportVersion" is missing'],
    ['a report without rows', { reportVersion: 2, sides: [] }, '"rows" is no list'],
    [
      'a broken row',
      { reportVersion: 2, sides: [], rows: [{ check: { id: 'a' }, verdicts: { mock: {} } }] },
      '"rows[0].verdicts.mock.outcome" is no text',
    ],
    ['a newer recording', { recordVersion: 2 }, '"recordVersion" is 2, not 1'],
    [
      'a broken recording',
      { recordVersion: 1, kind: 'recording', exchanges: [{ request: { method: 'GET', url: 'x' } }] },
      '"exchanges[0].request.url" is no URL',
    ],
    ['a recording beside a report', { recordVersion: 1, kind: 'recording', exchanges: [] }, 'is a recording and'],
  ])('refuses %s with 2, names the file and what was expected', async (_what, content, problem) => {
    const file = written('unreadable.json', content);
    const { code, stdout, stderr } = await run(['verify', '--diff', earlier(), file]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(file);
    expect(stderr).toContain(problem);
    expect(stderr).toContain('expected');
  });

  test('refuses one file, three, a missing one and a kind of report that there is not', async () => {
    expect(await run(['verify', '--diff', earlier()])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('takes two files'),
    });
    const missing = await run(['verify', '--diff', earlier(), join(folder, 'nowhere.json')]);
    expect(missing).toMatchObject({ code: 2, stderr: expect.stringContaining('nowhere.json": ENOENT') });
    const kind = await run(['verify', '--diff', earlier(), earlier(), '--report', 'sarif']);
    expect(kind).toMatchObject({ code: 2, stderr: expect.stringContaining('"sarif" is none of json, markdown, html') });
  });
});

test('text of servers obeys nobody in a drift either', () => {
  const evil = withFirst((row) => ({
    ...row,
    verdicts: {
      ...row.verdicts,
      mock: { ...(row.verdicts.mock as Verdict), outcome: 'failed' as const, reason: HOSTILE },
    },
  }));
  const text = formatDrift(drift(fullReport(), evil));
  expect(text).not.toContain('\u001b');
  expect(text.split('\n').filter((line) => line.startsWith('::'))).toEqual([]);
});
