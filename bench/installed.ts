/** Packages that the benchmark needs, in folders of their own: versions as their locks pin them. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
export const cache = join(root, '.cache/bench');

export interface Installed {
  folder: string;
  megabytes: number;
  packages: number;
}

const QUIET = ['--silent', '--no-fund', '--no-audit'];

/** @param name a folder of bench/packages. */
export function install(name: string): Installed {
  const folder = join(cache, name);
  const from = join(root, 'bench/packages', name);
  const lock = readFileSync(join(from, 'package-lock.json'), 'utf8');
  const ready = join(folder, 'ready');
  if (!existsSync(ready) || readFileSync(ready, 'utf8') !== lock) {
    rmSync(folder, { recursive: true, force: true });
    cpSync(from, folder, { recursive: true });
    execFileSync('npm', ['ci', '--ignore-scripts', ...QUIET], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
    writeFileSync(ready, lock);
  }
  return measured(folder);
}

/** This project's package as its users get it: packed, and installed into an empty folder. */
export function installOwn(): Installed {
  const folder = join(cache, 'sidetone');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  execFileSync(process.execPath, [join(root, 'scripts/build.ts')], { stdio: 'inherit' });
  execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], {
    cwd: root,
    stdio: 'ignore',
  });
  const tarball = readdirSync(folder).find((file) => file.endsWith('.tgz')) ?? '';
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'bench-sidetone', private: true }));
  execFileSync('npm', ['install', '--ignore-scripts', ...QUIET, `./${tarball}`], { cwd: folder, stdio: 'ignore' });
  return measured(folder);
}

function measured(folder: string): Installed {
  const used = execFileSync('du', ['-sk', 'node_modules'], { cwd: folder, encoding: 'utf8' });
  const lock = JSON.parse(readFileSync(join(folder, 'node_modules/.package-lock.json'), 'utf8')) as {
    packages: object;
  };
  return {
    folder,
    megabytes: Number(used.split('\t')[0]) / 1024,
    packages: Object.keys(lock.packages).length,
  };
}

/** WireMock's program, by Maven. Undefined, with the reason, where it cannot be had. */
export function installWireMock(): { jar: string; megabytes: number } | { missing: string } {
  const version = '3.13.1';
  const folder = join(cache, `wiremock-${version}`);
  const jar = join(folder, `wiremock-standalone-${version}.jar`);
  try {
    execFileSync('java', ['-version'], { stdio: 'ignore' });
  } catch {
    return { missing: 'no Java here' };
  }
  try {
    if (!existsSync(jar)) {
      const plugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy';
      const artifact = `-Dartifact=org.wiremock:wiremock-standalone:${version}`;
      mkdirSync(folder, { recursive: true });
      execFileSync('mvn', ['-q', '-B', plugin, artifact, `-DoutputDirectory=${folder}`], {
        cwd: folder,
        stdio: 'ignore',
      });
    }
  } catch {
    return { missing: 'Maven could not fetch it' };
  }
  return { jar, megabytes: Number(execFileSync('du', ['-k', jar], { encoding: 'utf8' }).split('\t')[0]) / 1024 };
}
