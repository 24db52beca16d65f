/** What a run makes at somebody's account, on disk before it is made: a run that is killed leaves no secret behind it. */
import { createHmac, randomUUID } from 'node:crypto';
import { accessSync, closeSync, constants, fsyncSync, mkdirSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import { dirname, join } from 'node:path';
import type { Kind } from './resources.ts';

/** A line of it, as JSON. */
export type Entry =
  | ({ event: 'run' } & LedgerHead)
  /** About to be made; of a switch its name is known. */
  | { event: 'intended'; kind: Kind; id?: string }
  | { event: 'made'; kind: Kind; id: string }
  | { event: 'removed'; kind: Kind; id: string };

export interface LedgerHead {
  run: string;
  /** ISO 8601. */
  startedAt: string;
  /** Whom it was made at. */
  urls: string[];
  /** Ids of the credentials that it was made with; they are no secrets. */
  accounts: string[];
  host: string;
  pid: number;
}

export interface Ledger {
  /** On disk when it returns, but for `removed`, which may be found out again. */
  write(entry: Exclude<Entry, { event: 'run' }>): void;
  /** Everything is removed: nobody needs it any more. */
  discard(): void;
  close(): void;
}

/** Id of a run, which what it makes is named by: `r` and ten hexadecimal digits. */
export const createRunId = (seed: string = randomUUID()): string =>
  `r${createHmac('sha256', seed).update('run').digest('hex').slice(0, 10)}`;
/** The name of what a run makes begins so. */
export const markOf = (run: string): string => `sidetone-${run}`;
export const IS_MARKED = /\bsidetone-r[0-9a-f]{10}\b/;

/** By the XDG Base Directory Specification, or as Windows has it. */
export function defaultLedgerFolder(environment: Record<string, string | undefined> = process.env): string {
  const { XDG_STATE_HOME, LOCALAPPDATA } = environment;
  return join(XDG_STATE_HOME || LOCALAPPDATA || join(homedir(), '.local', 'state'), 'sidetone', 'ledger');
}

/** There can be no ledger. Then nothing may be made. */
export class LedgerError extends Error {
  override name = 'LedgerError';
}

/** Makes the folder if need be, and the file with the first entry. Throws a LedgerError if there cannot be one. */
export function openLedger(folder: string, head: Omit<LedgerHead, 'host' | 'pid'>): Ledger {
  makeFolder(folder);
  let file: { path: string; handle: number } | undefined;
  const append = (entry: Entry, durable: boolean) => {
    file ??= createFile(folder, head.run);
    writeSync(file.handle, `${JSON.stringify(entry)}\n`);
    if (durable) fsyncSync(file.handle);
  };
  return {
    write: (entry) => {
      if (!file) append({ event: 'run', ...head, host: hostname(), pid: process.pid }, false);
      append(entry, entry.event !== 'removed');
    },
    discard: () => {
      if (!file) return;
      closeSync(file.handle);
      unlinkSync(file.path);
      file = undefined;
    },
    close: () => {
      if (file) closeSync(file.handle);
      file = undefined;
    },
  };
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw new LedgerError(`cannot write to the folder "${folder}": ${(error as NodeJS.ErrnoException).code}`);
  }
}

/** A file of its own: one of the same name is of a run with the same seed that was interrupted. */
function createFile(folder: string, run: string): { path: string; handle: number } {
  for (let number = 1; ; number += 1) {
    const path = join(folder, `${run}${number === 1 ? '' : `.${number}`}.jsonl`);
    try {
      const handle = openSync(path, 'ax', 0o600);
      syncFolder(dirname(path));
      return { path, handle };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** Else the name of a new file may be lost with the power. Windows has no such thing. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  fsyncSync(handle);
  closeSync(handle);
}
