/** What a run of `verify` came to, for programs: the matrix of the targets, and all that reports say about it. */
import type { Check, Evidence, Verdict } from '../check.ts';
import type { Difference } from '../difference/exchanges.ts';
import type { LastPassed } from '../freshness/ledger.ts';
import type { Blame } from '../matrix/blame.ts';
import type { ParityRecord } from '../parity.ts';

export type { Blame, Difference };

/** A target of the run. `mock` and `real` beside each other; a single target has one side of its own name. */
export interface Side {
  /** `mock` or `real`; the key of a row's verdicts. */
  role: SideRole;
  /** As the user calls it, e.g. `http://127.0.0.1:4010`. */
  name: string;
  requests: number;
  startedAt: string;
  milliseconds: number;
  /** False if its credentials were not what they should be: then no verdict of it means anything. */
  trusted: boolean;
  problems: string[];
  leftovers: string[];
}

export type SideRole = 'mock' | 'real';

/** One check on each side. */
export interface Row {
  check: Omit<Check, 'run'>;
  verdicts: Partial<Record<SideRole, Verdict>>;
  result: RowResult;
  /** Whose fault it is, where something failed. */
  blame?: Blame;
  /** Why this blame, as a sentence. */
  because?: string;
  /** How the answers of the two sides differ, volatile values left out; empty where there is one side. */
  difference: Difference[];
  deviation?: RowDeviation;
  /** When it last passed on each target, this run included, the latest first. */
  lastPassed?: LastPassed[];
  /** A change to openapi.yaml that would declare what was seen: a JSON Merge Patch (RFC 7396) of the operation. */
  proposedPatch?: object;
}

/**
 * The mock's verdict, then the real one's; of one side alone, `pass` or `fail`. `not testable` where a side was not
 * asked: what the other side said of it stands in `verdicts`, and counts.
 */
export type RowResult = 'pass/pass' | 'pass/fail' | 'fail/pass' | 'fail/fail' | 'not testable' | 'pass' | 'fail';

export interface RowDeviation {
  /** known: fails as the file says. stale: fails no more. expired. new: fails in another way than the file says. */
  state: 'known' | 'stale' | 'expired' | 'new' | 'not reproduced';
  reason: string;
  ticket?: string;
  /** ISO 8601, a day. */
  expires: string;
}

export interface Report {
  reportVersion: 2;
  /** Version of the package. */
  version: string;
  exitCode: number;
  /** Why the exit code is not 0, a sentence each. */
  failures: string[];
  /** Names of the sides. */
  target: string;
  /** What made-up values are made of: with the same one, the report is the same but for times. */
  seed: string;
  sides: Side[];
  rows: Row[];
  /** Of the real side, or of the one that there is. */
  coverage: Coverage;
  /** How many checks of the run are known of the real APIs in which way. */
  evidence: Record<Evidence, number>;
  parity: ParityRecord[];
  /** Variables of a shell for the masked secrets of the exchanges: `<secret:3>` -> `SIPGATE_TOKEN`; see curl.ts. */
  secrets?: Record<string, string>;
}

/** operation × status × credential: which declared answers were seen. */
export interface Coverage {
  cells: CoverageCell[];
  declared: number;
  observed: number;
  /** Declared and not seen, but on the list of what cannot be reached. */
  unreachable: number;
}

export interface CoverageCell {
  operation: string;
  status: string;
  /** none, basic, bearer, other. Absent for a status that nothing brought about. */
  credential?: string;
  count: number;
  /** Why it cannot be brought about from outside. */
  unreachable?: string;
}
