/** Runs one check of a session, or says why it may not or cannot be run. */
import { type Check, CheckFailure, type Verdict } from './check.ts';
import { noted } from './safety/notes.ts';
import { BudgetExceeded } from './safety/pace.ts';
import { type Permission, RequestRefused, refuseRisk } from './safety/permission.ts';
import type { Session } from './session.ts';
import { has, serves, type Target, variablesOf } from './targets.ts';
import { type TracedExchange, traced } from './trace.ts';

/** Its secrets stand in the verdict as they are: see `maskVerdict`. */
export async function runCheck(check: Check, session: Session, permission: Permission = {}): Promise<Verdict> {
  const obstacle = obstacleOf(check, session.target, permission);
  if (obstacle) return notRun(check, obstacle);
  const { run, ...described } = check;
  const started = performance.now();
  const exchanges: TracedExchange[] = [];
  const notes: string[] = [];
  const verdictOf = (result: Pick<Verdict, 'outcome' | 'reason' | 'cause'>): Verdict => ({
    check: described,
    ...result,
    requests: exchanges.length,
    milliseconds: Math.round(performance.now() - started),
    exchanges,
    ...(notes.length > 0 && { notes }),
  });
  try {
    await noted(notes, () => traced(exchanges, () => run(session)));
    return verdictOf({ outcome: 'passed' });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (error instanceof RequestRefused) return verdictOf({ outcome: 'not-run', cause: 'policy', reason });
    if (error instanceof BudgetExceeded) return verdictOf({ outcome: 'not-run', cause: 'budget', reason });
    return verdictOf({ outcome: error instanceof CheckFailure ? 'failed' : 'error', reason });
  }
}

export interface Obstacle {
  cause: NonNullable<Verdict['cause']>;
  reason: string;
}

/** The verdict of a check that nobody was asked for. */
export const notRun = ({ run: _, ...check }: Check, obstacle: Obstacle): Verdict => ({
  check,
  outcome: 'not-run',
  ...obstacle,
  requests: 0,
  milliseconds: 0,
  exchanges: [],
});

/** Why a check may not or cannot be asked of a target. */
export function obstacleOf(check: Check, target: Target, permission: Permission): Obstacle | undefined {
  const { risk, needs, provider } = check;
  if (!serves(target, provider)) return { cause: 'policy', reason: 'the target has no short form' };
  const refusal = refuseRisk(risk, target, permission);
  if (refusal !== undefined) return { cause: 'policy', reason: refusal };
  const lacking = needs.filter((need) => !has(target, need));
  if (lacking.length === 0) return undefined;
  const wanted = lacking.map((need) => [need, ...variablesOf(need)].join(' '));
  return { cause: 'missing', reason: `the target lacks ${wanted.join('; ')}` };
}
