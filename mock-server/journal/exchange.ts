/** One request and its answer as the journal keeps them: raw, and bounded. Nobody outside sees this without masking. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Principal } from '../provider.ts';
import { theOne } from './repeating.ts';

export interface RecordedExchange {
  /** Counts up from 1; a reset does not begin again. */
  id: number;
  /** The mock's time of arrival, in milliseconds. */
  at: number;
  /** Real time of arrival. */
  arrivedAt: number;
  method: string;
  /** Path and query as sent, without the namespace's prefix. */
  target: string;
  httpVersion: string;
  /** Names and values by turns, as they were sent. */
  rawHeaders: string[];
  provider: string;
  /** Name of the vendor's host that it was meant for, where it came by proxy. */
  host?: string;
  operation?: string;
  /** Owner of a credential that was good. */
  principal?: Principal;
  body?: RecordedBody;
  /** Why a refusal. */
  reason?: string;
  /** Of a refusal, what its error says beside the reason. */
  refusal?: Refusal;
  fault?: { id: string; kind: string };
  /** Undefined while it is not answered. Headers: names and values by turns. */
  answer?: { status: number; headers: string[]; body?: RecordedText };
  /** Milliseconds of real time until the answer. */
  milliseconds?: number;
  /** The connection ended before an answer did. */
  aborted?: true;
  /** What has the same here was asked the same, by whatever credential, and answered the same but for ids and times. */
  like?: object;
}

export interface Refusal {
  /** OAuth error code where one exists. */
  code: string;
  /** Scopes of which one would have sufficed (403), methods that the path has (405). */
  wanted: string[];
  /** Scopes of the credential that did not suffice. */
  granted?: string[];
}

/** As much of an error as the journal keeps. */
export const refusalOf = ({ code, wanted, granted }: Refusal): Refusal => ({
  code,
  wanted,
  ...(granted && { granted }),
});

/** As much of an exchange as secrets can stand in. */
export type Spoken = Pick<RecordedExchange, 'rawHeaders' | 'target' | 'body' | 'answer'>;

export interface RecordedBody {
  bytes: Buffer;
  /** Length of the whole body, of which `bytes` may be the beginning. */
  size: number;
}

/** The body of an answer: text alone is shown of it. */
export interface RecordedText {
  text: string;
  /** Bytes of the whole body, of which `text` may be the beginning. */
  size: number;
}

/** @param limit bytes that are kept. */
export const boundedBody = (bytes: Buffer, limit: number): RecordedBody => new KeptBody(bytes, limit);

/** As a text whose characters are its bytes: a buffer is three objects, and keeps what it is a part of. */
class KeptBody implements RecordedBody {
  readonly size: number;
  private readonly octets: string;

  constructor(bytes: Buffer, limit: number) {
    this.size = bytes.length;
    this.octets = bytes.toString('latin1', 0, limit);
  }

  get bytes() {
    return Buffer.from(this.octets, 'latin1');
  }
}

/** @param limit bytes that are kept. */
export function boundedText(body: Buffer | string, limit: number): RecordedText {
  const size = Buffer.byteLength(body);
  // The very text that is sent: a copy would cost as much again.
  if (typeof body === 'string' && size <= limit) return { text: body, size };
  return { text: Buffer.from(body as string).toString('utf8', 0, limit), size };
}

/** Names and values by turns. */
export function headerLines(response: Pick<ServerResponse, 'getHeaderNames' | 'getHeader'>): string[] {
  const lines: string[] = [];
  for (const name of response.getHeaderNames()) {
    const value = response.getHeader(name);
    if (Array.isArray(value)) for (const line of value) lines.push(name, line);
    else lines.push(name, String(value));
  }
  return lines;
}

/** Without an id of a journal. */
export function arrival(incoming: IncomingMessage, at: number, provider: string): RecordedExchange {
  return {
    id: 0,
    at,
    arrivedAt: Date.now(),
    method: incoming.method ?? 'GET',
    target: theOne(incoming.url ?? '/'),
    httpVersion: theOne(incoming.httpVersion),
    rawHeaders: incoming.rawHeaders.map(theOne),
    provider,
    // With a place from the beginning, what nearly all get later costs no second object.
    operation: undefined,
    principal: undefined,
    answer: undefined,
    milliseconds: undefined,
  };
}
