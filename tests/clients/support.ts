/** Runs small programs of other languages against a fake, and puts what they need into a folder of the project's own. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const cache = join(root, 'node_modules/.cache/sidetone');

/** A Python with `requests`, made on first use. Throws if there is no python3: a test that cannot run is no success. */
export function pythonWithRequests(): string {
  const home = join(cache, 'python');
  const python = join(home, 'bin/python');
  if (!existsSync(join(home, 'ready'))) {
    execFileSync('python3', ['-m', 'venv', home], { stdio: 'inherit' });
    execFileSync(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', 'requests==2.32.5'], {
      stdio: 'inherit',
    });
    execFileSync(python, ['-c', `open(${JSON.stringify(join(home, 'ready'))}, "w")`]);
  }
  return python;
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
