/** Runs checks against a target and returns verdicts. Prints nothing, ends no process. */
import { checks as catalogue, ownDocument } from './catalogue.ts';
import type { Check, Verdict } from './check.ts';
import { createClient } from './client.ts';
import type { ContractDocument } from './document.ts';
import { exitCodeFor } from './exit-code.ts';
import { judgeTarget } from './judge-target.ts';
import { maskRun, maskVerdict } from './masking/whole.ts';
import { runCheck } from './run-check.ts';
import type { Clock } from './safety/clock.ts';
import { refuseTarget } from './safety/hosts.ts';
import { openCreations } from './safety/open-creations.ts';
import { limitsOf, type Permission, RequestRefused, refuseRequest } from './safety/permission.ts';
import { type Selection, selectChecks } from './selection.ts';
import { createSession, type Session } from './session.ts';
import { secretsOf, type Target } from './targets.ts';
import { type Turns, takeTurns } from './turns.ts';

export interface RunOptions extends Permission, Selection, Turns {
  /** What made-up values are made of; a random one if absent. */
  seed?: string;
  /** What the numbers of masked secrets begin with, where two runs stand beside each other: `<secret:r1>`. */
  secretPrefix?: string;
  checks?: Check[];
  document?: ContractDocument;
  /** Milliseconds until a request that is not answered counts as a fault of the way; default 10,000. */
  timeout?: number;
  /** By which it waits. */
  clock?: Clock;
  /** Folder for the ledger of what is made; default: see `defaultLedgerFolder`, and none on this machine. */
  ledger?: string;
  /** Told of each verdict as it falls. */
  onVerdict?: (verdict: Verdict) => void;
}

export interface RunResult {
  target: string;
  verdicts: Verdict[];
  /** False if a good credential was refused or a random one let in: then no verdict means anything. */
  trusted: boolean;
  /** What the run made and could not remove again. */
  leftovers: string[];
  /** Why the verdicts cannot be trusted or are not whole; empty if they can and are. */
  problems: string[];
  requests: number;
  startedAt: string;
  milliseconds: number;
  /** Variables of a shell for masked secrets: `<secret:3>` -> `SIPGATE_TOKEN`; see report/curl.ts. */
  secrets: Record<string, string>;
}

export async function runChecks(target: Target, options: RunOptions = {}): Promise<RunResult> {
  const { checks = catalogue, onVerdict } = options;
  const started = performance.now();
  const startedAt = new Date().toISOString();
  const selected = selectChecks(checks, options);
  const session = openSession(target, options);
  const { client } = session;
  const distrust = await judgeTarget(session, selected);
  const verdicts = await takeTurns(distrust.length > 0 ? [] : selected, options, async (check) => {
    const verdict = await runCheck(check, session, options);
    onVerdict?.(maskVerdict(verdict, client.mask));
    return verdict;
  });
  // Again at the end: a credential that died on the way voids what was said since.
  if (distrust.length === 0) distrust.push(...(await judgeTarget(session, selected)));
  const { left } = await session.creations.settle(session);
  const result = {
    target: target.name,
    verdicts,
    trusted: distrust.length === 0,
    leftovers: [...session.leftovers, ...left],
    problems: [...new Set([...distrust, ...holesOf(verdicts)])],
    requests: client.count(),
    startedAt,
    milliseconds: Math.round(performance.now() - started),
  };
  const { secretPrefix: prefix } = options;
  return maskRun(result, client.secrets, target, prefix);
}

/** A session with a client that knows the target's secrets and keeps to what is permitted. */
export function openSession(target: Target, options: RunOptions = {}): Session {
  const refused = refuseTarget(target, options.allowHost);
  if (refused.length > 0) throw new RequestRefused(refused.join('; '));
  const client = createClient({
    ...(target.app && { app: target.app }),
    ...(options.clock && { clock: options.clock }),
    ...(options.timeout !== undefined && { timeout: options.timeout }),
    ...limitsOf(target, options),
    secrets: secretsOf(target),
    refuse: (outgoing) => refuseRequest(outgoing, target, options),
  });
  const { document = ownDocument, seed } = options;
  return createSession(target, document, client, { seed, creations: openCreations(target, options) });
}

/** See exit-code.ts. */
export function exitCodeOf({ verdicts, trusted, leftovers, problems }: RunResult): 0 | 1 | 3 | 4 {
  const count = (wanted: Verdict['outcome']) => verdicts.filter(({ outcome }) => outcome === wanted).length;
  return exitCodeFor({
    leftovers: leftovers.length,
    trusted,
    failures: count('failed'),
    holes: problems.length,
    passed: count('passed'),
  });
}

/** What is missing from the verdicts through no choice of the user's. */
function holesOf(verdicts: Verdict[]): string[] {
  const missing = verdicts.filter(({ cause }) => cause === 'missing').length;
  const broken = verdicts.filter(({ outcome }) => outcome === 'error').length;
  return [
    ...(missing > 0 ? [`${missing} checks were not run for want of credentials`] : []),
    ...(broken > 0 ? [`${broken} checks could not be carried out`] : []),
    ...verdicts.flatMap(({ cause, reason }) => (cause === 'budget' && reason !== undefined ? [reason] : [])),
  ];
}
