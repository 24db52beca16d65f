/** The README says what is true of the project as it is. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type FaultInput, startMock } from '../mock-server/index.ts';
import { run } from './support/command.ts';

const root = join(import.meta.dirname, '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const document = parse(readFileSync(join(root, 'openapi.yaml'), 'utf8'));

test('names every setting with its default', async () => {
  await using mock = await startMock();
  for (const [group, members] of Object.entries(mock.settings)) {
    for (const [name, value] of Object.entries(members as object) as [string, unknown][]) {
      const row = readme.split('\n').find((line) => line.startsWith('|') && line.includes(`\`${group}.${name}\``));
      expect(row, `${group}.${name}`).toBeDefined();
      const shown = Array.isArray(value) ? '[]' : String(value);
      if (shown !== '') expect(row, `${group}.${name}`).toContain(`\`${shown}\``);
    }
  }
});

test('names every answer that is assumed', () => {
  const assumed = Object.entries(document.components.responses as Record<string, { 'x-evidence': { class: string } }>)
    .filter(([, answer]) => answer['x-evidence'].class === 'assumed')
    .map(([name]) => name);
  expect(assumed.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
});

test('names every path', () => {
  const lasts = Object.keys(document.paths).map((path) => path.split('/').at(-1) ?? '');
  expect(lasts.filter((last) => !readme.includes(last))).toEqual([]);
});

test('shows the block that start prints', async () => {
  await using mock = await startMock({ port: 0 });
  const { startBlock } = await import('../cli/start-block.ts');
  const block = startBlock(mock, { shortForm: true }).replaceAll(mock.url, 'http://127.0.0.1:4010');
  expect(readme).toContain(block.trim());
});

test('every fault that it shows is one, and every recipe is there', async () => {
  const faults = [...readme.matchAll(/^fault '(\{.*?\})'/gm)].map(([, text]) => JSON.parse(text ?? '') as FaultInput);
  expect(faults.length).toBeGreaterThan(5);
  await using mock = await startMock();
  for (const fault of faults) mock.fail(fault);
  const recipes = [...readme.matchAll(/\]\((tests\/recipes\/[^)]+)\)/g)].map(([, path]) => path ?? '');
  expect(recipes).toHaveLength(4);
  expect(recipes.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test('every path of the control API that it names is one', async () => {
  await using mock = await startMock();
  const { paths } = (await (await fetch(`${mock.adminUrl}/openapi.json`)).json()) as { paths: object };
  const table = readme.slice(readme.indexOf('| | over HTTP'), readme.indexOf('A **fault** says'));
  const named = [...table.matchAll(/`(?:[A-Z]+(?:, )?)+ (\/[\w/{}]+)/g)].map(([, path]) => path ?? '');
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((path) => !Object.hasOwn(paths, path))).toEqual([]);
  const lacking = Object.keys(paths).filter((path) => !readme.includes(path));
  expect(lacking).toEqual([]);
});

describe('names every command and flag', () => {
  test.each(['start', 'exec', 'init', 'verify', 'sweep', 'token', 'healthcheck'])('%s', async (command) => {
    const { stdout } = await run([command, '--help']);
    const flags = [...stdout.matchAll(/^ {2}(--[\w-]+)/gm)].map(([, flag]) => flag ?? '');
    expect(flags.length).toBeGreaterThan(0);
    if (command !== 'healthcheck') expect(flags.filter((flag) => !readme.includes(flag))).toEqual([]);
  });
});
