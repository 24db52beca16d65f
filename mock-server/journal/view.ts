/** An exchange as it is shown: plain JSON, without a secret. */
import { isUtf8 } from 'node:buffer';
import { splitAuthorization } from '../credentials.ts';
import { isSecretHeader, secretsInHeader, secretsInText } from '../masking/places.ts';
import type { Mask } from '../masking/secrets.ts';
import type { RecordedExchange, RecordedText, Spoken } from './exchange.ts';
import { authorizationOf, type CredentialKind, clientOf, credentialKind } from './filter.ts';

export interface JournalEntry {
  id: number;
  /** The mock's time, as ISO 8601. */
  time: string;
  method: string;
  /** Name of the vendor's host that it was meant for; null for what came to the fake's own address. */
  host: string | null;
  path: string;
  query: string;
  httpVersion: string;
  provider: string;
  operation: string | null;
  credential: { kind: CredentialKind; client: string | null; accepted: boolean; user?: string; scopes?: string[] };
  /** Why a refusal. */
  reason: string | null;
  /** The fault whose work the answer is: such an answer is injected, and no answer of the imitated API. */
  fault: { id: string; kind: string } | null;
  /** Milliseconds of real time until the answer; null while there is none. */
  milliseconds: number | null;
  request: { headers: [string, string][]; body: string | null; bodySize: number };
  /** Null where none was sent, or not yet. */
  answer: { status: number; headers: [string, string][]; body: string | null; bodySize: number } | null;
  /** The connection ended before the answer did. */
  aborted: boolean;
}

export function viewOf(exchange: RecordedExchange, mask: Mask): JournalEntry {
  const { answer, principal } = exchange;
  const [path = '', ...query] = exchange.target.split('?');
  const client = clientOf(exchange);
  return {
    id: exchange.id,
    time: new Date(exchange.at).toISOString(),
    method: mask(exchange.method),
    host: exchange.host ?? null,
    path: mask(path),
    query: mask(query.join('?')),
    httpVersion: exchange.httpVersion,
    provider: exchange.provider,
    operation: exchange.operation ?? null,
    credential: {
      kind: credentialKind(authorizationOf(exchange)),
      client: client === undefined ? null : mask(client),
      accepted: principal !== undefined,
      ...(principal?.user !== undefined && { user: principal.user }),
      ...(principal && { scopes: principal.scopes }),
    },
    reason: exchange.reason === undefined ? null : mask(exchange.reason),
    fault: exchange.fault ?? null,
    milliseconds: exchange.milliseconds === undefined ? null : Math.round(exchange.milliseconds * 10) / 10,
    request: {
      headers: maskedHeaders(pairs(exchange.rawHeaders), mask),
      ...maskedBody(exchange.body && { text: exchange.body.bytes.toString('utf8'), size: exchange.body.size }, mask),
    },
    answer: answer
      ? {
          status: answer.status,
          headers: maskedHeaders(byTurns(answer.headers), mask),
          ...maskedBody(answer.body, mask),
        }
      : null,
    aborted: exchange.aborted ?? false,
  };
}

/** Values of every place that is for secrets, so that they can be masked wherever else they stand. */
export function* secretsOf({ rawHeaders, target, body, answer }: Spoken): Generator<string> {
  const headers = [...pairs(rawHeaders), ...(answer ? byTurns(answer.headers) : [])];
  for (const [name, value] of headers) {
    if (isSecretHeader(name)) yield* secretsInHeader(name, value);
    else yield* secretsInText(value);
  }
  yield* secretsInText(target);
  if (body) yield* secretsInText(body.bytes.toString('utf8'));
  if (answer?.body) yield* secretsInText(answer.body.text);
}

const byTurns = (raw: string[]): [string, string][] =>
  Array.from({ length: raw.length / 2 }, (_, index) => [raw[index * 2] ?? '', raw[index * 2 + 1] ?? '']);

const pairs = (raw: string[]): [string, string][] =>
  byTurns(raw).map(([name, value]): [string, string] => [name, readable(value)]);

/** Node reads header bytes as Latin-1; what is UTF-8 in truth would hide a secret. */
function readable(value: string): string {
  const bytes = Buffer.from(value, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : value;
}

const maskedHeaders = (headers: [string, string][], mask: Mask): [string, string][] =>
  headers.map(([name, value]) => [
    mask(name),
    isSecretHeader(name) ? maskedCredential(name, value, mask) : mask(value),
  ]);

/** The scheme stays, and the names of cookies. */
function maskedCredential(name: string, value: string, mask: Mask): string {
  if (/cookie$/i.test(name)) {
    return mask(
      value.replace(/(^|;\s*)([^=;]*)=([^;]*)/g, (_, start, key, secret) => `${start}${key}=${mask.secret(secret)}`),
    );
  }
  const { scheme, credentials } = splitAuthorization(value);
  const known = ['basic', 'bearer', 'digest', 'dpop', 'token', 'negotiate'].includes(scheme) && credentials !== '';
  return known ? `${value.slice(0, scheme.length)} ${mask.secret(credentials)}` : mask.secret(value);
}

function maskedBody(body: RecordedText | undefined, mask: Mask): { body: string | null; bodySize: number } {
  if (!body) return { body: null, bodySize: 0 };
  return { body: mask(body.text), bodySize: body.size };
}
