/** The README says what is true of the project as it is. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { startMock } from '../mock-server/index.ts';
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

describe('names every command and flag', () => {
  test.each(['start', 'verify', 'token', 'healthcheck'])('%s', async (command) => {
    const { stdout } = await run([command, '--help']);
    const flags = [...stdout.matchAll(/^ {2}(--[\w-]+)/gm)].map(([, flag]) => flag ?? '');
    expect(flags.length).toBeGreaterThan(0);
    if (command !== 'healthcheck') expect(flags.filter((flag) => !readme.includes(flag))).toEqual([]);
  });
});
