/** Runs the `sidetone` command as a program. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** Nothing of the machine's own environment that the command would read. */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(?:PORT|SIDETONE_|SIPGATE_|SIPSIM_|VITEST|NODE_|GITHUB_)/.test(name),
  ),
);

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export function launch(args: string[], extra: Record<string, string> = {}): ChildProcess {
  const env = { ...environment, NO_COLOR: '1', ...extra };
  return spawn(process.execPath, [join(root, 'cli/bin.ts'), ...args], { cwd: root, env });
}

export async function run(args: string[], extra?: Record<string, string>): Promise<Ended> {
  const child = launch(args, extra);
  const [stdout, stderr] = [text(child.stdout), text(child.stderr)];
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, stdout: await stdout, stderr: await stderr };
}

async function text(stream: ChildProcess['stdout']): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream ?? []) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

export interface Served {
  child: ChildProcess;
  /** All that it has printed until it was ready. */
  block: string;
  /** Resolves with its exit code, once it has ended. */
  ended: Promise<number | null>;
}

/** Starts `sidetone start` and waits for its block. */
export async function serve(args: string[] = [], extra?: Record<string, string>): Promise<Served> {
  const child = launch(['start', '--port', '0', ...args], extra);
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  let block = '';
  for await (const chunk of child.stdout ?? []) {
    block += String(chunk);
    if (block.endsWith('\n')) break;
  }
  return { child, block, ended };
}
