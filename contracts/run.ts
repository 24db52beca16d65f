/** Runs checks against a target and returns verdicts. Prints nothing, ends no process. */
import { canaries } from './canaries.ts';
import { checks as catalogue, ownDocument } from './catalogue.ts';
import { type Check, CheckFailure, type ProviderName, type Verdict } from './check.ts';
import { createClient } from './client.ts';
import type { ContractDocument } from './document.ts';
import { exitCodeFor } from './exit-code.ts';
import { maskRun, maskVerdict } from './masking/whole.ts';
import type { Clock } from './safety/clock.ts';
import { refuseTarget } from './safety/hosts.ts';
import { noted } from './safety/notes.ts';
import { openCreations } from './safety/open-creations.ts';
import { BudgetExceeded } from './safety/pace.ts';
import { limitsOf, type Permission, RequestRefused, refuseRequest, refuseRisk } from './safety/permission.ts';
import { createSession, type Session } from './session.ts';
import { has, hasCredentials, secretsOf, type Target, variablesOf, variablesOfSecrets } from './targets.ts';
import { type TracedExchange, traced } from './trace.ts';

export interface RunOptions extends Permission {
  /** Ids or patterns such as `sipgate.BAS-*`; all if absent. One that matches nothing is a SelectionError. */
  only?: string[];
  skip?: string[];
  /** What made-up values are made of; a random one if absent. */
  seed?: string;
  /** What the numbers of masked secrets begin with, where two runs stand beside each other: `<secret:r1>`. */
  secretPrefix?: string;
  checks?: Check[];
  document?: ContractDocument;
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

/** A selector that matches no check. */
export class SelectionError extends Error {
  override name = 'SelectionError';
}

export async function runChecks(target: Target, options: RunOptions = {}): Promise<RunResult> {
  const { checks = catalogue, onVerdict } = options;
  const started = performance.now();
  const startedAt = new Date().toISOString();
  const selected = selectChecks(checks, options);
  const session = openSession(target, options);
  const { client } = session;
  const verdicts: Verdict[] = [];
  const distrust = await judgeTarget(session, selected);
  for (const check of distrust.length > 0 ? [] : selected) {
    const verdict = await runCheck(check, session, options);
    verdicts.push(verdict);
    onVerdict?.(maskVerdict(verdict, client.mask));
  }
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
  return maskRun(result, client.secrets, {
    ...(prefix !== undefined && { prefix }),
    variables: variablesOfSecrets(target),
  });
}

/** A session with a client that knows the target's secrets and keeps to what is permitted. */
export function openSession(target: Target, options: RunOptions = {}): Session {
  const refused = refuseTarget(target, options.allowHost);
  if (refused.length > 0) throw new RequestRefused(refused.join('; '));
  const client = createClient({
    ...(target.app && { app: target.app }),
    ...(options.clock && { clock: options.clock }),
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
  // `sipgate.BAS-02` stands for BAS-02a and BAS-02b too.
  const pattern = selector
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${pattern}[a-z]?$`, 'i').test(id);
}

/** Reachable, a good credential is good, a random one is not: else no verdict about authentication means anything. */
export async function judgeTarget(session: Session, selected: Check[]): Promise<string[]> {
  const asked = selected.filter(({ provider }) => serves(session.target, provider));
  const providers = [...new Set(asked.map(({ provider }) => provider))];
  const problems: string[] = [];
  for (const provider of providers) problems.push(...(await judgeProvider(session, provider)));
  return problems;
}

/** Only the fake has a short form: the real hosts are not asked for it. */
const serves = (target: Target, provider: ProviderName) => provider !== 'shortForm' || target.shortForm !== undefined;

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
    const hint = provider === 'shortForm' ? " (a target without a short form: --skip 'shortForm.*')" : '';
    return [`canary of ${provider}: ${error instanceof Error ? error.message : String(error)}${hint}`];
  }
}

const variablesFor = (provider: ProviderName) =>
  (provider === 'sipsim' ? variablesOf('sipsim.client') : variablesOf('sipgate.pat')).join(' and ');

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

/** Runs one check of a session. Its secrets stand in the verdict as they are: see `maskVerdict`. */
export async function runCheck(check: Check, session: Session, options: RunOptions = {}): Promise<Verdict> {
  const { run, ...described } = check;
  const obstacle = obstacleOf(check, session.target, options);
  if (obstacle)
    return {
      check: described,
      outcome: 'not-run',
      ...obstacle,
      requests: 0,
      milliseconds: 0,
      exchanges: [],
    };
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

/** Why a check may not or cannot be asked of a target. */
function obstacleOf(check: Check, target: Target, permission: Permission) {
  const { risk, needs, provider } = check;
  if (!serves(target, provider)) return { cause: 'policy', reason: 'the target has no short form' } as const;
  const refusal = refuseRisk(risk, target, permission);
  if (refusal !== undefined) return { cause: 'policy', reason: refusal } as const;
  const lacking = needs.filter((need) => !has(target, need));
  if (lacking.length === 0) return undefined;
  const wanted = lacking.map((need) => [need, ...variablesOf(need)].join(' '));
  return { cause: 'missing', reason: `the target lacks ${wanted.join('; ')}` } as const;
}
