/** One check on each side, and what comes of it. */
import type { Check, Verdict } from '../check.ts';
import { differenceOf } from '../difference/exchanges.ts';
import type { ContractDocument } from '../document.ts';
import type { Row, RowResult, SideRole } from '../report/report.ts';
import type { TracedExchange } from '../trace.ts';
import { blameOf, isConformance } from './blame.ts';
import { type SpecGap, specGapOf } from './spec-gap.ts';

export interface RowOptions {
  document: ContractDocument;
  /** Roles of the run, the mock's first. */
  roles: SideRole[];
  /** Name of the real side, for what is proposed to the document. */
  realName: string;
  /** All that was asked of the real side, by operation: conformance judges it. */
  realExchanges: Map<string, TracedExchange[]>;
}

export function rowOf(check: Omit<Check, 'run'>, verdicts: Row['verdicts'], options: RowOptions): Row {
  const { mock, real } = verdicts;
  const difference = mock && real ? differenceOf(mock.exchanges, real.exchanges) : [];
  const judged = isConformance(check) ? (options.realExchanges.get(check.operation) ?? []) : (real?.exchanges ?? []);
  const gap: SpecGap =
    real?.outcome === 'failed'
      ? specGapOf(check.operation, judged, options.document, options.realName)
      : { undeclared: [] };
  const suspicion = blameOf({ check, ...verdicts, difference, undeclared: gap.undeclared });
  return {
    check,
    verdicts,
    result: resultOf(verdicts, options.roles),
    ...suspicion,
    difference: isWorthTelling(verdicts) ? difference : [],
    ...(gap.proposedPatch !== undefined && { proposedPatch: gap.proposedPatch }),
  };
}

/** Where a side was not asked, that is all there is to say. */
const isWorthTelling = ({ mock, real }: Row['verdicts']): boolean =>
  [mock, real].every((verdict) => verdict?.outcome !== 'not-run');

function resultOf(verdicts: Row['verdicts'], roles: SideRole[]): RowResult {
  const marks = roles.map((role) => markOf(verdicts[role]));
  return marks.includes(undefined) ? 'not testable' : (marks.join('/') as RowResult);
}

const markOf = (verdict: Verdict | undefined) =>
  verdict?.outcome === 'passed' ? 'pass' : verdict?.outcome === 'failed' ? 'fail' : undefined;
