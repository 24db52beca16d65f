/** Measures what the proxy's tunnel costs: the same request by the plain port and through a tunnel, turn by turn. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { type ConnectionOptions, connect } from 'node:tls';

/** Milliseconds. */
export interface Latency {
  median: number;
  p99: number;
}

export interface TunnelLatency {
  /** Requests on a connection that is open already. */
  kept: { plain: Latency; tunnel: Latency; ratio: number };
  /** A connection for each request: CONNECT and a handshake come with the tunnel. */
  fresh: { plain: Latency; tunnel: Latency; ratio: number };
}

interface Served {
  SIPGATE_BASE_URL: string;
  SIPGATE_TOKEN_ID: string;
  SIPGATE_TOKEN: string;
  SIDETONE_CA_FILE: string;
}

/** @param command what starts a fake with `--intercept --json`; it is ended again. */
export async function measureTunnel(
  { rounds = 2_000, fresh = 200 }: { rounds?: number; fresh?: number } = {},
  command = [process.execPath, join(import.meta.dirname, '../cli/bin.ts')],
): Promise<TunnelLatency> {
  const [program = '', ...args] = command;
  const child = spawn(program, [...args, 'start', '--port', '0', '--intercept', '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const ways = waysOf(await served(child));
    return {
      kept: await compare(ways.plain(true), ways.tunnel(true), rounds),
      fresh: await compare(ways.plain(false), ways.tunnel(false), fresh),
    };
  } finally {
    child.kill();
  }
}

async function served(child: ChildProcess): Promise<Served> {
  let text = '';
  for await (const part of child.stdout ?? []) {
    text += String(part);
    if (text.endsWith('\n')) return JSON.parse(text);
  }
  throw new Error('the fake has not started');
}

interface Way {
  ask: () => Promise<void>;
  end: () => void;
}

function waysOf(values: Served) {
  const auth = `${values.SIPGATE_TOKEN_ID}:${values.SIPGATE_TOKEN}`;
  const ca = readFileSync(values.SIDETONE_CA_FILE);
  const { hostname, port } = new URL(values.SIPGATE_BASE_URL);
  const plain = (keepAlive: boolean): Way => {
    const agent = new Agent({ keepAlive, maxSockets: 1 });
    const ask = () => answered(request({ hostname, port, path: '/v2/account', auth, agent }));
    return { ask, end: () => agent.destroy() };
  };
  const tunnel = (keepAlive: boolean): Way => {
    const agent = new TunnelAgent({ keepAlive, maxSockets: 1, ca }, { hostname, port });
    const ask = () => answered(secureRequest({ hostname: 'api.sipgate.com', path: '/v2/account', auth, agent }));
    return { ask, end: () => agent.destroy() };
  };
  return { plain, tunnel };
}

/** A connection of its is TLS in a tunnel. */
class TunnelAgent extends SecureAgent {
  readonly #proxy: { hostname: string; port: string };
  constructor(options: ConstructorParameters<typeof SecureAgent>[0], proxy: { hostname: string; port: string }) {
    super(options);
    this.#proxy = proxy;
  }
  override createConnection(options: ConnectionOptions, done?: (error: Error | null, stream: Socket) => void) {
    const asked = request({ ...this.#proxy, method: 'CONNECT', path: 'api.sipgate.com:443', agent: false });
    asked.once('connect', (_answer, socket: Socket) => {
      done?.(null, connect({ ...options, socket, servername: 'api.sipgate.com' }));
    });
    asked.once('error', (error) => done?.(error, undefined as never));
    asked.end();
    return undefined;
  }
}

function answered(asked: ReturnType<typeof request>): Promise<void> {
  return new Promise((resolve, reject) => {
    asked.on('response', (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`answered with ${answer.statusCode}`));
      answer.on('end', resolve).resume();
    });
    asked.on('error', reject).end();
  });
}

/** In turns, so that whatever else the machine does falls on both. */
async function compare(plain: Way, tunnel: Way, rounds: number) {
  const taken = { plain: [] as number[], tunnel: [] as number[] };
  for (let round = -Math.ceil(rounds / 10); round < rounds; round += 1) {
    for (const [name, { ask }] of Object.entries({ plain, tunnel }) as ['plain' | 'tunnel', Way][]) {
      const before = performance.now();
      await ask();
      // The first are for warming up.
      if (round >= 0) taken[name].push(performance.now() - before);
    }
  }
  plain.end();
  tunnel.end();
  const [one, other] = [latencyOf(taken.plain), latencyOf(taken.tunnel)];
  return { plain: one, tunnel: other, ratio: other.median / one.median };
}

function latencyOf(taken: number[]): Latency {
  const sorted = taken.toSorted((one, other) => one - other);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { median: at(0.5), p99: at(0.99) };
}

if (process.argv[1] === import.meta.filename) console.log(JSON.stringify(await measureTunnel(), null, 2));
