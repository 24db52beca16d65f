/** How a run keeps account of what it makes, by what it is permitted and whom it asks. */
import { isLoopback, type Target, urlsOf } from '../targets.ts';
import { type Clock, realClock } from './clock.ts';
import { type Creations, createCreations } from './creations.ts';
import { createRunId, defaultLedgerFolder, openLedger } from './ledger.ts';
import type { Permission } from './permission.ts';

export interface CreationOptions extends Permission {
  clock?: Clock;
  /** Folder for the ledger; default: see `defaultLedgerFolder`, and none on this machine. */
  ledger?: string;
  /** What the run's id is made of; a random one if absent. */
  seed?: string;
}

/** Milliseconds until what was accepted for deletion has to be gone; on this machine it is gone at once. */
const DEADLINE = 30_000;

export function openCreations(target: Target, options: CreationOptions): Creations {
  const { allowDestructive = false, allowWrite = allowDestructive, clock = realClock } = options;
  const { seed, ledger } = options;
  const run = createRunId(seed);
  const remote = !isLoopback(target);
  const folder = ledger ?? (remote && allowWrite ? defaultLedgerFolder() : undefined);
  return createCreations({
    run,
    clock,
    guarded: remote && !allowDestructive,
    deadline: remote ? DEADLINE : 0,
    ...(folder !== undefined && { ledger: openLedger(folder, headOf(run, target, clock)) }),
  });
}

const headOf = (run: string, target: Target, clock: Clock) => ({
  run,
  startedAt: new Date(clock.now()).toISOString(),
  urls: urlsOf(target),
  accounts: accountsOf(target),
});

/** Ids of the credentials that what is made is made with. */
export const accountsOf = ({ sipgate, sipsim }: Target): string[] =>
  [sipgate?.pat?.id, sipsim?.client?.id].filter((id): id is string => id !== undefined);
