/** Removes what a run has made, and waits until it is gone. */
import type { Session } from '../session.ts';
import type { Clock } from './clock.ts';
import type { Own } from './creations.ts';
import { type Kind, listOf, removeOf, resourceOf } from './resources.ts';
import { type Account, type Made, REMOVED } from './watch.ts';

export interface Settled {
  removed: Own[];
  /** What could not be removed, a phrase each. */
  left: string[];
}

interface Estate {
  made: Made;
  mark: string;
}

interface Patience {
  clock: Clock;
  deadline: number;
}

const PAUSE = 1_000;

/** What is still there, as the lists have it. */
export async function remaining(session: Session, { made, mark }: Estate): Promise<Own[]> {
  const all: Own[] = [];
  for (const [kind, account] of made) all.push(...(await ownIn(session, kind, account, mark)));
  return all;
}

/** One request for each kind that was made, and what is needed to remove what is left of it. */
export async function settle(session: Session, { made, mark, patience }: Estate & { patience: Patience }) {
  const settled: Settled = { removed: [], left: [] };
  for (const [kind, account] of made) {
    session.client.reserve(-account.reserved);
    account.reserved = 0;
    if (account.tried === 0) continue;
    const list = () => ownIn(session, kind, account, mark);
    try {
      const leaving = await removeAll(session, kind, account, list, settled);
      if (leaving) settled.left.push(...(await stillThere(kind, account, list, patience)));
    } catch (error) {
      settled.left.push(...unknownOf(kind, account, error instanceof Error ? error.message : String(error)));
    }
  }
  return settled;
}

type List = () => Promise<Own[]>;

/**
 * What is listed and not on its way out, and what is not listed and should be there.
 * Returns whether anything is on its way out then.
 */
async function removeAll(session: Session, kind: Kind, account: Account, list: List, settled: Settled) {
  const listed = await list();
  const leaving = ({ id }: Own) => account.ids.has(id) && !account.open.has(id);
  const unlisted = [...account.open].filter((id) => !listed.some((one) => one.id === id)).map((id) => ({ kind, id }));
  const isLeaving = listed.some(leaving);
  for (const own of [...listed.filter((one) => !leaving(one)), ...unlisted]) {
    // One that bears the mark, though nobody said that it was made, is the run's too.
    account.ids.add(own.id);
    account.open.add(own.id);
    const { status } = await removeOf(session, resourceOf(kind), own.id);
    if (status !== 404 && REMOVED.includes(status)) settled.removed.push(own);
    if (!REMOVED.includes(status)) {
      account.refused.add(own.id);
      settled.left.push(`${kind} "${own.id}" (its removal: ${status})`);
    }
  }
  return isLeaving || settled.removed.some((own) => own.kind === kind);
}

/** Waits for what was accepted for deletion. */
async function stillThere(kind: Kind, account: Account, list: List, { clock, deadline }: Patience): Promise<string[]> {
  const began = clock.now();
  for (;;) {
    const there = (await list()).filter(({ id }) => !account.refused.has(id));
    if (there.length === 0) return [];
    if (clock.now() - began + PAUSE > deadline) {
      return there.map(({ id }) => `${kind} "${id}" (its deletion was accepted, but it is still there)`);
    }
    await clock.sleep(PAUSE);
  }
}

function unknownOf(kind: Kind, { open, inDoubt }: Account, reason: string): string[] {
  const known = [...open].map((id) => `${kind} "${id}" (its removal: ${reason})`);
  return known.length > 0 || inDoubt === 0
    ? known
    : [`perhaps some ${kind} (its creation was not answered: ${reason})`];
}

async function ownIn(session: Session, kind: Kind, { ids }: Account, mark: string): Promise<Own[]> {
  const found = await listOf(session, resourceOf(kind));
  return found
    .filter(({ id, texts }) => ids.has(id) || texts.some((text) => text.includes(mark)))
    .map(({ id, texts: [name] }) => ({ kind, id, ...(name !== undefined && { name }) }));
}
