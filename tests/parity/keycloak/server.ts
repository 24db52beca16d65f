/** A Keycloak of its own for one run: free port on the loopback, database in memory, gone afterwards. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { answering, end, freePort, kill, tailOf } from '../child-server.ts';
import { type Admin, signIn } from './admin.ts';

export interface KeycloakServer {
  /** Scheme and authority; Keycloak's own paths begin with /auth, as at sipgate. */
  origin: string;
  admin: Admin;
  stop(): Promise<void>;
}

/** Seconds. */
const START_LIMIT = 180;

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
    await answering(`${origin}/auth/realms/master`, child, START_LIMIT);
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
