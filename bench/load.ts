/** One measurement: load on one server, by a second process. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Running } from './processes.ts';
import { askByWrk, isForWrk } from './wrk.ts';

export interface PlannedRequest {
  method?: 'GET' | 'POST' | 'DELETE';
  /** `{id}` stands for what an answer before was remembered by. */
  path: string;
  headers?: Record<string, string>;
  body?: string;
  /** Member of the answer that later requests of the connection name by `{id}`. */
  remember?: string;
}

export interface Plan {
  /** Folder where autocannon is installed. */
  generator: string;
  /** Where it can make the load, wrk does. */
  wrk?: boolean;
  url: string;
  connections: number;
  seconds: number;
  /** So many requests instead of so many seconds. */
  amount?: number;
  /** Sent one after the other on each connection. */
  requests: PlannedRequest[];
  /** Authorization: another one for each request. */
  credentials?: string[];
  /** Vendor's host that is asked through a CONNECT tunnel. */
  tunnel?: string;
}

export interface Result {
  statuses: Record<string, number>;
  errors: number;
  timeouts: number;
  seconds: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
}

/** Of one round. */
export interface Measured {
  perSecond: number;
  p50: number;
  p99: number;
  /** CPU microseconds of the server per request. */
  cpu: number | undefined;
}

/** How long a generator may take beyond its plan. */
const GRACE = 60_000;

/** @param expected statuses that are right. Rejects if another is answered: a wrong answer has no speed. */
export async function measure(running: Running, plan: Plan, expected: number[]): Promise<Measured> {
  const before = running.cpu();
  const result = await (plan.wrk && isForWrk(plan) ? askByWrk(plan) : generate(plan));
  const after = running.cpu();
  const wrong = Object.keys(result.statuses).filter((status) => !expected.includes(Number(status)));
  if (wrong.length > 0 || result.errors > 0) {
    throw new Error(`answers that should be ${expected}: ${JSON.stringify(result.statuses)}, ${result.errors} errors`);
  }
  const count = Object.values(result.statuses).reduce((sum, one) => sum + one, 0);
  if (count === 0) throw new Error('nothing was answered');
  return {
    perSecond: count / result.seconds,
    ...{ p50: result.p50, p99: result.p99 },
    cpu: before === undefined || after === undefined ? undefined : (after - before) / count,
  };
}

async function generate(plan: Plan): Promise<Result> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'generate.ts')], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const limit = setTimeout(() => child.kill('SIGKILL'), plan.seconds * 1000 + GRACE);
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  child.stdin.end(JSON.stringify(plan));
  const [printed, said] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const code = await ended;
  clearTimeout(limit);
  if (code !== 0) throw new Error(`the load generator ended with ${code}: ${said}`);
  return JSON.parse(printed) as Result;
}
