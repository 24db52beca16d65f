/** A server with one deliberate defect: it passes everything on to the fake, and changes what goes in or comes out. */
import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Defect {
  /** What the server does wrong, as a sentence. */
  title: string;
  /** Ids of the checks that must fail because of it. */
  catches: string[];
  /** Only a run of the whole suite shows it: what is caught judges what all others saw. */
  whole?: true;
  /** Changes a request before the fake sees it. */
  request?(incoming: WireRequest): void;
  /** Answers instead of the fake. */
  instead?(incoming: WireRequest): WireAnswer | undefined;
  /** Changes the fake's answer. */
  answer?(answer: WireAnswer, incoming: WireRequest): void;
}

export interface WireRequest {
  method: string;
  /** With the query. */
  path: string;
  /** By lower-case name; a header sent twice has several values. */
  headers: Record<string, string[]>;
  body: string;
}

export interface WireAnswer {
  status: number;
  /** But for `Set-Cookie`, whose lines cannot be joined. */
  headers: Record<string, string>;
  /** Lines of `Set-Cookie`. */
  cookies?: string[];
  body: string;
}

export interface BrokenServer {
  url: string;
  /** Rejects with what went wrong in the defect itself: a check that failed because of that proves nothing. */
  close(): Promise<void>;
}

/** @param upstream URL of a good fake. */
export async function startBrokenServer(
  upstream: string,
  defect: Pick<Defect, 'request' | 'instead' | 'answer'>,
): Promise<BrokenServer> {
  let bug: unknown;
  const server = createServer((incoming, response) => {
    answer(upstream, defect, incoming, response).catch((error: unknown) => {
      bug ??= error;
      response.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close(() => (bug === undefined ? resolve() : reject(bug)));
        server.closeAllConnections();
      }),
  };
}

async function answer(
  upstream: string,
  defect: Pick<Defect, 'request' | 'instead' | 'answer'>,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const wireRequest: WireRequest = {
    method: incoming.method ?? 'GET',
    path: incoming.url ?? '/',
    headers: incoming.headersDistinct as Record<string, string[]>,
    body: Buffer.concat(chunks).toString('utf8'),
  };
  defect.request?.(wireRequest);
  const said = defect.instead?.(wireRequest) ?? (await ask(upstream, wireRequest));
  defect.answer?.(said, wireRequest);
  const { 'content-length': _, 'transfer-encoding': __, connection: ___, ...headers } = said.headers;
  if (said.cookies?.length) response.setHeader('set-cookie', said.cookies);
  response.writeHead(said.status, headers).end(said.body);
}

function ask(upstream: string, { method, path, headers, body }: WireRequest): Promise<WireAnswer> {
  const { 'content-length': _, 'transfer-encoding': __, connection: ___, ...multiple } = headers;
  // Node takes a list for headers that may repeat, and refuses it for some that may not.
  const sent = Object.fromEntries(
    Object.entries(multiple).map(([name, values]) => [name, values.length === 1 ? values[0] : values]),
  );
  const { hostname, port } = new URL(upstream);
  return new Promise((resolve, reject) => {
    const length =
      body === '' && (method === 'GET' || method === 'HEAD') ? {} : { 'content-length': Buffer.byteLength(body) };
    const outgoing = forward({ hostname, port, method, path, headers: { ...sent, ...length } }, async (answer) => {
      const chunks: Buffer[] = [];
      for await (const chunk of answer) chunks.push(chunk as Buffer);
      const { 'set-cookie': cookies = [], ...others } = answer.headers;
      const entries = Object.entries(others).map(([name, value]) => [name, String(value)]);
      const text = Buffer.concat(chunks).toString('utf8');
      resolve({ status: answer.statusCode ?? 0, headers: Object.fromEntries(entries), cookies, body: text });
    });
    outgoing.on('error', reject).end(body);
  });
}

/** Changes a member of a JSON body. */
export function changeJson(answer: WireAnswer, change: (body: Record<string, unknown>) => unknown): void {
  const body = JSON.parse(answer.body) as Record<string, unknown>;
  answer.body = JSON.stringify(change(body) ?? body);
}

/** An answer as a broken server gives it. */
export const jsonAnswer = (status: number, body: unknown): WireAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});
