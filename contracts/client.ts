/** The only file that sends requests. It keeps budget, rate and permission, and masks secrets as they enter. */
import { Agent, type RequestListener } from 'node:http';
import supertest, { type Response, type Test } from 'supertest';
import { CheckFailure } from './check.ts';
import { createSecrets, type Mask, type Secrets } from './masking/secrets.ts';
import { createPace, type Limits } from './safety/pace.ts';
import { RequestRefused } from './safety/permission.ts';
import { patiently } from './safety/retry-after.ts';
import { isLoopbackHost } from './targets.ts';
import { type TracedExchange, trace } from './trace.ts';

export interface Outgoing {
  method: string;
  /** Absolute; where an app is asked in this process, only its path counts. */
  url: string;
  /** An array sends the header that many times. */
  headers: Record<string, string | string[]>;
  body?: string | Buffer;
  /** operationId, where it is one of the document's; for the trace. */
  operation?: string;
}

export interface Reply {
  request: Outgoing;
  status: number;
  /** By lower-case name; several lines joined by ", ". */
  headers: Record<string, string>;
  text: string;
  /** The body as JSON; throws a CheckFailure if it is none. */
  json(): Record<string, unknown>;
}

export interface Client {
  send(outgoing: Outgoing): Promise<Reply>;
  /** Requests sent so far. */
  count(): number;
  /** Keeps so many requests of the budget for later; less than nothing gives them back. */
  reserve(requests: number): void;
  /** Whatever passes is learned from; further secrets may be added. */
  secrets: Secrets;
  /** The text without any secret, in any encoding that a request or answer may hold. */
  mask: Mask;
}

export interface ClientOptions extends Limits {
  app?: RequestListener;
  secrets: string[];
  /** Why a request may not be sent; undefined if it may. */
  refuse?: (outgoing: Outgoing) => string | undefined;
  /** Milliseconds until an unanswered request counts as a fault. */
  timeout?: number;
}

export function createClient({ app, secrets, refuse, timeout = 10_000, ...limits }: ClientOptions): Client {
  const kept = createSecrets(secrets);
  const pace = createPace(limits);
  // To this machine alone, where no server ends a connection that is kept at the very moment in which it is used again.
  const agent = new Agent({ keepAlive: true });
  return {
    count: pace.count,
    reserve: pace.reserve,
    secrets: kept,
    mask: kept.mask,
    send: async (outgoing) => {
      const refusal = refuse?.(outgoing);
      if (refusal !== undefined) throw new RequestRefused(refusal);
      await pace.turn();
      const ask = async () => replyOf(outgoing, await prepare(outgoing, app, agent).timeout(timeout));
      return traceOf(outgoing, kept, () => patiently(ask, pace.turn, limits));
    },
  };
}

/** Into the trace goes what was sent, whether or not an answer came. */
async function traceOf(outgoing: Outgoing, secrets: Secrets, ask: () => Promise<Reply>): Promise<Reply> {
  const { method, url, headers, body, operation } = outgoing;
  const startedAt = new Date().toISOString();
  const started = performance.now();
  const note = (outcome: Pick<TracedExchange, 'response' | 'error'>) => {
    const exchange: TracedExchange = {
      ...(operation !== undefined && { operation }),
      startedAt,
      milliseconds: Math.round(performance.now() - started),
      request: { method, url, headers, ...(body !== undefined && { body: String(body) }) },
      ...outcome,
    };
    // What is sent to prove who asks, and what is dealt out, must not come back in a report, however it was put together.
    secrets.learn(exchange);
    trace(exchange);
  };
  try {
    const reply = await ask();
    note({ response: { status: reply.status, headers: reply.headers, body: reply.text } });
    return reply;
  } catch (error) {
    note({ error: error instanceof Error ? error.message : String(error) });
    throw error;
  }
}

function prepare({ method, url, headers, body }: Outgoing, app?: RequestListener, kept?: Agent): Test {
  const { origin, host, hostname, protocol } = new URL(url);
  const agent = supertest(app ?? origin) as unknown as Record<string, (path: string) => Test>;
  const test = agent[method.toLowerCase()]?.(url.slice(origin.length));
  if (!test) throw new Error(`no request can be sent with the method ${method}`);
  // In this process the socket is another one than the target's URL names, and what the target says of itself is its URL.
  if (app) test.set('host', host);
  else if (kept && protocol === 'http:' && isLoopbackHost(hostname)) test.agent(kept);
  for (const [name, value] of Object.entries(headers)) test.set(name, value as string);
  test
    .redirects(0)
    .ok(() => true)
    .buffer(true)
    .parse(readText as never);
  // As bytes that nothing serializes it is sent as it stands, and a missing Content-Type stays missing.
  test.serialize((value: unknown) => value as string);
  if (body !== undefined) test.send(Buffer.from(body as string));
  return test;
}

function readText(stream: NodeJS.ReadableStream, done: (error: Error | null, body: string) => void): void {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer | string) => chunks.push(Buffer.from(chunk as string)));
  stream.on('end', () => done(null, Buffer.concat(chunks).toString('utf8')));
}

function replyOf(request: Outgoing, response: Response): Reply {
  const headers = Object.entries(response.headers as Record<string, string | string[]>).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : value,
  ]);
  const text = typeof response.body === 'string' ? response.body : (response.text ?? '');
  return { request, status: response.status, headers: Object.fromEntries(headers), text, json: () => parseJson(text) };
}

function parseJson(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new CheckFailure(`expected a JSON body, got ${text === '' ? 'none' : JSON.stringify(text)}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new CheckFailure(`expected a JSON object, got ${text}`);
  }
  return value as Record<string, unknown>;
}
