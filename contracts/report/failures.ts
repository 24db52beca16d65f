/** Why a run is not green, and its exit code. */
import { exitCodeFor } from '../exit-code.ts';
import type { Row, Side, SideRole } from './report.ts';

/** Whether a row fails the run. */
export const isFailure = ({ verdicts, deviation }: Row): boolean =>
  deviation ? deviation.state !== 'known' : Object.values(verdicts).some(({ outcome }) => outcome === 'failed');

/** Whether anything at all is known of a side. */
const isJudged = (rows: Row[], role: SideRole) =>
  rows.some(({ verdicts }) => ['passed', 'failed'].includes(verdicts[role]?.outcome ?? ''));

/** @param gates what else must not be, a sentence each. */
export function exitCodeOfReport(sides: Side[], rows: Row[], gates: string[]): number {
  const sum = (count: (side: Side) => number) => sides.reduce((total, side) => total + count(side), 0);
  return exitCodeFor({
    leftovers: sum(({ leftovers }) => leftovers.length),
    trusted: sides.every(({ trusted }) => trusted),
    failures: rows.filter(isFailure).length + gates.length,
    holes: sum(({ problems }) => problems.length),
    passed: sides.every(({ role }) => isJudged(rows, role)) ? 1 : 0,
  });
}

/** Why the exit code is not 0, a sentence each. */
export function failuresOf(sides: Side[], rows: Row[], gates: string[]): string[] {
  const failed = rows.filter((row) => isFailure(row) && !isKnownOtherwise(row));
  const named = (side: Side, text: string) => (sides.length > 1 ? `${side.name}: ${text}` : text);
  return [
    ...sides.flatMap((side) => side.leftovers.map((left) => named(side, `left behind: ${left}`))),
    ...sides.flatMap((side) => side.problems.map((problem) => named(side, problem))),
    ...(failed.length > 0 ? [`${failed.length} ${failed.length === 1 ? 'check' : 'checks'} failed`] : []),
    ...Object.entries(DEVIATIONS).flatMap(([state, what]) => {
      const ids = rows.filter(({ deviation }) => deviation?.state === state).map(({ check }) => check.id);
      return ids.length === 0 ? [] : [`${what}: ${ids.join(', ')}`];
    }),
    ...gates,
    ...sides.filter(({ role }) => !isJudged(rows, role)).map((side) => named(side, 'no check was judged')),
  ];
}

/** By the state of the entry in the deviations file. */
const DEVIATIONS: Record<string, string> = {
  stale: 'known deviations that fail no more',
  expired: 'known deviations that have expired',
  'not reproduced': 'known deviations that the mock does not reproduce',
};

const isKnownOtherwise = ({ deviation }: Row) => deviation !== undefined && deviation.state in DEVIATIONS;
