/** A Doorkeeper of its own for one run: puma on a free port of the loopback, its database in a folder that goes with it. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answering, end, freePort, kill, tailOf } from '../child-server.ts';
import { CLIENTS, SCOPES } from './cast.ts';

export interface DoorkeeperServer {
  /** Scheme and authority. */
  origin: string;
  version: string;
  stop(): Promise<void>;
}

/** The metapackage `rails` conflicts with Node packages; these do not. */
const PACKAGES = ['ruby-doorkeeper', 'ruby-railties', 'ruby-activerecord', 'ruby-sqlite3', 'puma'];

/** Seconds. */
const START_LIMIT = 60;

/** Rejects with the end of its log if it does not come up. */
export async function startDoorkeeper(): Promise<DoorkeeperServer> {
  const version = installedVersion() ?? install();
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const folder = mkdtempSync(join(tmpdir(), 'sidetone-doorkeeper-'));
  const child = launch(folder, port);
  const log = tailOf(child);
  const stop = async () => {
    await end(child);
    rmSync(folder, { recursive: true, force: true });
  };
  // The last resort, where nobody gets to say stop.
  process.once('exit', () => kill(child, 'SIGKILL'));
  try {
    await answering(`${origin}/__alive`, child, START_LIMIT);
    return { origin, version, stop };
  } catch (cause) {
    await stop();
    throw new Error(`Doorkeeper did not start:\n${log()}`, { cause });
  }
}

function launch(folder: string, port: number): ChildProcess {
  const { noGrant } = CLIENTS;
  const cast = { clients: Object.values(CLIENTS), scopes: SCOPES, defaultScopes: [], noGrant: noGrant.clientId };
  // One thread: what a reset says holds for the next request.
  const args = [
    '-e',
    'production',
    '-t',
    '1:1',
    '-b',
    `tcp://127.0.0.1:${port}`,
    join(import.meta.dirname, 'config.ru'),
  ];
  return spawn('puma', args, {
    cwd: folder,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      RAILS_ENV: 'production',
      CAST: JSON.stringify(cast),
      DATABASE: join(folder, 'parity.sqlite3'),
      // Debian's packages, whatever Ruby the shell would choose.
      PATH: `/usr/bin:${process.env.PATH}`,
    },
  });
}

const FORMAT = ['Package', 'Status', 'Version']
  .map((field) => `\${${field}}`)
  .join(' ')
  .concat('\\n');

/** Of the Debian package, without what Debian added. Undefined if something is missing. */
function installedVersion(): string | undefined {
  const asked = spawnSync('dpkg-query', ['-W', '-f', FORMAT, ...PACKAGES], {
    encoding: 'utf8',
  });
  const lines = (asked.stdout ?? '').split('\n').filter((line) => line.includes('install ok installed'));
  if (lines.length < PACKAGES.length) return undefined;
  return /^ruby-doorkeeper .* ([\d.]+)\S*$/m.exec(lines.join('\n'))?.[1];
}

/** With Debian's own tools where that is allowed; else it is said what to install. */
function install(): string {
  const command = `apt-get install --no-install-recommends ${PACKAGES.join(' ')}`;
  const advice = `Doorkeeper is missing; on Debian 12: ${command}`;
  if (process.getuid?.() !== 0 || spawnSync('apt-get', ['--version']).status !== 0) throw new Error(advice);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    execFileSync('apt-get', ['update', '-qq'], { stdio: 'ignore', env });
    const args = ['install', '-y', '-qq', '--no-install-recommends', ...PACKAGES];
    execFileSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env });
  } catch (cause) {
    throw new Error(advice, { cause });
  }
  const version = installedVersion();
  if (version === undefined) throw new Error(advice);
  return version;
}
