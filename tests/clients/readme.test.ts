/** The programs of the README, run as they stand there. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Mock, startMock } from '../../mock-server/index.ts';
import { pythonWithRequests, run } from './support.ts';

const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
const section = readme.slice(readme.indexOf('## Point your program at it'), readme.indexOf('## What it serves'));

let mock: Mock;
beforeAll(async () => {
  mock = await startMock();
});
afterAll(() => mock.close());

/** The first block of a language, asked of this mock. */
function program(language: string, after = ''): string {
  const rest = section.slice(section.indexOf(after));
  const block = new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(rest)?.[1];
  if (block === undefined) throw new Error(`the README has no ${language} block`);
  return block.replaceAll('http://127.0.0.1:4010', mock.url);
}

test('curl', async () => {
  expect((await run('sh', [], program('sh'), {})).stdout).toContain('Müller & Söhne GmbH');
});
test('Node', async () => {
  const { stdout } = await run(process.execPath, ['--input-type=module', '-'], program('js'), {});
  expect(stdout).toMatch(/^200 .*company: 'Müller & Söhne GmbH'/s);
});
test('Python', async () => {
  expect((await run(pythonWithRequests(), ['-'], program('python'), {})).stdout).toMatch(/^200 .*'id': 12345/);
}, 180_000);
test('Ruby', async () => {
  expect((await run('ruby', ['-'], program('ruby'), {})).stdout).toContain('"company_name":"Müller');
});
test('JavaScript of the browser', async () => {
  const shown = `${program('js', '**JavaScript in a browser**')}\nconsole.log(company)`;
  expect((await run(process.execPath, ['--input-type=module', '-'], shown, {})).stdout).toBe('Müller & Söhne GmbH\n');
});
