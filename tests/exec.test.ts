/** `exec`, `init` and `--watch` as programs. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { launch, run, serve } from './support/command.ts';

const folder = mkdtempSync(join(tmpdir(), 'sidetone-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const node = (program: string) => [process.execPath, '--input-type=module', '--eval', program];
const exec = (words: string[], flags: string[] = [], environment?: Record<string, string>) =>
  run(['exec', ...flags, '--', ...words], environment);
/** Node keeps compiled code there too. */
const temporary = (place: string) => readdirSync(place).filter((name) => name.startsWith('sidetone-'));
const text = async (stream: AsyncIterable<Buffer> | null) => {
  let all = '';
  for await (const part of stream ?? []) all += String(part);
  return all;
};

describe('exec', () => {
  test('gives the command URLs and credentials that work, and its arguments as they are', async () => {
    const program = `
      const { SIPGATE_BASE_URL, SIPGATE_TOKEN_ID, SIPGATE_TOKEN, SIPSIM_TOKEN_URL, SIPSIM_CLIENT_ID, SIPSIM_CLIENT_SECRET,
        SIDETONE_ADMIN_URL, SIDETONE_URL } = process.env;
      const headers = { authorization: 'Basic ' + btoa(SIPGATE_TOKEN_ID + ':' + SIPGATE_TOKEN) };
      const account = await fetch(SIPGATE_BASE_URL + '/account', { headers });
      const body = new URLSearchParams({ grant_type: 'client_credentials', scope: 'account.read',
        client_id: SIPSIM_CLIENT_ID, client_secret: SIPSIM_CLIENT_SECRET });
      const token = await fetch(SIPSIM_TOKEN_URL, { method: 'POST', body });
      const clock = await fetch(SIDETONE_ADMIN_URL + '/clock');
      console.log(JSON.stringify([account.status, token.status, clock.status, process.argv.slice(1), SIDETONE_URL]));`;
    const { code, stdout, stderr } = await exec([...node(program), 'a b', '--port', '$HOME']);
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toEqual([200, 200, 200, ['a b', '--port', '$HOME'], expect.stringMatching(/:\d+$/)]);
  });
  test.each([
    [['sh', '-c', 'exit 7'], 7],
    [['sh', '-c', 'kill -9 $$'], 137],
    [['no-such-command-here'], 127],
    [[folder], 126],
  ])('%j ends with %i', async (words, code) => {
    expect((await exec(words)).code).toBe(code);
  });
  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'passes %s on and lets the command end as it likes',
    async (signal) => {
      const program = `process.on('${signal}', () => { console.log('got it'); process.exit(3); });
      setInterval(() => {}, 1000); console.log('ready');`;
      const child = launch(['exec', '--', ...node(program)]);
      const ended = new Promise((resolve) => child.once('close', resolve));
      let said = '';
      for await (const part of child.stdout ?? []) {
        said += String(part);
        if (said === 'ready\n') child.kill(signal);
      }
      expect([said, await ended]).toEqual(['ready\ngot it\n', 3]);
    },
  );
  test('leaves standard input to the command', async () => {
    const child = launch(['exec', '--', 'cat']);
    child.stdin?.end('hello');
    expect(await text(child.stdout)).toBe('hello');
  });
  test('with TLS, Node trusts the fake at once', async () => {
    const program = 'console.log((await fetch(process.env.SIDETONE_URL + "/health")).status, process.env.SIDETONE_URL)';
    const { code, stdout } = await exec(node(program), ['--tls']);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^200 https:/)]);
  });
  test('waits for what the command needs, or says what it waited for', async () => {
    const other = createServer((_request, response) => void response.end());
    const port = await new Promise<number>((resolve) =>
      other.listen(0, '127.0.0.1', () => resolve((other.address() as AddressInfo).port)),
    );
    const waitFor = ['--wait-for', `127.0.0.1:${port},http://127.0.0.1:${port}/`];
    expect((await exec(['true'], waitFor)).code).toBe(0);
    other.close();
    other.closeAllConnections();
    // Not the port of before: of those that the machine gives out, each may be somebody else's in a moment.
    const inVain = ['--wait-for', '127.0.0.1:9', '--wait-timeout', '200ms'];
    const { code, stderr } = await exec(['true'], inVain);
    expect([code, stderr]).toEqual([3, expect.stringContaining('waited in vain for 127.0.0.1:9')]);
    expect((await exec(['true'], ['--wait-for', 'nonsense'])).code).toBe(2);
  });
  test.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
    ['SIGHUP', 129],
  ] as const)('ends by %s while it waits, with code %i, and leaves no file behind', async (signal, code) => {
    const own = join(folder, signal);
    mkdirSync(own);
    // Told that it waits; the port beside it never opens.
    const asked = createServer((_request, response) => {
      before ??= temporary(own);
      response.end();
      child.kill(signal);
    });
    let before: string[] | undefined;
    await new Promise<void>((resolve) => asked.listen(0, '127.0.0.1', resolve));
    const { port } = asked.address() as AddressInfo;
    const waitFor = ['--wait-for', `127.0.0.1:9,http://127.0.0.1:${port}/`];
    const child = launch(['exec', '--tls', ...waitFor, '--', 'echo', 'run'], { TMPDIR: own });
    const ended = new Promise((resolve) => child.once('close', resolve));
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    expect([await ended, stdout, stderr]).toEqual([code, '', '']);
    expect([before, temporary(own)]).toEqual([[expect.stringMatching(/^sidetone-/)], []]);
    asked.close();
    asked.closeAllConnections();
  });
  test('ends by a signal while the fake starts, and leaves no file behind', async () => {
    const own = join(folder, 'starting');
    mkdirSync(own);
    const child = launch(['exec', '--tls', '--', 'sleep', '60'], { TMPDIR: own });
    const ended = new Promise((resolve) => child.once('close', resolve));
    await expect.poll(() => temporary(own).length, { interval: 1 }).toBe(1);
    child.kill('SIGTERM');
    expect([await ended, temporary(own)]).toEqual([143, []]);
  });
  test('takes the flags of start from the environment', async () => {
    const { code, stderr } = await exec(['true'], [], { SIDETONE_SEED: join(folder, 'none.yaml') });
    expect([code, stderr]).toEqual([2, expect.stringContaining('there is no such file')]);
  });
  test('without a command is bad usage', async () => {
    expect((await run(['exec'])).code).toBe(2);
  });
});

describe('init', () => {
  const file = join(folder, 'seed.yaml');
  test('writes a seed that is served as it is, and names its schema for editors', async () => {
    expect(await run(['init', file])).toMatchObject({ code: 0, stdout: expect.stringContaining(file) });
    const schema = /\$schema=\.\/node_modules\/sidetone\/(\S+)/.exec(readFileSync(file, 'utf8'))?.[1] ?? '';
    expect(existsSync(join(import.meta.dirname, '..', schema))).toBe(true);
    const program = `
      const { SIPGATE_BASE_URL, SIPSIM_BASE_URL } = process.env;
      const status = async (url, authorization) => (await fetch(url, { headers: { authorization } })).status;
      const basic = (pair) => 'Basic ' + btoa(pair);
      console.log(JSON.stringify([
        await status(SIPGATE_BASE_URL + '/account', basic('token-EXMPL1:11111111-2222-4333-8444-555555555555')),
        await status(SIPGATE_BASE_URL + '/account', basic('token-EXMPL2:66666666-7777-4888-8999-000000000000')),
        await status(SIPGATE_BASE_URL + '/account', 'Bearer my-static-sipgate-token'),
        await status(SIPSIM_BASE_URL + '/account', 'Bearer my-static-sipsim-token')]));`;
    expect(JSON.parse((await exec(node(program), ['--seed', file])).stdout)).toEqual([200, 403, 200, 200]);
  });
  test('does not write over a file unless it is told to', async () => {
    writeFileSync(file, 'mine');
    expect(await run(['init', file])).toMatchObject({ code: 2, stderr: expect.stringContaining('--force') });
    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect((await run(['init', '--force', file])).code).toBe(0);
    expect(readFileSync(file, 'utf8')).not.toBe('mine');
  });
});

describe('--watch', () => {
  const file = join(folder, 'watched.yaml');
  const seed = (company: string) => `sipgate: { account: { company: ${company} } }\n`;
  test('takes the file over when it changes, keeps what was issued, and says what changed or is wrong', async () => {
    writeFileSync(file, seed('One'));
    const { child, block, ended } = await serve(['--seed', file, '--watch', '--json']);
    const { SIPGATE_BASE_URL: base, SIDETONE_ADMIN_URL: admin } = JSON.parse(block) as Record<string, string>;
    let said = '';
    child.stderr?.on('data', (part) => {
      said += String(part);
    });
    const minted = await fetch(`${admin}/tokens`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' },
    });
    const { accessToken } = (await minted.json()) as { accessToken: string };
    const company = async () => {
      const answer = await fetch(`${base}/account`, { headers: { authorization: `Bearer ${accessToken}` } });
      return ((await answer.json()) as { company: string }).company;
    };
    expect(await company()).toBe('One');
    writeFileSync(file, seed('Two'));
    await expect.poll(company).toBe('Two');
    // What it says comes by another way than what it answers.
    await expect.poll(() => said).toBe(`sidetone: ${file} has changed:\n  sipgate.accounts: own changed\n`);
    writeFileSync(file, 'sipgate: { acount: {} }\n');
    await expect.poll(() => said).toContain(`${file}:1: sipgate.acount is unknown; the data stay`);
    expect(await company()).toBe('Two');
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });
  test('without a seed is bad usage', async () => {
    expect(await run(['start', '--watch'])).toMatchObject({ code: 2, stderr: expect.stringContaining('--seed') });
  });
});
