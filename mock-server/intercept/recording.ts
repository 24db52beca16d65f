/**
 * What a program and the vendors' hosts said to each other, in a file: without credentials, whole at every moment. Two
 * of them, one of the real hosts and one of the fake, are for `verify --diff`.
 */
import { accessSync, constants, renameSync, writeFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { InputError } from '../input-error.ts';
import type { RecordedExchange } from '../journal/exchange.ts';
import { secretsOf, viewOf } from '../journal/view.ts';
import { createSecrets, type Mask } from '../masking/secrets.ts';

export interface RecordingFile {
  recordVersion: 1;
  kind: 'recording';
  /** ISO 8601, real time. */
  startedAt: string;
  exchanges: SavedExchange[];
}

export interface SavedExchange {
  provider: string;
  /** By its operationId; null for what is no operation of openapi.yaml. */
  operation: string | null;
  answeredBy: 'real' | 'fake';
  startedAt: string;
  milliseconds: number;
  request: { method: string; url: string; headers: SavedHeaders; body: string | null };
  /** Absent where the connection ended without one. */
  response?: { status: number; headers: SavedHeaders; body: string | null };
}

/** By name in lower case; several lines are a list. */
export type SavedHeaders = Record<string, string | string[]>;

/** An exchange as it was, and what is known of it beside. */
export interface Overheard {
  exchange: RecordedExchange;
  /** Scheme and authority that were asked. */
  origin: string;
  answeredBy: SavedExchange['answeredBy'];
}

export interface Recorder {
  /** The file is begun, in the place of one that was there. */
  begin(): void;
  add(overheard: Overheard): void;
  /** What the fake answered; nothing where that was for no vendor's host. */
  addFake(exchange: RecordedExchange): void;
  /** Resolves once all of it is in the file. */
  close(): Promise<void>;
}

/** Throws an InputError that names the file if it cannot be written. */
export function createRecorder(path: string): Recorder {
  const secrets = createSecrets();
  const known = new Set<string>();
  const record: RecordingFile = {
    ...{ recordVersion: 1, kind: 'recording', startedAt: new Date().toISOString() },
    exchanges: [],
  };
  const text = () => `${JSON.stringify(record, null, 2)}\n`;
  // Beside it: only there can it be put in its place in one step.
  const draft = `${path}.${process.pid}.tmp`;
  try {
    accessSync(dirname(path), constants.W_OK);
  } catch (cause) {
    throw new InputError(`record: cannot write "${path}": ${(cause as NodeJS.ErrnoException).code}`, { cause });
  }
  let changed = false;
  let writing: Promise<void> | undefined;
  const write = async () => {
    while (changed) {
      changed = false;
      await writeFile(draft, text(), { mode: 0o600 });
      await rename(draft, path);
    }
    writing = undefined;
  };
  const save = () => {
    changed = true;
    writing ??= write();
    return writing;
  };
  const mask = () => secrets.masker(known);

  const add: Recorder['add'] = (overheard) => {
    for (const secret of secretsOf(overheard.exchange)) known.add(secret);
    noteMembers(overheard.exchange, secrets.note);
    record.exchanges.push(savedOf(overheard, mask()));
    save().catch(complain);
  };
  return {
    begin: () => {
      try {
        writeFileSync(draft, text(), { mode: 0o600 });
        renameSync(draft, path);
      } catch (error) {
        complain(error as Error);
      }
    },
    add,
    addFake: (exchange) => {
      if (exchange.host !== undefined) add({ exchange, origin: `https://${exchange.host}`, answeredBy: 'fake' });
    },
    close: async () => {
      // What came out as a secret later is one in what was said before, too.
      record.exchanges = record.exchanges.map((exchange) => masked(exchange, mask()) as SavedExchange);
      await save().catch(complain);
    },
  };
}

const complain = ({ message }: Error) => console.error(`sidetone: the recording is not written: ${message}`);

/** Members of JSON whose name says that they are secret, wherever they stand. */
function noteMembers({ body, answer }: RecordedExchange, note: (record: object) => void): void {
  for (const text of [body?.bytes.toString('utf8'), answer?.body?.text]) {
    try {
      const value: unknown = JSON.parse(text ?? '');
      if (typeof value === 'object' && value !== null) note(value);
    } catch {
      // Not JSON.
    }
  }
}

function savedOf({ exchange, origin, answeredBy }: Overheard, mask: Mask): SavedExchange {
  const { time, method, path, query, provider, operation, milliseconds, request, answer } = viewOf(exchange, mask);
  const url = `${origin}${path}${query === '' ? '' : `?${query}`}`;
  return {
    ...{ provider, operation, answeredBy, startedAt: time, milliseconds: milliseconds ?? 0 },
    request: { method, url, headers: savedHeaders(request.headers), body: request.body },
    ...(answer && { response: { status: answer.status, headers: savedHeaders(answer.headers), body: answer.body } }),
  };
}

/** What was said to the proxy is not part of it. */
function savedHeaders(pairs: [string, string][]): SavedHeaders {
  const saved: SavedHeaders = {};
  for (const [name, value] of pairs.map(([name, value]) => [name.toLowerCase(), value] as const)) {
    if (name.startsWith('proxy-')) continue;
    const before = Object.hasOwn(saved, name) ? saved[name] : undefined;
    saved[name] = before === undefined ? value : [before, value].flat();
  }
  return saved;
}

function masked(value: unknown, mask: Mask): unknown {
  if (typeof value === 'string') return mask(value);
  if (Array.isArray(value)) return value.map((item) => masked(item, mask));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, masked(member, mask)]));
}
