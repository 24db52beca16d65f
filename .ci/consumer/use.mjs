// Imports the package, asks a fake in this process, runs the checks, and starts its command.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { startMock } from 'sidetone';
import { createTarget, exitCodeOf, runChecks, urlsOfOrigin } from 'sidetone/contracts';

const mock = await startMock();
const { tokenId, token } = mock.credentials.sipgate;
const authorization = `Basic ${Buffer.from(`${tokenId}:${token}`).toString('base64')}`;
assert.equal((await fetch(`${mock.sipgate.baseUrl}/account`, { headers: { authorization } })).status, 200);
// The inspector: every file that its page names, and that those name.
const files = new Set(['']);
for (const file of files) {
  const answer = await fetch(`${mock.adminUrl}/${file}`);
  assert.equal(answer.status, 200, file);
  for (const [, name] of (await answer.text()).matchAll(/["']\.?\/?(?:inspector\/)?([a-z-]+\.(?:js|css|svg))["']/g)) {
    files.add(`inspector/${name}`);
  }
}
assert(files.size > 10);
const result = await runChecks(createTarget('mine', urlsOfOrigin(mock.url), mock.environment));
const unwanted = result.verdicts.filter(({ outcome, cause }) => outcome !== 'passed' && cause !== 'policy');
assert.deepEqual(unwanted, []);
assert.equal(exitCodeOf(result), 0);
await mock.close();

const require = createRequire(import.meta.url);
// All that the validator would compile has been compiled when the package was made.
const loaded = Object.keys(require.cache).map((file) => basename(file));
assert(loaded.includes('schemas.cjs'));
assert(!loaded.includes('express-openapi-validator.cjs'));
assert.match(readFileSync(require.resolve('sidetone/openapi.yaml'), 'utf8'), /^openapi: 3\.1/m);
assert.equal(JSON.parse(readFileSync(require.resolve('sidetone/seed.schema.json'), 'utf8')).title, 'Sidetone seed');

// Not by npx, which would not pass the signal on.
const child = spawn('node_modules/.bin/sidetone', ['--port', '0', '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
const ended = new Promise((resolve) => child.once('close', resolve));
const [line] = await new Promise((resolve) => child.stdout.once('data', (chunk) => resolve(String(chunk).split('\n'))));
const { SIDETONE_URL } = JSON.parse(line);
assert.equal((await fetch(`${SIDETONE_URL}/v2/account`, { headers: { authorization } })).status, 200);
child.kill('SIGTERM');
assert.equal(await ended, 0);
console.log(`used on ${process.version}`);
