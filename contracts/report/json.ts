/** The verdicts for programs. */
import { exitCodeOf, type RunResult } from '../run.ts';

export const formatJson = (result: RunResult): string =>
  `${JSON.stringify({ reportVersion: 1, exitCode: exitCodeOf(result), ...result }, null, 2)}\n`;
