/** What failed: the reason on each side, whose fault it is, and how the answers differ. */
import { DIFFERENCE_WORDS } from '../../difference/exchanges.ts';
import { curlOf, type SecretNames } from '../curl.ts';
import { isFailure } from '../failures.ts';
import type { Difference, Report, Row } from '../report.ts';
import { deviationOf, verdictsOf } from '../standing.ts';
import type { Paint } from './index.ts';
import { plain } from './plain.ts';

/** As many differences of one check as are shown; all of them stand in the JSON report. */
const MOST = 8;

export function failureLines({ rows, sides, secrets = {} }: Report, paint: Paint): string[] {
  const shown = rows.filter((row) => isFailure(row) || Object.values(row.verdicts).some(isHole));
  const blocks = shown.map((row) => linesOf(row, sides.length > 1, paint, secrets));
  return blocks.flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]));
}

/** What fails as the deviations file says, a line each. */
export function knownLines({ rows }: Report, paint: Paint): string[] {
  const known = rows.filter(({ deviation }) => deviation?.state === 'known');
  return known.map((row) => `${paint('yellow', 'KNOWN')} ${row.check.id}  ${plain(deviationOf(row).join(''))}`);
}

const isHole = ({ outcome }: { outcome: string }) => outcome === 'error';

function linesOf(row: Row, both: boolean, paint: Paint, secrets: SecretNames): string[] {
  const { check, result, blame, because, difference } = row;
  const mark = !isFailure(row) ? 'ERROR' : row.deviation?.state === 'stale' ? 'STALE' : 'FAIL';
  const reasons = verdictsOf(row).flatMap(([role, { outcome, reason }]) =>
    reason === undefined || outcome === 'passed' ? [] : [both ? `${role}: ${plain(reason)}` : plain(reason)],
  );
  return [
    `${paint('red', mark.padEnd(5))} ${check.id}  ${check.title}`,
    ...reasons.map((text) => `      ${text}`),
    `      ${check.clause} (${check.level}, ${check.evidence})`,
    ...(blame === undefined ? [] : [`      ${both ? `${result}, ` : ''}blame ${blame}: ${plain(because ?? '')}`]),
    ...deviationOf(row).map((text) => `      ${plain(text)}`),
    ...difference.slice(0, MOST).map((item) => `      ${paint('dim', formatDifference(item))}`),
    ...(difference.length > MOST ? [`      and ${difference.length - MOST} more differences`] : []),
    ...curlLines(row, both, secrets).map((line) => `      ${line}`),
  ];
}

/** The last request is what was judged; what leads to it stands in the JSON report. */
function curlLines(row: Row, both: boolean, secrets: SecretNames): string[] {
  return verdictsOf(row).flatMap(([role, { outcome, exchanges }]) => {
    const last = exchanges.at(-1);
    if (last === undefined || outcome === 'passed') return [];
    return [`${both ? `again on ${role}:` : 'again:'} ${plain(curlOf(last.request, secrets))}`];
  });
}

/** @param names of the two that are compared. */
export const formatDifference = (
  { request, kind, where, mock, real }: Difference,
  [one, other]: [string, string] = ['mock', 'real'],
): string =>
  plain(
    `differs: ${request}: ${DIFFERENCE_WORDS[kind]}${where === '' ? '' : ` ${where}`}: ${one} ${mock}, ${other} ${real}`,
  );
