/** The verdicts for a terminal: one line each, then what failed, then the sum. */
import { styleText } from 'node:util';
import type { Evidence, Verdict } from '../check.ts';
import { formatParity, parityRecords } from '../parity.ts';
import { exitCodeOf, type RunResult } from '../run.ts';

export interface TableOptions {
  colours: boolean;
  /** Only what did not pass, and the sum. */
  quiet: boolean;
}

const MARKS = {
  passed: ['ok', 'green'],
  failed: ['FAIL', 'red'],
  error: ['ERROR', 'red'],
  'not-run': ['-', 'yellow'],
} as const;

export function formatTable(result: RunResult, options: TableOptions): string {
  // A server's text may hold escapes that a terminal would obey.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const plain = (text: string) => text.replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, '?');
  return linesOf(result, options, plain).join('\n');
}

function linesOf(result: RunResult, { colours, quiet }: TableOptions, plain: (text: string) => string): string[] {
  const paint = (colour: 'green' | 'red' | 'yellow', text: string) => (colours ? styleText(colour, text) : text);
  const shown = quiet ? result.verdicts.filter(({ outcome }) => outcome !== 'passed') : result.verdicts;
  const width = Math.max(0, ...shown.map(({ check }) => check.id.length));
  const lines = shown.flatMap(({ check, outcome, reason }) => {
    const [mark, colour] = MARKS[outcome];
    const line = `${paint(colour, mark.padEnd(5))} ${check.id.padEnd(width)}  ${check.title}`;
    return reason === undefined
      ? [line]
      : [line, `${' '.repeat(6 + width)}  ${plain(reason)}`, ...clauseOf(outcome, check.clause, width)];
  });
  const leftovers = result.leftovers.map((left) => `${paint('red', 'left behind:')} ${plain(left)}`);
  const problems = result.problems.map((problem) => `${paint('red', 'cannot verify:')} ${plain(problem)}`);
  return [...lines, ...(lines.length > 0 ? [''] : []), ...problems, ...leftovers, summary(result)];
}

const clauseOf = (outcome: Verdict['outcome'], clause: string, width: number) =>
  outcome === 'failed' ? [`${' '.repeat(6 + width)}  ${clause}`] : [];

function summary(result: RunResult): string {
  const count = (outcome: Verdict['outcome']) =>
    result.verdicts.filter((verdict) => verdict.outcome === outcome).length;
  const notRun = result.verdicts.filter(({ outcome }) => outcome === 'not-run');
  const because = (cause: Verdict['cause']) => notRun.filter((verdict) => verdict.cause === cause).length;
  const why = (['policy', 'missing', 'budget'] as const).filter((cause) => because(cause) > 0);
  const parts = [`${count('passed')} passed`, `${count('failed')} failed`];
  if (count('error') > 0) parts.push(`${count('error')} could not be carried out`);
  if (notRun.length > 0)
    parts.push(`${notRun.length} not run (${why.map((cause) => `${because(cause)} ${CAUSES[cause]}`).join(', ')})`);
  return [
    `${parts.join(', ')} against ${result.target}; ${result.requests} requests in ${(result.milliseconds / 1000).toFixed(1)} s`,
    `known of the real APIs by: ${evidenceOf(result.verdicts)}`,
    ...parityRecords.map(formatParity),
    VERDICTS[exitCodeOf(result)],
  ].join('\n');
}

const CAUSES = {
  policy: 'not allowed or not possible here',
  missing: 'for want of credentials',
  budget: 'for want of requests',
};

const VERDICTS = {
  0: 'verified',
  1: 'NOT verified: the target does not behave',
  4: 'NOT verified: what was made is not all removed',
  3: 'NOT verified: no verdict is possible, or not a whole one',
};

/** The assumed ones in plain sight: they are nobody's promise. */
function evidenceOf(verdicts: Verdict[]): string {
  const kinds: Evidence[] = ['documented', 'observed', 'engine', 'assumed', 'convenience'];
  const counts = kinds.map((kind) => `${verdicts.filter(({ check }) => check.evidence === kind).length} ${kind}`);
  return counts.join(', ');
}
