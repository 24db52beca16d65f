/** Reads what a run has written down of what it made, however it ended. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Entry, LedgerHead } from './ledger.ts';
import type { Kind } from './resources.ts';

export interface WrittenRun extends LedgerHead {
  path: string;
  /** Kinds of which it has made some, or may have. */
  kinds: Set<Kind>;
  /** Ids of what may still be there. */
  open: { kind: Kind; id: string }[];
}

/** The runs of a folder, by the names of their files; none if there is no such folder. */
export function readLedgers(folder: string): WrittenRun[] {
  const names = filesOf(folder).filter((name) => name.endsWith('.jsonl'));
  return names.sort().flatMap((name) => readLedger(join(folder, name)) ?? []);
}

/** Undefined if it was ended before anything was written down, and so before anything was made. */
export function readLedger(path: string): WrittenRun | undefined {
  // A line that was cut off is of a request that was never sent: it would have been whole before that.
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  const entries = lines.map((line, index) => parse(line, `${path}:${index + 1}`));
  const [head, ...others] = entries;
  if (head?.event !== 'run') return undefined;
  const kinds = new Set<Kind>();
  const open = new Map<string, { kind: Kind; id: string }>();
  for (const entry of others) {
    if (entry.event === 'run') continue;
    const { kind, id } = entry;
    kinds.add(kind);
    if (id === undefined) continue;
    if (entry.event === 'removed') open.delete(`${kind} ${id}`);
    else open.set(`${kind} ${id}`, { kind, id });
  }
  const { event: _, ...rest } = head;
  return { ...rest, path, kinds, open: [...open.values()] };
}

function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function parse(line: string, place: string): Entry {
  try {
    const entry = JSON.parse(line) as Entry;
    if (typeof entry.event === 'string') return entry;
  } catch {
    // Said below.
  }
  throw new Error(`${place}: "${line}" is no entry of a ledger`);
}
