/** Runs checks against a target and returns verdicts. Prints nothing, ends no process. */

import { canaries } from './canaries.ts';
import { checks as catalogue } from './catalogue.ts';
import { type Check, CheckFailure, type ProviderName, type Verdict } from './check.ts';
import { BudgetExceeded, createClient } from './client.ts';
import { type ContractDocument, loadContractDocument } from './document.ts';
import { createSession, type Session } from './session.ts';
import { has, hasCredentials, isLoopback, secretsOf, type Target, variablesOf } from './targets.ts';

export interface RunOptions {
  /** Ids or patterns such as `sipgate.BAS-*`; all if absent. One that matches nothing is a SelectionError. */
  only?: string[];
  skip?: string[];
  /** Lets the run create and remove things on a host that is not loopback. */
  allowWrite?: boolean;
  /** Requests sent at the most; default 500. */
  maxRequests?: number;
  checks?: Check[];
  document?: ContractDocument;
  /** Told of each verdict as it falls. */
  onVerdict?: (verdict: Verdict) => void;
}

export interface RunResult {
  target: string;
  verdicts: Verdict[];
  /** Why the verdicts cannot be trusted or are not whole; empty if they can and are. */
  problems: string[];
  requests: number;
  startedAt: string;
  milliseconds: number;
}

/** A selector that matches no check. */
export class SelectionError extends Error {
  override name = 'SelectionError';
}

export async function runChecks(target: Target, options: RunOptions = {}): Promise<RunResult> {
  const { maxRequests = 500, checks = catalogue, document = loadContractDocument(), onVerdict } = options;
  const started = performance.now();
  const startedAt = new Date().toISOString();
  const selected = selectChecks(checks, options);
  const client = createClient({ ...(target.app && { app: target.app }), maxRequests, secrets: secretsOf(target) });
  const session = createSession(target, document, client);
  const verdicts: Verdict[] = [];
  const problems = await judgeTarget(session, selected);
  for (const check of problems.length > 0 ? [] : selected) {
    const verdict = await runCheck(check, session, options);
    verdicts.push(verdict);
    onVerdict?.(verdict);
  }
  if (problems.length === 0)
    problems.push(...(await judgeTarget(session, selected)), ...holesOf(verdicts, maxRequests));
  const milliseconds = Math.round(performance.now() - started);
  const masked = [...new Set(problems)].map(client.mask);
  return { target: target.name, verdicts, problems: masked, requests: client.count(), startedAt, milliseconds };
}

/** 0 all passed; 1 a check failed; 3 nothing can be said, or not all of it. */
export function exitCodeOf({ verdicts, problems }: RunResult): 0 | 1 | 3 {
  if (verdicts.some(({ outcome }) => outcome === 'failed')) return 1;
  if (problems.length > 0 || !verdicts.some(({ outcome }) => outcome === 'passed')) return 3;
  return 0;
}

/** The checks that selectors leave. Throws a SelectionError for a selector that matches nothing. */
export function selectChecks(checks: Check[], { only, skip = [] }: Pick<RunOptions, 'only' | 'skip'>): Check[] {
  for (const selector of [...(only ?? []), ...skip]) {
    if (!checks.some(({ id }) => matches(selector, id))) throw new SelectionError(`"${selector}" matches no check`);
  }
  const wanted = only ? checks.filter(({ id }) => only.some((selector) => matches(selector, id))) : checks;
  const left = wanted.filter(({ id }) => !skip.some((selector) => matches(selector, id)));
  if (left.length === 0) throw new SelectionError('the selection leaves no check');
  return left;
}

function matches(selector: string, id: string): boolean {
  const pattern = selector
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${pattern}$`, 'i').test(id);
}

/** Reachable, a good credential is good, a random one is not: else no verdict about authentication means anything. */
async function judgeTarget(session: Session, selected: Check[]): Promise<string[]> {
  const providers = [...new Set(selected.map(({ provider }) => provider))];
  const problems: string[] = [];
  for (const provider of providers) problems.push(...(await judgeProvider(session, provider)));
  return problems;
}

async function judgeProvider(session: Session, provider: ProviderName): Promise<string[]> {
  if (!hasCredentials(session.target, provider)) {
    return [
      `no credentials for ${provider}; set ${variablesFor(provider)}, or leave it out with --skip '${provider}.*'`,
    ];
  }
  try {
    await canaries[provider](session);
    return [];
  } catch (error) {
    return [`canary of ${provider}: ${error instanceof Error ? error.message : String(error)}`];
  }
}

const variablesFor = (provider: ProviderName) =>
  (provider === 'sipsim' ? variablesOf('sipsim.client') : variablesOf('sipgate.pat')).join(' and ');

/** What is missing from the verdicts through no choice of the user's. */
function holesOf(verdicts: Verdict[], maxRequests: number): string[] {
  const missing = verdicts.filter(({ cause }) => cause === 'missing').length;
  const broken = verdicts.filter(({ outcome }) => outcome === 'error').length;
  return [
    ...(missing > 0 ? [`${missing} checks were not run for want of credentials`] : []),
    ...(broken > 0 ? [`${broken} checks could not be carried out`] : []),
    ...(verdicts.some(({ cause }) => cause === 'budget') ? [`the budget of ${maxRequests} requests is spent`] : []),
  ];
}

/** Runs one check of a session. */
export async function runCheck(check: Check, session: Session, options: RunOptions = {}): Promise<Verdict> {
  const { run, ...described } = check;
  const obstacle = obstacleOf(check, session.target, options);
  if (obstacle) return { check: described, outcome: 'not-run', ...obstacle, requests: 0, milliseconds: 0 };
  const { client } = session;
  const started = performance.now();
  const sent = client.count();
  const verdictOf = (result: Pick<Verdict, 'outcome' | 'reason' | 'cause'>): Verdict => ({
    check: described,
    ...result,
    requests: client.count() - sent,
    milliseconds: Math.round(performance.now() - started),
  });
  try {
    await run(session);
    return verdictOf({ outcome: 'passed' });
  } catch (error) {
    const reason = client.mask(error instanceof Error ? error.message : String(error));
    if (error instanceof BudgetExceeded) return verdictOf({ outcome: 'not-run', cause: 'budget', reason });
    return verdictOf({ outcome: error instanceof CheckFailure ? 'failed' : 'error', reason });
  }
}

/** Why a check may not or cannot be asked of a target. */
function obstacleOf(check: Check, target: Target, { allowWrite = false }: RunOptions) {
  const { risk, needs } = check;
  if (risk === 'mock-only' && !target.control) {
    return { cause: 'policy', reason: 'moves time or settings, or asks about data, that only the fake has' } as const;
  }
  if (risk !== 'read' && !isLoopback(target) && !allowWrite) {
    return { cause: 'policy', reason: 'changes the account; allow it with --allow-write' } as const;
  }
  const lacking = needs.filter((need) => !has(target, need));
  if (lacking.length === 0) return undefined;
  const wanted = lacking.map((need) => [need, ...variablesOf(need)].join(' '));
  return { cause: 'missing', reason: `the target lacks ${wanted.join('; ')}` } as const;
}
