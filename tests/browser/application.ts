/** The program that users come from and go back to: it shows what the login server sends it. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Application {
  port: number;
  /** Where users come back to. */
  callback: string;
  /** Parameters of each callback, in order; `method` tells a redirect from a posted form. */
  calls: { method: string; parameters: Record<string, string> }[];
  close(): Promise<void>;
}

const PAGE = '<!doctype html><html lang="en"><meta charset="utf-8"><title>Application</title><h1>Welcome back</h1>';

export async function startApplication(): Promise<Application> {
  const calls: Application['calls'] = [];
  const server = createServer(async (request, response) => {
    if (request.url?.startsWith('/callback')) calls.push({ method: request.method ?? '', ...(await read(request)) });
    response.setHeader('content-type', 'text/html; charset=utf-8').end(PAGE);
  });
  // Every address of the loopback, so that it is another origin by another name.
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    callback: `http://localhost:${port}/callback`,
    calls,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function read(request: IncomingMessage) {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const query = new URL(request.url ?? '', 'http://localhost').searchParams;
  const form = new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
  return { parameters: Object.fromEntries([...query, ...form]) };
}
