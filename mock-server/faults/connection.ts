/** Faults of the connection: what a client sees when a server, a proxy or the line between them breaks. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../clock.ts';
import { parseDuration } from '../clock.ts';
import type { FaultInput } from './fault.ts';

/** Under a TLS connection lies the one that can be reset. */
interface Layered extends Socket {
  _parent?: Socket;
}

/** A TCP reset: nothing more comes, and what was on its way is lost. */
export function resetConnection({ socket }: IncomingMessage): void {
  const { _parent: below } = socket as Layered;
  try {
    (below ?? socket).resetAndDestroy();
  } catch {
    // Not a TCP socket of ours to reset.
  }
  socket.destroy();
}

/** An orderly close without an answer. */
export async function closeEmpty(incoming: IncomingMessage): Promise<void> {
  // Bytes that nobody has read would turn the close into a reset.
  incoming.resume();
  if (!incoming.complete) {
    await new Promise<void>((resolve) => {
      for (const event of ['end', 'close', 'error']) incoming.once(event, () => resolve());
    });
  }
  incoming.socket.end();
}

export interface Breaking {
  fault: FaultInput;
  clock: Clock;
  /** Told of the whole answer, before any of it leaves. */
  answered?: (body: Buffer) => void;
}

/** Makes the answer, whoever gives it, leave as the fault has it. */
export function breakAnswer(response: ServerResponse, { fault, clock, answered }: Breaking): void {
  const end = response.end.bind(response);
  const broken = (chunk?: string | Buffer) => {
    const bytes = chunk === undefined ? Buffer.alloc(0) : Buffer.from(chunk as string);
    answered?.(bytes);
    switch (fault.connection) {
      case 'truncated':
        truncate(response, bytes);
        break;
      case 'malformed-chunk':
        malform(response, bytes);
        break;
      case 'drip':
        void drip(response, bytes, fault, clock).then(() => end());
        break;
      default:
        return end(chunk);
    }
    return response;
  };
  response.end = broken as typeof response.end;
}

/** Of an empty body some is missing too: its length promises what never comes. */
const MISSING = 16;

function truncate(response: ServerResponse, bytes: Buffer): void {
  response.removeHeader('transfer-encoding');
  response.setHeader('content-length', bytes.length === 0 ? MISSING : bytes.length);
  response.flushHeaders();
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.socket?.end());
  if (bytes.length < 2) response.socket?.end();
}

/** RFC 9112 §7.1: the size of a chunk is hexadecimal. */
function malform(response: ServerResponse, bytes: Buffer): void {
  response.removeHeader('content-length');
  response.setHeader('transfer-encoding', 'chunked');
  response.flushHeaders();
  response.socket?.write(Buffer.concat([Buffer.from('not-hex\r\n'), bytes, Buffer.from('\r\n')]));
  response.socket?.end();
}

async function drip(response: ServerResponse, bytes: Buffer, { drip = {} }: FaultInput, clock: Clock): Promise<void> {
  const { bytes: size = 8, every = '100ms' } = drip;
  const pause = parseDuration(every);
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  response.setHeader('content-length', bytes.length);
  response.flushHeaders();
  for (let index = 0; index < bytes.length && !gone.signal.aborted; index += size) {
    if (index > 0) await clock.wait(pause, gone.signal);
    if (!gone.signal.aborted) response.write(bytes.subarray(index, index + size));
  }
}
