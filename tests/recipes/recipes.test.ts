/** The recipes for other test runners, as the README has them. Runners are installed in a folder of the project's own. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { launch } from '../support/command.ts';

const here = import.meta.dirname;
const cache = join(here, '../../.cache/recipes');

/** A folder with the recipe and its runner. Throws if it cannot be installed: a recipe that cannot run is no success. */
function npmFolder(recipe: string, runner: string): string {
  const folder = join(cache, `${recipe}-${runner.replace(/\W+/g, '-')}`);
  mkdirSync(folder, { recursive: true });
  if (!existsSync(join(folder, 'ready'))) {
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: `recipe-${recipe}`, private: true }));
    const env = { ...process.env, PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1' };
    execFileSync('npm', ['install', '--silent', '--no-fund', '--no-audit', runner], { cwd: folder, env });
    writeFileSync(join(folder, 'ready'), '');
  }
  cpSync(join(here, recipe), folder, { recursive: true });
  return folder;
}

function pytestFolder(): string {
  const folder = join(cache, 'pytest');
  if (!existsSync(join(folder, 'ready'))) {
    execFileSync('python3', ['-m', 'venv', folder]);
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', 'pytest==8.4.2', 'requests==2.32.5'];
    execFileSync(join(folder, 'bin/python'), pip);
    writeFileSync(join(folder, 'ready'), '');
  }
  return folder;
}

async function ended(words: string[]) {
  const child = launch(words);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (part) => {
      said += String(part);
    });
  }
  const code = await new Promise((resolve) => child.once('close', resolve));
  return { code, said };
}
const exec = (...words: string[]) => ended(['exec', '--', ...words]);

test('node:test, in one process with the fake', () => {
  const said = execFileSync(
    process.execPath,
    ['--test', '--test-reporter=tap', join(here, 'node-test/account.test.mjs')],
    {
      encoding: 'utf8',
      // Else it takes itself for a part of another run.
      env: { ...process.env, NODE_TEST_CONTEXT: undefined },
    },
  );
  expect(said).toMatch(/^# pass 2$/m);
});

test('Jest', async () => {
  const folder = npmFolder('jest', 'jest@30.5.2');
  const { code, said } = await exec(
    process.execPath,
    join(folder, 'node_modules/jest/bin/jest.js'),
    '--rootDir',
    folder,
  );
  expect([code, said]).toEqual([0, expect.stringMatching(/Tests: +2 passed, 2 total/)]);
});

test('Playwright', async () => {
  const folder = npmFolder('playwright', '@playwright/test@1.65.1');
  const cli = join(folder, 'node_modules/@playwright/test/cli.js');
  const { code, said } = await exec(process.execPath, cli, 'test', '--reporter=line', '--config', folder);
  expect([code, said]).toEqual([0, expect.stringMatching(/2 passed/)]);
});

test('pytest', async () => {
  const python = join(pytestFolder(), 'bin/python');
  const { code, said } = await exec(python, '-m', 'pytest', '-q', '-p', 'no:cacheprovider', join(here, 'pytest'));
  expect([code, said]).toEqual([0, expect.stringMatching(/2 passed/)]);
});
