/** Every kind of report, of a run in which everything occurs: valid by its own published schema, and safe to look at. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv, type AnySchemaObject } from 'ajv';
import addFormats from 'ajv-formats';
import { isValid, validate } from 'ctrf';
import { describe, expect, test } from 'vitest';
import { formatAnnotations } from '../../contracts/report/annotations.ts';
import { formatCtrf } from '../../contracts/report/ctrf.ts';
import { formatHar } from '../../contracts/report/har.ts';
import { formatJson } from '../../contracts/report/json.ts';
import { formatJunit } from '../../contracts/report/junit.ts';
import { operationLines } from '../../contracts/report/operation-lines.ts';
import type { Report } from '../../contracts/report/report.ts';
import { formatSarif } from '../../contracts/report/sarif.ts';
import { formatSummary } from '../../contracts/report/summary.ts';
import { emptyReport, fullReport, greenReport, HOSTILE } from './fixture.ts';

const require = createRequire(import.meta.url);
const document = readFileSync(new URL('../../openapi.yaml', import.meta.url), 'utf8');
const lines = operationLines(document);

const REPORTS: [string, Report][] = [
  ['everything', fullReport()],
  ['nothing but a pass', greenReport()],
  ['nothing', emptyReport()],
];

function validatorOf(schemas: AnySchemaObject[], wanted: string) {
  // SARIF's schema has a pattern that is none with the flag `u`.
  const ajv = new Ajv({ strict: false, allErrors: true, validateSchema: false, unicodeRegExp: false });
  (addFormats as unknown as (ajv: Ajv) => void)(ajv);
  ajv.addSchema(schemas);
  return (value: unknown) => (ajv.validate(wanted, value) ? [] : (ajv.errors ?? []));
}

/** Drafts 4 and 6 as the validator knows them; neither schema uses what changed its meaning since. */
const modern = ({ $schema: _, id, ...schema }: AnySchemaObject): AnySchemaObject => ({
  ...schema,
  ...(id !== undefined && { $id: id }),
});

describe.each(REPORTS)('a report of %s', (_what, report) => {
  test('is itself as JSON', () => {
    expect(JSON.parse(formatJson(report))).toEqual(JSON.parse(JSON.stringify(report)));
  });

  test('is a HAR 1.2 by its schema', () => {
    const schemas = Object.values(require('har-schema') as Record<string, AnySchemaObject>).map(modern);
    expect(validatorOf(schemas, 'har.json')(JSON.parse(formatHar(report)))).toEqual([]);
  });

  test('is CTRF by its schema', () => {
    const ctrf = JSON.parse(formatCtrf(report));
    expect(validate(ctrf)).toMatchObject({ valid: true });
    expect(isValid(ctrf)).toBe(true);
  });

  test('is SARIF 2.1.0 by its schema', () => {
    const schema = modern(require('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'));
    expect(validatorOf([{ ...schema, $id: 'sarif' }], 'sarif')(JSON.parse(formatSarif(report, lines)))).toEqual([]);
  });

  test('is the same bytes whenever it is written', () => {
    for (const format of [formatJson, formatHar, formatCtrf, formatJunit, formatSummary]) {
      expect(format(report)).toBe(format(structuredClone(report)));
    }
  });
});

test('the schemas refuse what is none of theirs', () => {
  const schemas = Object.values(require('har-schema') as Record<string, AnySchemaObject>).map(modern);
  expect(validatorOf(schemas, 'har.json')({ log: { version: '1.2', creator: {}, entries: [{}] } })).not.toEqual([]);
  const schema = modern(require('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'));
  expect(validatorOf([{ ...schema, $id: 'sarif' }], 'sarif')({ version: '2.1.0', runs: [{}] })).not.toEqual([]);
});

test('HAR has every exchange of both sides, an answer that never came too', () => {
  const { log } = JSON.parse(formatHar(fullReport()));
  const exchanges = fullReport().rows.flatMap(({ verdicts }) =>
    Object.values(verdicts).flatMap((verdict) => verdict.exchanges),
  );
  expect(log.entries).toHaveLength(exchanges.length);
  const [entry] = log.entries;
  expect(entry.pageref).toBe('mock sipgate.BAS-01');
  expect(entry.request.queryString).toEqual([
    { name: 'a', value: '1' },
    { name: 'b', value: 'ü' },
  ]);
  expect(entry.request.cookies).toEqual([
    { name: 'a', value: '1' },
    { name: 'b', value: '2' },
  ]);
  expect(entry.response.cookies).toEqual([
    { name: 'x', value: '1' },
    { name: 'y', value: '2' },
  ]);
  expect(log.entries.find(({ _error }: { _error?: string }) => _error)).toMatchObject({
    response: { status: 0, bodySize: -1 },
    _error: 'socket hang up',
  });
});

test('CTRF counts a hole as failed, what is known as other, what was not allowed as skipped', () => {
  const { results } = JSON.parse(formatCtrf(fullReport()));
  expect(results.summary).toMatchObject({ tests: 13, passed: 1, failed: 10, skipped: 1, other: 1, pending: 0 });
});

test('SARIF points at the operation, carries its exchange, and suppresses what is known', () => {
  const [run] = JSON.parse(formatSarif(fullReport(), lines)).runs;
  const found = (id: string) => run.results.find(({ ruleId }: { ruleId: string }) => ruleId === id);
  const { physicalLocation } = found('sipgate.BAS-02').locations[0];
  const text = document.split('\n').slice(physicalLocation.region.startLine - 1, physicalLocation.region.endLine);
  expect(text[0]?.trim()).toBe('get:');
  expect(text.join('\n')).toContain('operationId: sipgate.getAccount');
  expect(text.join('\n').match(/operationId/g)).toHaveLength(1);
  expect(found('sipgate.BAS-02')).toMatchObject({ level: 'error', webResponse: { statusCode: 200 } });
  expect(found('sipgate.DEV-00')).toMatchObject({ level: 'note', suppressions: [{ status: 'accepted' }] });
  expect(found('sipgate.NET-01')).toMatchObject({ level: 'warning', webResponse: { noResponseReceived: true } });
  expect(found('sipgate.BAS-01')).toBeUndefined();
  expect(run.invocations).toHaveLength(2);
});

test('every operation of the document has its line', () => {
  const declared = [...document.matchAll(/operationId: (\S+)/g)].map(([, id]) => id);
  expect([...lines.keys()]).toEqual(declared);
  for (const { line, endLine } of lines.values()) expect(endLine).toBeGreaterThan(line);
});

test('JUnit has a case for each row, a failure for what failed, an error for a hole', () => {
  const xml = formatJunit(fullReport());
  expect(xml.match(/<testcase/g)).toHaveLength(13 + 2);
  expect(xml.match(/<failure/g)).toHaveLength(8);
  expect(xml.match(/<error/g)).toHaveLength(2 + 2);
  expect(xml.match(/<skipped/g)).toHaveLength(2);
  expect(xml).toContain('curl -i -u "$SIPGATE_TOKEN_ID:$SIPGATE_TOKEN"');
});

describe('annotations', () => {
  const printed = formatAnnotations(fullReport(), lines).split('\n').filter(Boolean);

  test('are one command a line, whatever a server said', () => {
    for (const line of printed) expect(line).toMatch(/^::(?:error|warning|notice) [^:]*::/);
    expect(printed.filter((line) => line.startsWith('::error'))).toHaveLength(10);
    expect(printed.some((line) => line.startsWith('::error file=a'))).toBe(false);
  });

  test('point at the operation', () => {
    const { line, endLine } = lines.get('sipgate.getAccount') ?? {};
    expect(printed).toContainEqual(
      expect.stringMatching(
        `^::error file=openapi.yaml,line=${line},endLine=${endLine},title=sipgate.BAS-02 pass/fail%2C fake::`,
      ),
    );
  });

  test('say how many there are no more of than GitHub shows', () => {
    const report = fullReport();
    const many = { ...report, rows: Array.from({ length: 4 }, () => report.rows).flat() };
    const errors = formatAnnotations(many, lines)
      .split('\n')
      .filter((line) => line.startsWith('::error'));
    expect([errors.length, errors.at(-1)]).toEqual([10, '::error title=sidetone verify::and 25 more: see the reports']);
  });

  test('are none of a run in which nothing failed', () => {
    expect(formatAnnotations(greenReport(), lines)).toBe('');
  });
});

describe('the summary', () => {
  const summary = formatSummary(fullReport());

  test('has the matrix, the failures with the line that repeats each, coverage and what is assumed', () => {
    expect(summary).toContain(
      '**Not verified: the target does not behave** (exit code 1). 13 checks: 1 passed, 8 failed',
    );
    expect(summary).toContain('|  | fail/fail | fail/pass | not testable | pass/fail | pass/pass |');
    expect(summary).toContain('| sipgate | 1 | 1 | 3 | 5 | 2 |');
    expect(summary).toContain('curl -i -u "$SIPGATE_TOKEN_ID:$SIPGATE_TOKEN"');
    expect(summary).toContain('2 of 4 declared answers were seen');
    expect(summary).toContain('**1 assumed**');
    expect(summary).toContain('"A teapot"');
  });

  test('shows hostile text as text: no tag, no mark, no mention', () => {
    const outside = summary.replace(/^(`{3,})\w+\n[\s\S]*?\n\1$/gm, '');
    expect(outside).not.toMatch(/<(?:img|script|svg|b>&)/);
    expect(outside).not.toMatch(/\[link\]|!\[|@everyone|\*\*bold/);
    // Inside of a fence nothing is read but its end.
    for (const [, ticks = '', text = ''] of summary.matchAll(/^(`{3,})\w+\n([\s\S]*?)\n\1$/gm)) {
      expect(text).not.toContain(ticks);
    }
    expect(summary).not.toContain(HOSTILE);
  });

  test('keeps within what a CI takes of it', () => {
    const report = fullReport();
    const many = { ...report, rows: Array.from({ length: 200 }, () => report.rows).flat() };
    expect(Buffer.byteLength(formatSummary(many))).toBeLessThan(1_000_000);
    expect(formatSummary(many)).toMatch(/… and \d+ more/);
  });
});
