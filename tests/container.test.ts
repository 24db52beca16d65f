/** The container's files, as far as they can be proven without an engine: what they say is there, and works. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { run } from './support/command.ts';

const root = join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const { scripts, files, engines } = JSON.parse(read('package.json')) as {
  scripts: Record<string, string>;
  files: string[];
  engines: { node: string };
};

/** Instructions of the Dockerfile by stage, lines joined. */
const stages = read('Dockerfile')
  .replace(/^#.*\n/gm, '')
  .replaceAll('\\\n', ' ')
  .split(/^(?=FROM )/m)
  .filter((stage) => stage.startsWith('FROM '))
  .map((stage) =>
    stage
      .trim()
      .split('\n')
      .map((line) => /^(\w+) (.*)$/.exec(line)?.slice(1) as [string, string]),
  );
const last = stages.at(-1) ?? [];
const valuesOf = (name: string) => last.filter(([instruction]) => instruction === name).map(([, value]) => value);
const list = (text: string | undefined) => JSON.parse(text ?? '[]') as string[];
const environment = Object.fromEntries(
  valuesOf('ENV').flatMap((line) => line.split(' ').map((pair) => pair.split('=') as [string, string])),
);

test('every instruction is one, and every stage begins slim and with a Node that the package takes', () => {
  const known = [
    'FROM',
    'WORKDIR',
    'COPY',
    'RUN',
    'ENV',
    'EXPOSE',
    'USER',
    'STOPSIGNAL',
    'HEALTHCHECK',
    'ENTRYPOINT',
    'CMD',
  ];
  for (const stage of stages) {
    expect(stage.filter((line) => !line || !known.includes(line[0]))).toEqual([]);
    const [, major = 0] = /^node:(\d+)-slim\b/.exec(stage[0]?.[1] ?? '') ?? [];
    expect(Number(major)).toBeGreaterThan(Number(/\d+/.exec(engines.node)?.[0]));
  }
});

test('it does not run as root, stops by a signal that the command takes, and listens beyond loopback', () => {
  const order = last.map(([instruction]) => instruction);
  expect(valuesOf('USER')).toEqual(['node']);
  expect(order.lastIndexOf('RUN')).toBeLessThan(order.indexOf('USER'));
  expect(valuesOf('STOPSIGNAL')).toEqual(['SIGTERM']);
  expect(environment).toMatchObject({ SIDETONE_HOST: '0.0.0.0', SIDETONE_PORT: valuesOf('EXPOSE')[0] });
});

test('what it copies to build with is let in, and is all that the build needs', () => {
  const ignored = read('.dockerignore').trim().split('\n');
  expect(ignored[0]).toBe('**');
  const letIn = ignored.slice(1).map((line) => line.replace(/^!/, ''));
  expect(letIn.filter((name) => !existsSync(join(root, name)))).toEqual([]);
  // What npm packs by itself, what the package names, what the build reads.
  const needed = ['package.json', 'package-lock.json', 'LICENSE', 'README.md', 'tsconfig.json', 'tsconfig.build.json'];
  const packed = files.filter((name) => name !== 'dist').map((name) => name.split('/')[0] ?? '');
  const built = /node (\w+)\//.exec(scripts.build ?? '')?.[1] ?? '';
  for (const name of [...needed, ...packed, built, 'cli', 'contracts', 'openapi.yaml']) expect(letIn).toContain(name);
});

test('its command serves with its environment, is healthy by its own health check, and ends by its signal', async () => {
  const [command = '', ...words] = [...list(valuesOf('ENTRYPOINT')[0]), ...list(valuesOf('CMD')[0])];
  const health = /CMD (\[.*\])$/.exec(valuesOf('HEALTHCHECK')[0] ?? '')?.[1];
  const [healthCommand, ...healthWords] = list(health);
  expect([command, healthCommand]).toEqual(['sidetone', 'sidetone']);
  // Another port than the image's: here it may be taken.
  const port = String(await freePort());
  const own = { ...environment, SIDETONE_PORT: port, SIDETONE_ADMIN_TOKEN: 'bearer' };
  const child: ChildProcess = spawn(process.execPath, [join(root, 'cli/bin.ts'), ...words], {
    cwd: root,
    env: { PATH: process.env.PATH, ...own },
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  for await (const part of child.stdout ?? []) if (String(part).includes('answers at')) break;
  expect((await run(healthWords, own)).code).toBe(0);
  const admin = (headers: Record<string, string>) => fetch(`http://127.0.0.1:${port}/__admin/clock`, { headers });
  expect([(await admin({})).status, (await admin({ authorization: 'Bearer bearer' })).status]).toEqual([401, 200]);
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect((await run(healthWords, own)).code).toBe(1);
});

/** Below those that the machine gives out by itself: such a one may be somebody else's by the time it is used. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const isFree = await new Promise<boolean>((resolve) => {
      const server = createServer().once('error', () => resolve(false));
      server.listen(port, '0.0.0.0', () => server.close(() => resolve(true)));
    });
    if (isFree) return port;
  }
}

test('the compose file and the GitHub snippet name the image’s port and variables that there are', async () => {
  const { services } = parse(read('compose.yaml')) as {
    services: { sidetone: { build: string; ports: string[]; environment: Record<string, string> } };
  };
  expect(services.sidetone).toMatchObject({ build: '.', ports: ['127.0.0.1:4010:4010'] });
  const { stdout } = await run(['start', '--help']);
  const known = [...stdout.matchAll(/^ {2}--([\w-]+)/gm)].map(
    ([, flag]) => `SIDETONE_${flag?.replaceAll('-', '_').toUpperCase()}`,
  );
  const named = [...`${read('compose.yaml')}${read('README.md')}`.matchAll(/\bSIDETONE_[A-Z_]+\b/g)].map(
    ([name]) => name,
  );
  const others = ['SIDETONE_ADMIN_TOKEN', 'SIDETONE_ADMIN_URL', 'SIDETONE_URL', 'SIDETONE_CA_FILE'];
  expect(named.filter((name) => ![...known, ...others].includes(name))).toEqual([]);
});
