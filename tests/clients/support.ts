/** Runs small programs of other languages against a fake. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { pythonOf, root } from './python-home.ts';

/** A Python with the packages of requirements.txt. Throws if there is none: a test that cannot run is no success. */
export function pythonWithRequests(): string {
  if (!existsSync(pythonOf()))
    throw new Error('no Python: run these tests with vitest.clients.config.ts, which makes it');
  return pythonOf();
}

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** @param program text that is given to the interpreter on its standard input. */
export async function run(
  command: string,
  args: string[],
  program: string,
  environment: Record<string, string>,
): Promise<Ended> {
  const child = spawn(command, args, { cwd: root, env: { PATH: process.env.PATH, LANG: 'C.UTF-8', ...environment } });
  child.stdin.end(program);
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { code, stdout: await stdout, stderr: await stderr };
}

async function collect(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
