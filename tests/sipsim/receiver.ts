/** A server that webhooks are sent to. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  headers: IncomingHttpHeaders;
  raw: Buffer;
  // biome-ignore lint/suspicious/noExplicitAny: what a test reads out of JSON
  json: any;
}

export interface Receiver {
  url: string;
  received: Received[];
  [Symbol.asyncDispose](): Promise<void>;
}

/** @param answer status of an answer, headers beside it; undefined for none at all. */
export async function startReceiver(
  answer: (nth: number) => { status: number; headers?: Record<string, string> } | undefined = () => ({ status: 204 }),
): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const raw = Buffer.concat(chunks);
    received.push({ headers: request.headers, raw, json: JSON.parse(raw.toString('utf8')) });
    const given = answer(received.length);
    if (given) response.writeHead(given.status, given.headers).end(given.status === 204 ? undefined : 'thanks');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
