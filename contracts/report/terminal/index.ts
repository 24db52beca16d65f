/** The report for a terminal: the matrix, then what failed, then the sum. */
import { styleText } from 'node:util';
import type { Report } from '../report.ts';
import { failureLines, knownLines } from './failures.ts';
import { matrixLines } from './matrix.ts';
import { noteLines } from './notes.ts';
import { everyRowLines } from './rows.ts';
import { sumLines, verdictLine } from './sum.ts';

export interface TableOptions {
  colours: boolean;
  /** Only what failed, and the last line. */
  quiet: boolean;
  /** Every check, with what came of it. */
  verbose?: boolean;
}

/** Puts a text in a colour, where there are any. */
export type Paint = (colour: 'green' | 'red' | 'yellow' | 'dim', text: string) => string;

export function formatTable(report: Report, { colours, quiet, verbose = false }: TableOptions): string {
  const paint: Paint = (colour, text) => (colours ? styleText(colour, text) : text);
  const parts = [
    ...(quiet ? [] : [matrixLines(report, paint)]),
    ...(verbose ? [everyRowLines(report, paint)] : []),
    ...(quiet ? [] : [knownLines(report, paint)]),
    failureLines(report, paint),
    quiet ? [] : noteLines(report, verbose),
    quiet ? [verdictLine(report, paint)] : sumLines(report, paint),
  ];
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}
