/** The rows for CI servers, as JUnit XML. What was not judged for want of something is an error there, not a skip. */
import junit, { type Builder } from 'junit-report-builder';
import { curlOf } from './curl.ts';
import { printable } from './escape.ts';
import type { Report, Row } from './report.ts';
import { lineOfExchange, reasonsOf, standingOf, verdictsOf } from './standing.ts';

export function formatJunit(report: Report): string {
  // Its types promise `default`; what it exports is the builder itself.
  const builder = (junit as unknown as Builder).newBuilder();
  const suite = builder.testSuite().name(printable(`sidetone verify ${report.target}`));
  const [first] = report.sides;
  if (first) suite.timestamp(new Date(first.startedAt));
  for (const row of report.rows) addRow(suite.testCase(), row, report);
  for (const { problems, leftovers, name } of report.sides) {
    for (const problem of problems)
      suite.testCase().className('sidetone').name(`can verify ${name}`).error(printable(problem));
    for (const left of leftovers)
      suite.testCase().className('sidetone').name(`cleans up ${name}`).error(printable(left));
  }
  return builder.build();
}

type TestCase = ReturnType<ReturnType<Builder['testSuite']>['testCase']>;

function addRow(test: TestCase, row: Row, report: Report): void {
  const { check, blame } = row;
  const milliseconds = verdictsOf(row).reduce((sum, [, verdict]) => sum + verdict.milliseconds, 0);
  test
    .className(check.operation)
    .name(printable(`${check.id} ${check.title}`))
    .time(milliseconds / 1000);
  const reasons = reasonsOf(row);
  const message = printable(reasons.join('; '));
  const standing = standingOf(row);
  if (standing === 'passed') return;
  if (standing === 'failed')
    test.failure(`${message} (${check.clause})`, [row.result, blame].filter(Boolean).join(', '));
  else if (standing === 'not verified') test.error(message);
  else test.skipped();
  const lines = standing === 'not run' ? reasons : [...reasons, ...linesOf(row, report)];
  // The builder takes care of the first end of a CDATA section alone.
  test.standardOutput(printable(lines.join('\n')).replaceAll(']]>', ']]&gt;'));
}

/** What was asked on each side, and the line that asks again. */
const linesOf = (row: Row, report: Report) =>
  verdictsOf(row).flatMap(([role, { exchanges }]) =>
    exchanges.flatMap((exchange) => [`${role}: ${lineOfExchange(exchange)}`, curlOf(exchange.request, report.secrets)]),
  );
