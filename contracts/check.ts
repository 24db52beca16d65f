/** What a check is, and what can come of it. A check is data and one function. */
import type { Session } from './session.ts';
import type { TracedExchange } from './trace.ts';

export interface Check {
  /** `<provider>.<catalogue id>`, stable: reports, deviations and users refer to it. */
  id: string;
  /** A sentence about behaviour. */
  title: string;
  provider: ProviderName;
  /** operationId in openapi.yaml whose answer is judged. */
  operation: string;
  /** RFC 2119 level of the clause; PARITY where only openapi.yaml or the real API says so. */
  level: 'MUST' | 'SHOULD' | 'OPTIONAL' | 'PARITY';
  /** Clause of a standard, or the source that says so. */
  clause: string;
  /** How the expectation is known of the real API. */
  evidence: Evidence;
  /** What asking it may do to the account that is asked. */
  risk: Risk;
  /** Members of the target without which it cannot be asked. */
  needs: Need[];
  /** Further words to select it by, e.g. `security`; its provider, operation, level, evidence and risk count too. */
  tags?: string[];
  /** Returns if the target behaves; throws a CheckFailure that says what was expected and what came. */
  run(session: Session): Promise<void>;
}

export type ProviderName = 'sipgate' | 'sipsim' | 'shortForm';
export type Evidence = 'documented' | 'observed' | 'engine' | 'assumed' | 'convenience';

/**
 * read: changes nothing. write: makes and removes its own. destructive: ends or rotates something that was there.
 * mock-only: moves time or settings, which only the fake's control API can.
 */
export type Risk = 'read' | 'write' | 'destructive' | 'mock-only';

/** Names of what a target may lack; see targets.ts. */
export type Need =
  | 'sipgate.pat'
  | 'sipgate.patAccountRead'
  | 'sipgate.patWithoutScope'
  | 'sipgate.client'
  | 'sipgate.user'
  | 'sipgate.foreignClientId'
  | 'sipsim.client'
  | 'sipsim.clientAccountOnly'
  | 'sipsim.clientWithoutAccount'
  | 'sipsim.clientWithoutGrant'
  | 'shortForm'
  | 'control';

/** Members that most checks of a file share. */
export type CheckDefaults = Pick<Check, 'provider' | 'operation' | 'evidence' | 'risk' | 'needs'>;

type CheckRow = Omit<Check, keyof CheckDefaults> & Partial<CheckDefaults>;

/** Checks of one topic: each row may say otherwise than the defaults. */
export function checksOf(defaults: CheckDefaults, rows: CheckRow[]): Check[] {
  return rows.map((row) => ({ ...defaults, ...row }));
}

/** The target does not behave. Anything else that a check throws is a fault of the suite or of the way to the target. */
export class CheckFailure extends Error {
  override name = 'CheckFailure';
}

export interface Verdict {
  check: Omit<Check, 'run'>;
  outcome: 'passed' | 'failed' | 'error' | 'not-run';
  /** Why it failed or was not run; secrets masked. */
  reason?: string;
  /** Why a check was not run: `policy` is the user's choice, the other two leave a hole in the verdict. */
  cause?: 'policy' | 'missing' | 'budget';
  /** Those that it shares with other checks, such as a token that is asked for once, included. */
  requests: number;
  milliseconds: number;
  /** What was sent and what came back, in this order; secrets masked. */
  exchanges: TracedExchange[];
  /** What is worth knowing beside it, a phrase each: how long a deletion took, how long was waited. Absent if nothing is. */
  notes?: string[];
}
