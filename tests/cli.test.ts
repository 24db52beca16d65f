/** The command as a user meets it: what it prints, what it refuses, how it ends. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Mock, startMock } from '../mock-server/index.ts';
import { run, type Served, serve } from './support/command.ts';
import { fastest, timeOf } from './support/fastest.ts';

const folder = mkdtempSync(join(tmpdir(), 'sidetone-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, text: string) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

const served: Served[] = [];
async function start(args?: string[], extra?: Record<string, string>): Promise<Served> {
  const one = await serve(args, extra);
  served.push(one);
  return one;
}
afterEach(async () => {
  for (const { child, ended } of served.splice(0)) {
    child.kill('SIGTERM');
    await ended;
  }
});

const urlIn = (block: string) => /http:\/\/[\d.]+:\d+/.exec(block)?.[0] ?? '';

describe('start', () => {
  test('prints URLs, credentials and curl lines that work when pasted', async () => {
    const { block } = await start();
    const lines = block.split('\n').filter((line) => line.startsWith('  curl '));
    expect(lines).toHaveLength(2);
    const answers = [];
    for (const line of lines) answers.push(JSON.parse((await promisify(execFile)('sh', ['-c', `${line} -s`])).stdout));
    expect(answers).toMatchObject([
      { company: 'Müller & Söhne GmbH' },
      { token_type: 'Bearer', scope: 'account.read' },
    ]);
    expect(block).toContain('/__admin');
  });

  test('--json prints one line with the names of the environment', async () => {
    const { block } = await start(['--json']);
    expect(block.trim().split('\n')).toHaveLength(1);
    const values = JSON.parse(block) as Record<string, string>;
    expect(values).toMatchObject({ SIPGATE_TOKEN_ID: 'token-FQ1V12', SIPSIM_CLIENT_ID: 'sipsim-demo' });
    expect((await fetch(`${values.SIDETONE_URL}/health`)).status).toBe(200);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('%s ends it within a second with 0', async (signal) => {
    const ending = async () => {
      const { child, ended } = await start();
      return timeOf(async () => {
        child.kill(signal);
        expect(await ended).toBe(0);
      });
    };
    expect(await fastest(3, ending)).toBeLessThan(1_000);
  });

  test('flags come before the environment, the environment before the config file', async () => {
    const config = file('config.yaml', 'short-form: false\nsettings:\n  sipgate:\n    errorBody: errors\n');
    const { block } = await start(['--config', config, '--json'], {
      SIDETONE_PORT: '1',
      SIDETONE_NO_SHORT_FORM: 'false',
    });
    const url = (JSON.parse(block) as Record<string, string>).SIDETONE_URL ?? '';
    expect((await fetch(`${url}/account`)).status).toBe(401);
    expect(await (await fetch(`${url}/v2/nothing`)).json()).toMatchObject({ errors: [{ status: '404' }] });
  });

  test.each<[string, Record<string, string>, string]>([
    ['the environment', { SIDETONE_NO_ADMIN: '1', SIDETONE_NO_SHORT_FORM: 'true' }, ''],
    ['a config file, as flags', {}, 'no-admin: true\nno-short-form: true\n'],
    ['a config file, as members', {}, 'admin: false\nshortForm: false\n'],
  ])('flags with no- work from %s', async (_where, extra, text) => {
    const { block } = await start(text === '' ? [] : ['--config', file('no.yaml', text)], extra);
    expect(block).not.toContain('__admin');
    expect((await fetch(`${urlIn(block)}/__admin/clock`)).status).toBe(404);
    expect((await fetch(`${urlIn(block)}/account`)).status).toBe(404);
    const { block: open } = await start(['--config', file('yes.yaml', 'admin: true\nno-short-form: false\n')]);
    expect((await fetch(`${urlIn(open)}/__admin/clock`)).status).toBe(200);
    expect((await fetch(`${urlIn(open)}/account`)).status).toBe(401);
  });

  test('--seed replaces data, by YAML or JSON', async () => {
    const seed = file('seed.yaml', 'sipgate:\n  account:\n    company: Nobody Ltd\n');
    const url = urlIn((await start(['--seed', seed])).block);
    const authorization = `Basic ${Buffer.from('token-FQ1V12:e68ead46-a7db-46cd-8a1a-44aed1e4e372').toString('base64')}`;
    expect(await (await fetch(`${url}/v2/account`, { headers: { authorization } })).json()).toMatchObject({
      company: 'Nobody Ltd',
    });
    const json = file('seed.json', JSON.stringify({ extends: 'none', $schema: './seed.schema.json' }));
    expect(
      (await fetch(`${urlIn((await start(['--seed', json])).block)}/v2/account`, { headers: { authorization } }))
        .status,
    ).toBe(401);
  });

  test('--log-level info tells of each request and of no secret', async () => {
    const { block, child } = await start(['--log-level', 'info']);
    const line = new Promise<string>((resolve) => child.stderr?.once('data', (chunk) => resolve(String(chunk))));
    await fetch(`${urlIn(block)}/v2/account?access_token=s3cret`, { headers: { authorization: 'Bearer s3cret' } });
    expect(await line).toMatch(/^GET \/v2\/account 401 [\d.]+ ms sipgate\.getAccount \(/);
    expect(await line).not.toContain('s3cret');
    const forged = new Promise<string>((resolve) => child.stderr?.once('data', (chunk) => resolve(String(chunk))));
    const body = new URLSearchParams({ grant_type: 'x\nGET /forged 200 \u001b[31m' });
    await fetch(`${urlIn(block)}/oauth/token`, { method: 'POST', body });
    expect((await forged).trimEnd().split('\n')).toHaveLength(1);
    expect(await forged).not.toContain('\u001b');
  });

  test('--no-admin serves no control API', async () => {
    const { block } = await start(['--no-admin']);
    expect((await fetch(`${urlIn(block)}/__admin/clock`)).status).toBe(404);
    expect(block).not.toContain('__admin');
  });

  test('a port in use is named with who holds it', async () => {
    const url = urlIn((await start()).block);
    const ended = await run(['--port', new URL(url).port]);
    expect(ended).toMatchObject({ code: 3, stdout: '' });
    expect(ended.stderr).toMatch(/^sidetone: port \d+ on 127\.0\.0\.1 is taken by another sidetone .*\n$/);
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const refused = await run(['--port', String(port)]);
    other.close();
    expect(refused.code).toBe(3);
    expect(refused.stderr).toMatch(/is taken by (?:process \d+|another program)/);
  });
});

describe('one clear line and its exit code for', () => {
  test.each<[string, string[], Record<string, string>, number, RegExp]>([
    ['an unknown flag', ['--bogus'], {}, 2, /unknown option '--bogus'/],
    ['an unknown command', ['dance'], {}, 2, /"dance" is no command; there are: start, exec, verify/],
    ['a port that is none', ['--port', '70000'], {}, 2, /"70000" is no port/],
    ['a variable that is no port', [], { SIDETONE_PORT: 'x' }, 2, /SIDETONE_PORT: "x" is no port/],
    ['PORT that is no port', [], { PORT: 'x' }, 2, /PORT: "x" is no port/],
    ['a variable that is no truth value', [], { SIDETONE_QUIET: 'maybe' }, 2, /SIDETONE_QUIET must be true or false/],
    ['a log level that is none', ['--log-level', 'loud'], {}, 2, /loud/],
    ['a variable of a no- flag', [], { SIDETONE_NO_ADMIN: 'maybe' }, 2, /SIDETONE_NO_ADMIN must be true or false/],
    ['a public URL with a path', ['--public-url', 'https://x.example/y'], {}, 2, /is no origin/],
    ['a base URL with a password', ['verify', '--base-url', 'http://a:b@127.0.0.1'], {}, 2, /with credentials/],
    [
      'a report folder that is a file',
      ['verify', '--report', 'json', '--report-dir', 'package.json'],
      {},
      2,
      /cannot make the folder/,
    ],
    ['a host that is not here', ['--host', '203.0.113.1', '--port', '0'], {}, 3, /cannot listen on 203\.0\.113\.1/],
    ['a base URL that is none', ['verify', '--base-url', 'ftp://x'], {}, 2, /"ftp:\/\/x" is no http or https URL/],
    ['a selector that matches nothing', ['verify', '--only', 'nobody.*'], {}, 2, /"nobody\.\*" matches no check/],
    ['a report nobody knows', ['verify', '--report', 'pdf'], {}, 2, /"pdf" is none of json, junit/],
    ['a token where no fake is', ['token', '--url', 'http://127.0.0.1:9'], {}, 3, /no fake answers at/],
    ['an unknown check', ['explain', 'sipgate.NO-1'], {}, 2, /"sipgate\.NO-1" matches no check/],
  ])('%s', async (_what, args, extra, code, message) => {
    const ended = await run(args, extra);
    expect(ended.code).toBe(code);
    expect(ended.stderr).toMatch(message);
    expect(ended.stderr).not.toMatch(/^\s+at /m);
    expect(ended.stdout).toBe('');
  });

  test.each([
    ['a seed file that is not there', undefined, /cannot read ".*": there is no such file/],
    ['a seed file that is no YAML', 'a: [', /seed\.yaml:1: /],
    ['an unknown member', 'sipgate:\n  users: []\n  usrs: []\n', /seed\.yaml:3: sipgate\.usrs is unknown/],
    [
      'a missing member',
      'sipsim:\n  integrations:\n    - clientId: x\n',
      /seed\.yaml:3: sipsim\.integrations\[0\] lacks "clientSecret"/,
    ],
    [
      'a token of nobody',
      'sipsim:\n  accessTokens:\n    - {token: t, client: nobody, scopes: []}\n',
      /accessTokens\[0\]\.client: there is no integration "nobody"/,
    ],
    [
      'a member of the wrong type',
      'sipgate:\n  account:\n    verified: maybe\n',
      /seed\.yaml:3: sipgate\.account\.verified must be boolean/,
    ],
  ])('%s', async (_what, text, message) => {
    const path = text === undefined ? join(folder, 'nothing.yaml') : file('seed.yaml', text);
    const ended = await run(['--seed', path]);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(message);
    expect(ended.stderr.trim().split('\n')).toHaveLength(1);
  });

  test('a config file with an unknown member or setting', async () => {
    const unknown = await run(['--config', file('c1.yaml', 'host: 127.0.0.1\nprot: 1\n')]);
    expect(unknown).toMatchObject({ code: 2, stderr: expect.stringMatching(/c1\.yaml:2: prot is no flag/) });
    const setting = await run(['--config', file('c2.yaml', 'settings: {sipsim: {wrongMethod: 418}}\n')]);
    expect(setting).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/c2\.yaml:1: settings\.sipsim\.wrongMethod must be one of/),
    });
  });
});

describe('token, healthcheck, explain', () => {
  let mock: Mock;
  beforeAll(async () => {
    mock = await startMock();
  });
  afterAll(() => mock.close());

  test('token prints an access token alone, with the scopes asked for', async () => {
    const { code, stdout } = await run(['token', '--url', mock.url, '--scope', 'account:read']);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+\n$/)]);
    const headers = { authorization: `Bearer ${stdout.trim()}` };
    expect((await fetch(`${mock.sipgate.baseUrl}/account`, { headers })).status).toBe(200);
    expect((await fetch(`${mock.sipgate.baseUrl}/balance`, { headers })).status).toBe(403);
    const sipsim = await run(['token', '--url', mock.url, '--provider', 'sipsim', '--client', 'nobody']);
    expect(sipsim).toMatchObject({ code: 2, stderr: 'sidetone: SIPSIM has no integration "nobody"\n' });
  });

  test('healthcheck is 0 where the fake answers and 1 where it does not', async () => {
    expect((await run(['healthcheck', '--url', mock.url])).code).toBe(0);
    expect((await run(['healthcheck', '--port', '9'])).code).toBe(1);
  });

  test('explain says what a check asks, why and how it is known', async () => {
    const { code, stdout } = await run(['explain', 'sipgate.BRR-03']);
    expect(code).toBe(0);
    for (const part of ['sipgate.BRR-03', 'RFC 6750', 'evidence', 'risk', 'broken by']) expect(stdout).toContain(part);
  });

  test('help lists every command', async () => {
    const { code, stdout } = await run(['--help']);
    expect(code).toBe(0);
    for (const command of ['start', 'verify', 'token', 'explain', 'healthcheck']) expect(stdout).toContain(command);
  });
});
