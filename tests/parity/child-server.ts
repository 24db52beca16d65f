/** A real server as a child of the run: started, waited for, ended with all that it started itself. */
import type { ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';

/** The last lines that it printed. */
export function tailOf(child: ChildProcess): () => string {
  let lines: string[] = [];
  const keep = (chunk: Buffer) => {
    lines = [...lines, ...String(chunk).split('\n')].slice(-30);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  return () => lines.join('\n');
}

/** Resolves when the URL answers 2xx. @throws if the child ends before, or after `seconds`. */
export async function answering(url: string, child: ChildProcess, seconds: number): Promise<void> {
  const limit = Date.now() + seconds * 1000;
  while (Date.now() < limit) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`no answer from ${url} in ${seconds} s`);
}

/** Asks it to end, and after ten seconds makes it. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('close', resolve));
  kill(child, 'SIGTERM');
  const force = setTimeout(() => kill(child, 'SIGKILL'), 10_000);
  await ended;
  clearTimeout(force);
}

/** The child must lead a group of its own (`detached`), which ends as a whole. */
export function kill({ pid, exitCode, signalCode }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It ended by itself in this moment.
  }
}

export const freePort = () =>
  new Promise<number>((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
