/**
 * The load, in a process of its own: a closed loop, so that a slow server is asked less and not queued up against. Reads
 * a plan from standard input, prints a result as JSON.
 */
import { createRequire } from 'node:module';
import { connect, createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Plan, PlannedRequest, Result } from './load.ts';

/** As much of autocannon as is used here. */
interface Instance {
  on(event: 'response', listener: (client: unknown, status: number, bytes: number, milliseconds: number) => void): void;
  stop?(): void;
}

interface Client {
  setRequests(requests: Sent[]): void;
}

interface Sent extends PlannedRequest {
  setupRequest?: (request: Sent, context: { id?: string }) => Sent;
  onResponse?: (status: number, body: string, context: { id?: string }) => void;
}

type Autocannon = (options: object, done: (error: Error | null, result: Totals) => void) => Instance;

interface Totals {
  errors: number;
  timeouts: number;
  /** Seconds. */
  duration: number;
}

const plan = JSON.parse(await text(process.stdin)) as Plan;
const autocannon = createRequire(`${plan.generator}/package.json`)('autocannon') as Autocannon;
const url = plan.tunnel ? await tunnelTo(plan.tunnel, new URL(plan.url)) : plan.url;
console.log(JSON.stringify(await run(url)));
process.exit();

function run(url: string): Promise<Result> {
  const latencies: number[] = [];
  const statuses: Record<number, number> = {};
  return new Promise((resolve, reject) => {
    const options = {
      url,
      connections: plan.connections,
      ...(plan.amount === undefined ? { duration: plan.seconds } : { amount: plan.amount }),
      ...(plan.tunnel && { servername: plan.tunnel }),
      timeout: 20,
      requests: requestsOf(plan.requests),
      ...(plan.credentials && { setupClient: withCredentials(plan, plan.credentials) }),
    };
    let [started, last] = [0, 0];
    const instance = autocannon(options, (error, { errors, timeouts }) => {
      if (error) return reject(error);
      resolve({ ...{ statuses, errors, timeouts }, seconds: (last - started) / 1000, ...percentiles(latencies) });
    });
    instance.on('response', (_client, status, _bytes, milliseconds) => {
      last = performance.now();
      // Its preparations are no load.
      started ||= last - milliseconds;
      latencies.push(milliseconds);
      statuses[status] = (statuses[status] ?? 0) + 1;
    });
  });
}

/** Each connection has a part of the credentials, and its requests are made beforehand: the load must not be the slower one. */
function withCredentials({ connections, requests: [request] }: Plan, credentials: string[]): (client: Client) => void {
  let connection = 0;
  return (client) => {
    const own = credentials.filter((_, index) => index % connections === connection % connections);
    connection += 1;
    client.setRequests(own.map((authorization) => ({ path: '/', ...request, headers: { authorization } })));
  };
}

/** An id from the answer before in a path needs a hand. */
function requestsOf(requests: PlannedRequest[]): Sent[] {
  return requests.map((request) => {
    const { path } = request;
    return {
      ...request,
      ...(path.includes('{id}') && {
        setupRequest: (sent: Sent, { id = '' }: { id?: string }) => ({
          ...sent,
          path: path.replace('{id}', encodeURIComponent(id)),
        }),
      }),
      ...(request.remember !== undefined && {
        onResponse: (_status: number, body: string, context: { id?: string }) => {
          context.id = (JSON.parse(body) as Record<string, string>)[request.remember ?? ''] ?? '';
        },
      }),
    };
  });
}

function percentiles(latencies: number[]): Pick<Result, 'p50' | 'p99'> {
  const sorted = Float64Array.from(latencies).sort();
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { p50: at(0.5), p99: at(0.99) };
}

/** A port here whose connections come out at the end of a tunnel through the proxy. */
async function tunnelTo(host: string, proxy: URL): Promise<string> {
  const relay = createServer((near) => {
    const far = connect(Number(proxy.port), proxy.hostname);
    far.write(`CONNECT ${host}:443 HTTP/1.1\r\nHost: ${host}:443\r\n\r\n`);
    far.once('data', () => {
      near.pipe(far);
      far.pipe(near);
    });
    for (const socket of [near, far]) socket.on('error', () => [near, far].map((each) => each.destroy()));
  });
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
  return `https://127.0.0.1:${(relay.address() as { port: number }).port}`;
}
