/** Keycloak's distribution, fetched once by Maven into a folder of the project's own. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export const KEYCLOAK_VERSION = '26.7.1';

const cache = join(import.meta.dirname, '../../../node_modules/.cache/sidetone');
const PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:unpack';
/** Keycloak 26 runs on nothing older. */
const JAVA_FLOOR = 17;

/** Folder of the unpacked distribution. Throws an Error that says what to install. */
export function keycloakHome(): string {
  requireJava();
  const home = join(cache, `keycloak-${KEYCLOAK_VERSION}`);
  if (existsSync(home)) return home;
  requireProgram('mvn', ['--version'], 'Maven, to fetch Keycloak: e.g. apt-get install maven');
  const making = join(cache, `keycloak-making-${process.pid}`);
  mkdirSync(making, { recursive: true });
  const artifact = `org.keycloak:keycloak-quarkus-dist:${KEYCLOAK_VERSION}:zip`;
  try {
    execFileSync('mvn', ['-q', '-B', PLUGIN, `-Dartifact=${artifact}`, `-DoutputDirectory=${making}`], {
      cwd: making,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    renameSync(join(making, `keycloak-${KEYCLOAK_VERSION}`), home);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
  return home;
}

function requireJava(): void {
  const wanted = `Java ${JAVA_FLOOR} or newer, to run Keycloak: e.g. apt-get install openjdk-${JAVA_FLOOR}-jre-headless`;
  const version = Number(/version "(\d+)/.exec(requireProgram('java', ['-version'], wanted))?.[1] ?? 0);
  if (version < JAVA_FLOOR) throw new Error(`this needs ${wanted}; found is version ${version}`);
}

function requireProgram(program: string, args: string[], wanted: string): string {
  try {
    // java -version writes to standard error.
    return execFileSync('sh', ['-c', `${program} ${args.join(' ')} 2>&1`], { encoding: 'utf8' });
  } catch (cause) {
    throw new Error(`this needs ${wanted}`, { cause });
  }
}
