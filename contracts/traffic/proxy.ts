/**
 * Stands between an application and one origin, and passes everything on as it is: bytes, names and order of headers,
 * status, pace. What it keeps of it is a copy.
 */
import {
  createServer,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TracedExchange } from '../trace.ts';
import { type Copy, copyOf, textOfCopy } from './copy.ts';

export interface ProxyOptions {
  /** Origin that is asked, and no other. */
  upstream: string;
  /** 0 takes a free one. */
  port?: number;
  /** Bytes of a body that are kept in memory, of each direction; what is passed on has no limit. */
  maxBody?: number;
  /** Told of each exchange when it has ended. `cut`: a body was larger than is kept. */
  onExchange(exchange: TracedExchange, cut: boolean): void;
}

export interface RunningProxy {
  upstream: string;
  /** Its own origin, on this machine alone. */
  url: string;
  close(): Promise<void>;
}

export async function startProxy(options: ProxyOptions): Promise<RunningProxy> {
  const { upstream, port = 0 } = options;
  const secure = upstream.startsWith('https:');
  // A connection for each request: one that is kept may be closed while a request is on its way.
  const agent = secure ? new HttpsAgent({ keepAlive: false }) : new HttpAgent({ keepAlive: false });
  const server = createServer((incoming, outgoing) => pass(incoming, outgoing, { ...options, agent }));
  server.on('connect', (_request, socket) =>
    socket.end('HTTP/1.1 405 Method Not Allowed\r\nConnection: close\r\n\r\n'),
  );
  server.on('upgrade', (_request, socket) => socket.end('HTTP/1.1 501 Not Implemented\r\nConnection: close\r\n\r\n'));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    upstream,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      // What is on its way may arrive; what takes longer is cut.
      const patience = setTimeout(() => server.closeAllConnections(), GRACE);
      await closed;
      clearTimeout(patience);
      agent.destroy();
    },
  };
}

/** Milliseconds. */
const GRACE = 1_000;

interface Passing extends ProxyOptions {
  agent: HttpAgent;
}

function pass(incoming: IncomingMessage, outgoing: ServerResponse, passing: Passing): void {
  const { upstream, maxBody = 1_048_576 } = passing;
  const { method = 'GET', url: target = '/' } = incoming;
  if (!/^(?:\/|\*$)/.test(target)) {
    // A target in absolute form would name another host (RFC 9112 §3.2.2).
    refuse(outgoing, 400, `this is the way to ${upstream} alone`);
    return;
  }
  const sent = copyOf(incoming, maxBody);
  const tell = tellOnce(incoming, upstream + target, sent, passing);
  const asking = ask(incoming, method, target, passing);
  asking.on('response', (answer) => passAnswer(answer, outgoing, copyOf(answer, maxBody), tell));
  asking.on('error', ({ message }) => {
    tell({ error: message });
    if (outgoing.headersSent) outgoing.destroy();
    else refuse(outgoing, 502, `${upstream} did not answer: ${message}`);
  });
  outgoing.once('close', () => {
    if (outgoing.writableFinished) return;
    tell({ error: HUNG_UP });
    asking.destroy();
  });
  incoming.pipe(asking);
}

type Tell = (outcome: Pick<TracedExchange, 'response' | 'error'>, received?: Copy) => void;

/** What comes first is how it ended. */
function tellOnce(incoming: IncomingMessage, url: string, sent: Copy, { onExchange }: Passing): Tell {
  const [startedAt, started] = [new Date().toISOString(), performance.now()];
  let told = false;
  return (outcome, received) => {
    if (told) return;
    told = true;
    const body = textOfCopy(sent, incoming.headers['content-encoding']);
    const exchange: TracedExchange = {
      startedAt,
      milliseconds: Math.round(performance.now() - started),
      request: {
        method: incoming.method ?? 'GET',
        url,
        headers: linesOf(incoming.rawHeaders),
        ...(body !== '' && { body }),
      },
      ...outcome,
    };
    onExchange(exchange, sent.cut || received?.cut === true);
  };
}

function ask(incoming: IncomingMessage, method: string, path: string, { upstream, agent }: Passing) {
  const { hostname, port, protocol, host } = new URL(upstream);
  const send = protocol === 'https:' ? httpsRequest : httpRequest;
  return send({
    ...{ hostname: hostname.replace(/^\[|\]$/g, ''), port, method, path, agent, setHost: false },
    headers: [...endToEnd(incoming.rawHeaders, ['host', 'expect']), 'Host', host, ...chunked(incoming)],
  });
}

function passAnswer(answer: IncomingMessage, outgoing: ServerResponse, received: Copy, tell: Tell): void {
  outgoing.sendDate = false;
  outgoing.writeHead(answer.statusCode ?? 502, answer.statusMessage ?? '', endToEnd(answer.rawHeaders));
  outgoing.flushHeaders();
  answer.pipe(outgoing);
  answer.once('end', () => tell({ response: responseOf(answer, received) }, received));
  answer.once('error', ({ message }) => {
    tell({ error: message });
    outgoing.destroy();
  });
}

/** Why an exchange has no answer, where that is no fault of who was asked. */
export const HUNG_UP = 'the application hung up';

const refuse = (outgoing: ServerResponse, status: number, why: string): void =>
  void outgoing.writeHead(status, { 'content-type': 'text/plain' }).end(`sidetone: ${why}\n`);

/** RFC 9110 §7.6.1: they are between two that are connected. */
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authorization',
  'te',
  'transfer-encoding',
  'upgrade',
];

/** Names and values in turn, in their order and letters, but for those of a hop. */
function endToEnd(raw: string[], without: string[] = []): string[] {
  const named = pairsOf(raw).filter(([name]) => name.toLowerCase() === 'connection');
  const listed = named.flatMap(([, value]) => value.toLowerCase().split(/\s*,\s*/));
  const left = new Set([...HOP_BY_HOP, ...listed, ...without]);
  return pairsOf(raw).flatMap(([name, value]) => (left.has(name.toLowerCase()) ? [] : [name, value]));
}

/** A body whose length is not known is chunked on the next hop too. */
const chunked = ({ headers }: IncomingMessage) =>
  headers['transfer-encoding'] === undefined ? [] : ['Transfer-Encoding', 'chunked'];

const pairsOf = (raw: string[]): [name: string, value: string][] =>
  raw.flatMap((name, index): [string, string][] => (index % 2 === 0 ? [[name, raw[index + 1] ?? '']] : []));

function linesOf(raw: string[]): Record<string, string | string[]> {
  const lines: Record<string, string | string[]> = {};
  for (const [name, value] of pairsOf(raw)) {
    const key = name.toLowerCase();
    const before = lines[key];
    if (key !== 'host') lines[key] = before === undefined ? value : [before, value].flat();
  }
  return lines;
}

function responseOf(answer: IncomingMessage, received: Copy): TracedExchange['response'] {
  const lines = Object.entries(linesOf(answer.rawHeaders)).map(([name, value]) => [name, [value].flat().join(', ')]);
  return {
    status: answer.statusCode ?? 0,
    headers: Object.fromEntries(lines),
    body: textOfCopy(received, answer.headers['content-encoding']),
  };
}
