/** Servers as processes of their own: started, timed to their first answer, measured, ended. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { request as secureRequest } from 'node:https';
import { end, freePort, kill, tailOf } from '../tests/parity/child-server.ts';

/** How a program is started, and what it must answer to count as started. */
export interface Program {
  name: string;
  command: (port: number) => { program: string; args: string[]; cwd?: string; env?: Record<string, string> };
  /** A real operation. */
  first: { path: string; headers?: Record<string, string>; status?: number };
  secure?: boolean;
}

export interface Running {
  port: number;
  url: string;
  /** Milliseconds from spawning it to the end of its first right answer. */
  firstAnswer: number;
  /** CPU so far in microseconds; undefined where the system does not tell. */
  cpu(): number | undefined;
  /** Resident memory in MB. */
  memory(): number | undefined;
  stop(): Promise<void>;
}

const START_LIMIT = 60_000;
const PAUSE = 2;

/** Rejects with what it printed if it does not answer. */
export async function start({ name, command, first, secure = false }: Program): Promise<Running> {
  const port = await freePort();
  const { program, args, cwd, env } = command(port);
  const spawned = performance.now();
  const child = spawn(program, args, {
    cwd,
    // A group of its own, which ends as a whole.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_ENV: 'production', NO_COLOR: '1', ...env },
  });
  const log = tailOf(child);
  // The last resort, where nobody gets to say stop.
  const force = () => kill(child, 'SIGKILL');
  process.once('exit', force);
  const stop = async () => {
    await end(child);
    process.off('exit', force);
  };
  const { path, headers = {}, status = 200 } = first;
  while ((await statusOf({ port, path, headers, secure })) !== status) {
    if (child.exitCode !== null || performance.now() - spawned > START_LIMIT) {
      await stop();
      throw new Error(`${name} does not answer ${status} to ${path}:\n${log()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  const firstAnswer = performance.now() - spawned;
  return {
    ...{ port, firstAnswer, url: `${secure ? 'https' : 'http'}://127.0.0.1:${port}` },
    cpu: () => cpuOf(child),
    memory: () => memoryOf(child),
    stop,
  };
}

interface Asked {
  port: number;
  path: string;
  headers: Record<string, string>;
  secure: boolean;
}

/** Ended from outside, this process ends as by itself: its servers are ended too. */
export function endOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
}

/** 0 where nobody answers yet. */
const statusOf = ({ port, path, headers, secure }: Asked) =>
  new Promise<number>((resolve) => {
    const options = { host: '127.0.0.1', port, path, headers, agent: false, rejectUnauthorized: false, timeout: 5_000 };
    const asking = (secure ? secureRequest : request)(options, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode ?? 0));
    });
    asking.on('timeout', () => asking.destroy());
    asking.on('error', () => resolve(0));
    asking.end();
  });

/** Linux tells it of each thread in nanoseconds. */
function cpuOf({ pid }: ChildProcess): number | undefined {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    const spent = threads.map((thread) =>
      Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]),
    );
    return spent.reduce((sum, one) => sum + one, 0) / 1_000;
  } catch {
    return undefined;
  }
}

function memoryOf({ pid }: ChildProcess): number | undefined {
  try {
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
  } catch {
    return undefined;
  }
}
