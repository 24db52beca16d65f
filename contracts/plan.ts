/** What a run would ask, without asking. */
import { checks as catalogue } from './catalogue.ts';
import type { Check } from './check.ts';
import { shippedLedger } from './freshness/shipped.ts';
import type { SideRole } from './report/report.ts';
import type { RunOptions } from './run.ts';
import { obstacleOf } from './run-check.ts';
import { limitsOf } from './safety/permission.ts';
import { selectChecks } from './selection.ts';
import { serves, type Target } from './targets.ts';

export interface Plan {
  role: SideRole;
  name: string;
  run: Omit<Check, 'run'>[];
  leftOut: { check: Omit<Check, 'run'>; cause: string; reason: string }[];
  /** Requests at the most: what the checks took on the fake, the questions before and after, and never over the budget. */
  requests: number;
}

/** First and last a good credential and a random one are tried with each provider, and a token may be needed for that. */
const CANARY = 6;

/** Throws a SelectionError for a selector that matches nothing. */
export function planRun(role: SideRole, target: Target, options: RunOptions = {}): Plan {
  const selected = selectChecks(options.checks ?? catalogue, options);
  const judged = selected.map((check) => ({ check, obstacle: obstacleOf(check, target, options) }));
  const run = judged.flatMap(({ check, obstacle }) => (obstacle ? [] : [described(check)]));
  const providers = new Set(
    selected.filter(({ provider }) => serves(target, provider)).map(({ provider }) => provider),
  );
  // A token that many share is counted with each: fewer will be sent.
  const counted = run.reduce((sum, { id }) => sum + (shippedLedger.requests[id] ?? UNKNOWN), 0);
  return {
    role,
    name: target.name,
    run,
    leftOut: judged.flatMap(({ check, obstacle }) => (obstacle ? [{ check: described(check), ...obstacle }] : [])),
    requests: Math.min(counted + providers.size * CANARY, limitsOf(target, options).maxRequests),
  };
}

/** Of a check that the shipped ledger does not know, such as one of the user's own. */
const UNKNOWN = 20;

const described = ({ run: _, ...check }: Check) => check;

/** For a terminal. */
export function formatPlan({ role, name, run, leftOut, requests }: Plan, verbose: boolean): string {
  const reasons = new Map<string, string[]>();
  for (const { check, reason } of leftOut) reasons.set(reason, [...(reasons.get(reason) ?? []), check.id]);
  return [
    `${role === name ? role : `${role} ${name}`}: ${run.length} checks, at most ${requests} requests; nothing was sent`,
    ...(verbose ? run.map(({ id, title }) => `  ask   ${id}  ${title}`) : []),
    ...[...reasons].map(
      ([reason, ids]) => `  leave out ${ids.length}: ${reason}${verbose ? ` (${ids.join(', ')})` : ''}`,
    ),
  ].join('\n');
}
