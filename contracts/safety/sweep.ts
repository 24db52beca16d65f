/** Removes what interrupted runs have left at an account: what their ledgers say, and nothing else. */
import { unlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { ownDocument } from '../catalogue.ts';
import { createClient } from '../client.ts';
import { createSession, type Session } from '../session.ts';
import { isLoopback, secretsOf, type Target, urlsOf } from '../targets.ts';
import { type Clock, realClock } from './clock.ts';
import { type Creations, createCreations, type Own } from './creations.ts';
import { refuseTarget } from './hosts.ts';
import { IS_MARKED } from './ledger.ts';
import { readLedgers, type WrittenRun } from './ledger-file.ts';
import { accountsOf } from './open-creations.ts';
import { limitsOf, type Permission, RequestRefused, refuseRequest } from './permission.ts';
import { listOf, RESOURCES } from './resources.ts';

export interface SweepOptions extends Pick<Permission, 'allowHost' | 'maxRequests' | 'maxRate'> {
  /** Folder of the ledgers. */
  ledger: string;
  /** Only the ledger of this run, even if it seems to be running still. */
  run?: string;
  /** Whatever bears the name of a run, too, though no ledger is here. */
  byName?: boolean;
  /** Says what there is, and removes nothing. */
  dryRun?: boolean;
  clock?: Clock;
}

export interface Sweep {
  /** What was removed, or with `dryRun` what would be. */
  removed: Own[];
  /** What could not be removed, a phrase each. */
  left: string[];
  /** Ledgers that were left alone, and why. */
  skipped: string[];
  /** Runs whose ledgers were worked off. */
  runs: string[];
}

/** Throws a RequestRefused for a host that may not be asked. */
export async function sweep(target: Target, options: SweepOptions): Promise<Sweep> {
  const refused = refuseTarget(target, options.allowHost);
  if (refused.length > 0) throw new RequestRefused(refused.join('; '));
  const swept: Sweep = { removed: [], left: [], skipped: [], runs: [] };
  const wanted = readLedgers(options.ledger).filter(({ run }) => options.run === undefined || options.run === run);
  for (const written of wanted) {
    const obstacle = obstacleOf(written, target, options);
    if (obstacle !== undefined) swept.skipped.push(`${written.path}: ${obstacle}`);
    else await sweepRun(written, target, options, swept);
  }
  if (options.byName) await sweepByName(target, options, swept);
  return swept;
}

/** Why a ledger is none to be worked off here. */
function obstacleOf({ urls, accounts, host, pid }: WrittenRun, target: Target, { run }: SweepOptions) {
  const differ = (one: string[], other: string[]) => one.join(' ') !== other.join(' ');
  if (differ(urls, urlsOf(target))) return `it is of ${hostsOf(urls)}, and not of ${hostsOf(urlsOf(target))}`;
  if (differ(accounts, accountsOf(target)))
    return `it was made with the credentials ${accounts.join(', ') || 'of nobody'}`;
  if (run === undefined && host === hostname() && isRunning(pid)) {
    return `its run is still going on, as process ${pid}; if it is not, name it with --run`;
  }
  return undefined;
}

const hostsOf = (urls: string[]) => [...new Set(urls.map((url) => new URL(url).host))].join(', ');

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return pid !== process.pid;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function sweepRun(written: WrittenRun, target: Target, options: SweepOptions, swept: Sweep): Promise<void> {
  const { run, kinds, open, path } = written;
  const creations = creationsOf(target, options, run);
  for (const kind of kinds) creations.adopt(kind);
  for (const { kind, id } of open) creations.adopt(kind, id);
  const session = sessionOf(target, options, creations);
  swept.runs.push(run);
  if (options.dryRun) {
    swept.removed.push(...(await creations.remaining(session)));
    return;
  }
  const { removed, left } = await creations.settle(session);
  swept.removed.push(...removed);
  swept.left.push(...left.map(session.client.mask));
  if (left.length === 0) unlinkSync(path);
}

/** What has no name, such as a switch, stays as it is. */
async function sweepByName(target: Target, options: SweepOptions, swept: Sweep): Promise<void> {
  const creations = creationsOf(target, options);
  const session = sessionOf(target, options, creations);
  for (const resource of RESOURCES.filter(({ isSwitch, isAt }) => !isSwitch && isAt(session))) {
    const found = (await listOf(session, resource)).filter(({ texts }) => texts.some((text) => IS_MARKED.test(text)));
    const known = new Set(swept.removed.map(({ kind, id }) => `${kind} ${id}`));
    for (const { id, texts } of found.filter((one) => !known.has(`${resource.kind} ${one.id}`))) {
      creations.adopt(resource.kind, id);
      if (options.dryRun) swept.removed.push({ kind: resource.kind, id, name: String(texts[0]) });
    }
  }
  if (options.dryRun) return;
  const { removed, left } = await creations.settle(session);
  swept.removed.push(...removed);
  swept.left.push(...left.map(session.client.mask));
}

/** Guarded: nothing is ended but what is adopted. */
const creationsOf = (target: Target, { clock = realClock }: SweepOptions, run?: string): Creations =>
  createCreations({
    guarded: true,
    clock,
    deadline: isLoopback(target) ? 0 : 30_000,
    ...(run !== undefined && { run }),
  });

function sessionOf(target: Target, options: SweepOptions, creations: Creations): Session {
  const permission = { ...options, allowWrite: true };
  const client = createClient({
    ...limitsOf(target, permission),
    ...(target.app && { app: target.app }),
    ...(options.clock && { clock: options.clock }),
    secrets: secretsOf(target),
    refuse: (outgoing) => refuseRequest(outgoing, target, permission),
  });
  return createSession(target, ownDocument, client, { creations });
}
