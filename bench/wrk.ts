/**
 * wrk, where it is installed, asks one thing again and again. It takes less of a core than autocannon, which is slower
 * than the fastest servers here and makes them look alike.
 */
import { execFile, execFileSync } from 'node:child_process';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Plan, PlannedRequest, Result } from './load.ts';

/** Milliseconds beyond the plan. */
const GRACE = 30_000;

/** What bench/wrk.lua prints. */
interface Totals extends Omit<Result, 'statuses'> {
  requests: number;
  /** Answers of 400 and more. */
  refusals: number;
}

/** Undefined where it is not installed. */
export function wrkVersion(): string | undefined {
  try {
    execFileSync('wrk', ['-v'], { stdio: 'pipe' });
  } catch (error) {
    // It tells its version as bad usage.
    return /^wrk \S*?(\d+\.\d+(?:\.\d+)?)/.exec(String((error as { stdout?: Buffer }).stdout ?? ''))?.[1];
  }
  return undefined;
}

/** Whether it can make such a load: of one request, which each connection sends as often as there is time. */
export const isForWrk = ({ requests, credentials, amount, tunnel }: Plan): boolean =>
  requests.length === 1 && (credentials ?? amount ?? tunnel ?? requests[0]?.remember) === undefined;

/** Rejects if it fails. */
export async function askByWrk({ url, connections, seconds, requests: [request] }: Plan): Promise<Result> {
  const { method = 'GET', path, headers = {}, body } = request as PlannedRequest;
  const lines = Object.entries(headers).flatMap(([name, value]) => ['--header', `${name}: ${value}`]);
  const script = ['--script', join(import.meta.dirname, 'wrk.lua')];
  const plan = ['--threads', '1', '--connections', `${connections}`, '--duration', `${Math.ceil(seconds)}s`];
  const args = [...plan, ...script, ...lines, url + path, '--', method, ...(body === undefined ? [] : [body])];
  const status = await statusOf(url, request as PlannedRequest);
  const { stdout } = await promisify(execFile)('wrk', args, { timeout: seconds * 1000 + GRACE });
  const { requests: count, refusals, ...totals } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Totals;
  // It counts refusals, but does not tell them apart.
  const others = status < 400 ? refusals : count - refusals;
  return { ...totals, statuses: { [status]: count - others, ...(others > 0 && { other: others }) } };
}

/** What the request is answered with, asked once. */
function statusOf(url: string, { method = 'GET', path, headers = {}, body }: PlannedRequest): Promise<number> {
  const send = url.startsWith('https:') ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const sent = send(url + path, { method, headers, rejectUnauthorized: false }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
    });
    sent.on('error', reject).end(body);
  });
}
