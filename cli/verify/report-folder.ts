/** The folder of `--report-dir`. */
import { accessSync, constants, mkdirSync } from 'node:fs';
import { CliError, EXIT } from '../cli-error.ts';

/** Before the run: a report that cannot be written must not cost one. */
export function makeReportFolder({ report = [], reportDir }: { report?: string[]; reportDir: string }): void {
  if (report.length === 0) return;
  attempt(`make the folder "${reportDir}"`, () => mkdirSync(reportDir, { recursive: true }));
  attempt(`write into the folder "${reportDir}"`, () => accessSync(reportDir, constants.W_OK));
}

function attempt(what: string, act: () => void): void {
  try {
    act();
  } catch (error) {
    throw new CliError(`--report-dir: cannot ${what}: ${(error as NodeJS.ErrnoException).code}`, EXIT.usage);
  }
}
