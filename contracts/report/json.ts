/** The verdicts for programs. */
import { parityRecords } from '../parity.ts';
import { exitCodeOf, type RunResult } from '../run.ts';

export const formatJson = (result: RunResult): string =>
  `${JSON.stringify({ reportVersion: 1, exitCode: exitCodeOf(result), parity: parityRecords, ...result }, null, 2)}\n`;
