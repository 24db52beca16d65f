/**
 * What a program and the vendors' hosts said to each other, in a file: without credentials, whole at every moment. Two
 * of them, one of the real hosts and one of the fake, are for `verify --diff`.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
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
  request: { method: string; url: string; headers: [string, string][]; body: string | null };
  /** Absent where the connection ended without one. */
  response?: { status: number; headers: [string, string][]; body: string | null };
}

/** An exchange as it was, and what is known of it beside. */
export interface Overheard {
  exchange: RecordedExchange;
  /** Scheme and authority that were asked. */
  origin: string;
  answeredBy: SavedExchange['answeredBy'];
}

export interface Recorder {
  add(overheard: Overheard): void;
  /** Resolves once all of it is in the file. */
  close(): Promise<void>;
}

/** Begins the file, in the place of one that was there. Throws an InputError that names it. */
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
    writeFileSync(draft, text(), { mode: 0o600 });
    renameSync(draft, path);
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

  return {
    add: (overheard) => {
      for (const secret of secretsOf(overheard.exchange)) known.add(secret);
      noteMembers(overheard.exchange, secrets.note);
      record.exchanges.push(savedOf(overheard, mask()));
      save().catch((error: Error) => console.error(`sidetone: the recording is not written: ${error.message}`));
    },
    close: async () => {
      // What came out as a secret later is one in what was said before, too.
      record.exchanges = record.exchanges.map((exchange) => masked(exchange, mask()) as SavedExchange);
      await save();
    },
  };
}

/** Members of JSON whose name says that they are secret, wherever they stand. */
function noteMembers({ body, answer }: RecordedExchange, note: (record: object) => void): void {
  for (const part of [body, answer?.body]) {
    try {
      const value: unknown = JSON.parse(part?.bytes.toString('utf8') ?? '');
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
    // What was said to the proxy is not part of it.
    request: { method, url, headers: request.headers.filter(([name]) => !/^proxy-/i.test(name)), body: request.body },
    ...(answer && { response: { status: answer.status, headers: answer.headers, body: answer.body } }),
  };
}

function masked(value: unknown, mask: Mask): unknown {
  if (typeof value === 'string') return mask(value);
  if (Array.isArray(value)) return value.map((item) => masked(item, mask));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, masked(member, mask)]));
}
