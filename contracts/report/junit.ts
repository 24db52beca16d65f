/** The verdicts for CI servers, as JUnit XML. What was not run for want of something is an error there, not a skip. */
import junit, { type Builder } from 'junit-report-builder';
import type { Report } from './report.ts';

export function formatJunit({ target, sides, rows }: Report): string {
  // Its types promise `default`; what it exports is the builder itself.
  const builder = (junit as unknown as Builder).newBuilder();
  const suite = builder.testSuite().name(`sidetone verify ${target}`);
  for (const { check, verdicts } of rows) {
    for (const { outcome, reason = '', cause, milliseconds } of Object.values(verdicts)) {
      const test = suite
        .testCase()
        .className(check.operation)
        .name(`${check.id} ${check.title}`)
        .time(milliseconds / 1000);
      if (outcome === 'failed') test.failure(`${reason} (${check.clause})`);
      else if (outcome === 'error' || (outcome === 'not-run' && cause !== 'policy')) test.error(reason);
      else if (outcome === 'not-run') test.skipped();
    }
  }
  for (const problem of sides.flatMap(({ problems }) => problems)) {
    suite.testCase().className('sidetone').name('can verify').error(problem);
  }
  return builder.build();
}
