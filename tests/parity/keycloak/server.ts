/** A Keycloak of its own for one run: free port on the loopback, database in memory, gone afterwards. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type Admin, signIn } from './admin.ts';

export interface KeycloakServer {
  /** Scheme and authority; Keycloak's own paths begin with /auth, as at sipgate. */
  origin: string;
  admin: Admin;
  stop(): Promise<void>;
}

const START_LIMIT = 180_000;

/** @param home folder of the distribution. Rejects with the end of Keycloak's log if it does not come up. */
export async function startKeycloak(home: string): Promise<KeycloakServer> {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const password = randomBytes(12).toString('hex');
  const child = launch(home, port, password);
  const log = tailOf(child);
  const stop = () => end(child);
  // The last resort, where nobody gets to say stop.
  process.once('exit', () => kill(child, 'SIGKILL'));
  try {
    await answering(`${origin}/auth/realms/master`, child);
    return { origin, admin: await signIn(origin, 'admin', password), stop };
  } catch (cause) {
    await stop();
    throw new Error(`Keycloak did not start:\n${log()}`, { cause });
  }
}

function launch(home: string, port: number, password: string): ChildProcess {
  const args = ['start-dev', '--db=dev-mem', '--http-host=127.0.0.1', `--http-port=${port}`];
  return spawn('sh', [join(home, 'bin/kc.sh'), ...args, '--http-relative-path=/auth'], {
    cwd: home,
    // A group of its own: the script starts Java, and both must end.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      JAVA_OPTS_KC_HEAP: '-Xms256m -Xmx700m',
      KC_BOOTSTRAP_ADMIN_USERNAME: 'admin',
      KC_BOOTSTRAP_ADMIN_PASSWORD: password,
    },
  });
}

function tailOf(child: ChildProcess): () => string {
  let lines: string[] = [];
  const keep = (chunk: Buffer) => {
    lines = [...lines, ...String(chunk).split('\n')].slice(-30);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  return () => lines.join('\n');
}

async function answering(url: string, child: ChildProcess): Promise<void> {
  const limit = Date.now() + START_LIMIT;
  while (Date.now() < limit) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`no answer from ${url} in ${START_LIMIT / 1000} s`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('close', resolve));
  kill(child, 'SIGTERM');
  const force = setTimeout(() => kill(child, 'SIGKILL'), 10_000);
  await ended;
  clearTimeout(force);
}

function kill({ pid, exitCode, signalCode }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It ended by itself in this moment.
  }
}

const freePort = () =>
  new Promise<number>((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
