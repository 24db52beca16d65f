/** The end of the report: what it cost, how much of it is only assumed, and the verdict. */
import { formatParity } from '../../parity.ts';
import { isFailure } from '../failures.ts';
import type { Coverage, Report, Side } from '../report.ts';
import type { Paint } from './index.ts';
import { plain } from './plain.ts';

export function sumLines(report: Report, paint: Paint): string[] {
  const { sides, evidence, parity, coverage } = report;
  return [
    ...sides.flatMap((side) => [...troublesOf(side, sides.length > 1, paint), costOf(report, side)]),
    ...(coverage ? [coverageLine(coverage)] : []),
    freshnessLine(report),
    `known of the real APIs by: ${Object.entries(evidence)
      .map(([kind, count]) => `${count} ${kind}`)
      .join(', ')}`,
    ...parity.map(formatParity),
    ...reasonLines(report, paint),
    verdictLine(report, paint),
  ];
}

/** The mock's own passes say nothing about how long ago somebody asked a real server. */
function freshnessLine({ rows }: Report): string {
  const elsewhere = rows.map(({ lastPassed = [] }) => lastPassed.filter(({ kind }) => kind !== 'mock')[0]);
  const days = elsewhere.flatMap((last) => (last ? [last.date] : [])).sort();
  const span = days.length === 0 ? '' : `, between ${days[0]} and ${days.at(-1)}`;
  return `last held at a real target or its engine: ${days.length} of ${rows.length} checks${span}`;
}

/** Which answers they are stands in the JSON report. */
const coverageLine = ({ declared, observed, unreachable }: Coverage): string =>
  `of ${declared} declared answers ${observed} seen, ${unreachable} out of reach, ${declared - observed - unreachable} not seen`;

function troublesOf({ role, problems, leftovers }: Side, both: boolean, paint: Paint): string[] {
  const at = both ? ` ${role}` : '';
  return [
    ...problems.map((problem) => `${paint('red', `cannot verify${at}:`)} ${plain(problem)}`),
    ...leftovers.map((left) => `${paint('red', `left behind${both ? ` on ${role}` : ''}:`)} ${plain(left)}`),
  ];
}

/** What is not said with the sides: failed checks, deviations, gates. */
function reasonLines({ failures, sides }: Report, paint: Paint): string[] {
  const said = sides.flatMap(({ problems, leftovers }) => [...problems, ...leftovers]);
  const rest = failures.filter((failure) => !said.some((text) => failure.endsWith(text)));
  return rest.map((failure) => `${paint('red', 'because:')} ${plain(failure)}`);
}

function costOf({ rows }: Report, { role, name, requests, milliseconds }: Side): string {
  const count = (wanted: string) => rows.filter(({ verdicts }) => verdicts[role]?.outcome === wanted).length;
  const parts = [`${count('passed')} passed`, `${count('failed')} failed`];
  if (count('error') > 0) parts.push(`${count('error')} could not be carried out`);
  if (count('not-run') > 0) parts.push(`${count('not-run')} not run`);
  return `${parts.join(', ')} against ${plain(name)}; ${requests} requests in ${(milliseconds / 1000).toFixed(1)} s`;
}

const VERDICTS: Record<number, string> = {
  0: 'verified',
  1: 'NOT verified: the target does not behave',
  3: 'NOT verified: no verdict is possible, or not a whole one',
  4: 'NOT verified: what was made is not all removed',
};

export function verdictLine({ exitCode, rows }: Report, paint: Paint): string {
  if (exitCode === 1 && !rows.some(isFailure)) return paint('red', 'NOT verified: what it knows is too old');
  return paint(exitCode === 0 ? 'green' : 'red', VERDICTS[exitCode] ?? `NOT verified: exit code ${exitCode}`);
}
