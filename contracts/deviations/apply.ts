/** Holds the rows of a run against what is known to fail. */
import type { Verdict } from '../check.ts';
import type { Row, RowDeviation, Side, SideRole } from '../report/report.ts';
import { type Deviation, failsAs, isAbout } from './deviation.ts';

type State = RowDeviation['state'];

/** The first that is met says most. */
const SEVERITY: State[] = ['new', 'expired', 'stale', 'not reproduced', 'known'];

/** @param today a day, such as `2026-11-28`. */
export function applyDeviations(rows: Row[], sides: Side[], deviations: Deviation[], today: string): Row[] {
  return rows.map((row) => {
    const entries = deviations.filter(({ check }) => check === row.check.id);
    const judged = entries.flatMap((entry) => {
      const state = stateOf(entry, row, sides, today);
      return state === undefined ? [] : [{ entry, state }];
    });
    const [worst] = judged.sort((one, other) => SEVERITY.indexOf(one.state) - SEVERITY.indexOf(other.state));
    if (!worst) return row;
    const uncovered = sides.some((side) => failed(row, side.role) && !entries.some((entry) => covers(entry, side)));
    const { reason, ticket, expires } = worst.entry;
    const state = uncovered ? 'new' : worst.state;
    return { ...row, deviation: { state, reason, ...(ticket !== undefined && { ticket }), expires } };
  });
}

const failed = ({ verdicts }: Row, role: SideRole) => verdicts[role]?.outcome === 'failed';

/** An entry about the real side speaks of the mock too, where that does the same. */
const covers = (entry: Deviation, { role, name }: Side): boolean =>
  isAbout(entry, role, name) || (role === 'mock' && entry.mockReproduces);

/** Undefined where the run says nothing about the entry. */
function stateOf(entry: Deviation, row: Row, sides: Side[], today: string): State | undefined {
  const about = sides.filter(({ role, name }) => isAbout(entry, role, name)).flatMap(({ role }) => judgedOf(row, role));
  const mock = entry.mockReproduces ? judgedOf(row, 'mock') : [];
  if (about.length === 0 && mock.length === 0) return undefined;
  if (about.some(({ outcome }) => outcome === 'passed')) return 'stale';
  if (mock.some(({ outcome }) => outcome === 'passed')) return 'not reproduced';
  if (![...about, ...mock].every((verdict) => failsAs(entry, verdict))) return 'new';
  return today > entry.expires ? 'expired' : 'known';
}

const judgedOf = ({ verdicts }: Row, role: SideRole): Verdict[] => {
  const verdict = verdicts[role];
  return verdict?.outcome === 'passed' || verdict?.outcome === 'failed' ? [verdict] : [];
};
