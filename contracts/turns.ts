/** The order in which the checks of a run are asked: one after another, or some beside each other. */
import type { Check, Verdict } from './check.ts';
import { notRun } from './run-check.ts';

export interface Turns {
  /** How many checks may be asked at the same time; default 1. */
  workers?: number;
  /** Asks no more after the first failure. */
  bail?: boolean;
}

/**
 * Whether a check may be asked beside others: one that changes the account, moves the clock, or judges what the others
 * saw may not.
 */
const mayRunBeside = ({ risk, id }: Check) => risk === 'read' && !/\.OAS-/.test(id);

/** @returns verdicts in the order of the checks, whatever the order in which they fell. */
export async function takeTurns(
  checks: Check[],
  { workers = 1, bail = false }: Turns,
  ask: (check: Check) => Promise<Verdict>,
): Promise<Verdict[]> {
  const verdicts = new Map<Check, Verdict>();
  let ended = false;
  const askInTurn = async (check: Check) => {
    const verdict = ended ? notRun(check, AFTER_FAILURE) : await ask(check);
    verdicts.set(check, verdict);
    ended ||= bail && (verdict.outcome === 'failed' || verdict.outcome === 'error');
  };
  const beside = workers > 1 ? checks.filter(mayRunBeside) : [];
  const queue = beside.values();
  const work = async () => {
    for (const check of queue) await askInTurn(check);
  };
  await Promise.all(Array.from({ length: workers }, work));
  for (const check of checks) if (!verdicts.has(check)) await askInTurn(check);
  return checks.map((check) => verdicts.get(check) as Verdict);
}

const AFTER_FAILURE = { cause: 'policy', reason: 'not asked after the first failure (--bail)' } as const;
