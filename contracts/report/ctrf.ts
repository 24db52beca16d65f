/** The rows as CTRF (Common Test Report Format, ctrf.io), which dashboards and chat bots read. */
import type { CTRFReport, Test, TestStatus } from 'ctrf';
import type { Report, Row } from './report.ts';
import { countStandings, lineOfExchange, reasonsOf, type Standing, standingOf, verdictsOf } from './standing.ts';

const STATUS: Record<Standing, TestStatus> = {
  passed: 'passed',
  failed: 'failed',
  known: 'other',
  'not verified': 'failed',
  'not run': 'skipped',
};

export function formatCtrf(report: Report): string {
  const tests = report.rows.map(testOf);
  const count = (status: TestStatus) => tests.filter((test) => test.status === status).length;
  const starts = report.sides.map(({ startedAt }) => Date.parse(startedAt));
  const ends = report.sides.map(({ startedAt, milliseconds }) => Date.parse(startedAt) + milliseconds);
  const document: CTRFReport = {
    reportFormat: 'CTRF',
    specVersion: '0.0.0',
    generatedBy: 'sidetone',
    results: {
      tool: { name: 'sidetone', version: report.version },
      summary: {
        tests: tests.length,
        passed: count('passed'),
        failed: count('failed'),
        skipped: count('skipped'),
        pending: 0,
        other: count('other'),
        start: Math.min(...starts),
        stop: Math.max(...ends),
        extra: { exitCode: report.exitCode, failures: report.failures, standings: countStandings(report.rows) },
      },
      tests,
      environment: { appName: report.target, extra: { sides: report.sides } },
    },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function testOf(row: Row): Test {
  const { check, result, blame, because, deviation, difference } = row;
  const reasons = reasonsOf(row);
  const trace = verdictsOf(row).flatMap(([role, { exchanges }]) =>
    exchanges.map((exchange) => `${role}: ${lineOfExchange(exchange)}`),
  );
  return {
    testId: check.id,
    name: `${check.id} ${check.title}`,
    status: STATUS[standingOf(row)],
    rawStatus: result,
    duration: verdictsOf(row).reduce((sum, [, { milliseconds }]) => sum + milliseconds, 0),
    suite: [check.provider, check.operation],
    tags: [check.level, check.evidence, check.risk, ...(check.tags ?? [])],
    type: 'contract',
    filePath: 'openapi.yaml',
    ...(reasons.length > 0 && { message: reasons.join('\n'), trace: trace.join('\n') }),
    extra: {
      clause: check.clause,
      ...(blame !== undefined && { blame }),
      ...(because !== undefined && { because }),
      ...(deviation && { deviation }),
      ...(difference.length > 0 && { difference }),
    },
  };
}
