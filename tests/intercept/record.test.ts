/** `--record FILE`: what was said to the vendors' hosts, the real ones or the fake, without credentials. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RecordingFile } from '../../mock-server/index.ts';
import { startMock } from '../../mock-server/index.ts';
import { createAuthority } from '../../mock-server/tls/certificate.ts';
import { launch, run } from '../support/command.ts';
import { askThrough } from './tunnel.ts';

const folder = mkdtempSync(join(tmpdir(), 'record-test-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = (name: string) => join(folder, name);
const read = (name: string) => JSON.parse(readFileSync(path(name), 'utf8')) as RecordingFile;

/** A server that has the vendors' names in its certificate: for this test it is the real one. */
let port: number;
let stop: () => Promise<unknown>;
const authorityFile = path('real-ca.pem');
beforeAll(async () => {
  const authority = await createAuthority();
  writeFileSync(authorityFile, authority.pem);
  const certificate = await authority.issue([
    'api.sipgate.com',
    'app.sipsim.com',
    'login.sipgate.com',
    'other.example',
  ]);
  const real = createServer(certificate, async (incoming, response) => {
    const body = Buffer.concat(await incoming.toArray()).toString();
    response.setHeader('set-cookie', ['session=c00kie-s3cret; Path=/', 'b=an0ther-s3cret']);
    response.setHeader('content-type', 'application/json');
    if (incoming.url === '/oauth/token') {
      return void response.end(
        JSON.stringify({ access_token: 'opaque-t0ken-1', token_type: 'Bearer', asked: body.length }),
      );
    }
    const said = JSON.stringify({
      host: incoming.headers.host,
      echo: incoming.headers.authorization,
      webhookSecret: 'h00k-s3cret',
    });
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(said));
  });
  await new Promise<void>((resolve) => real.listen(0, '127.0.0.1', resolve));
  port = (real.address() as AddressInfo).port;
  stop = () => new Promise((resolve) => real.close(resolve).closeAllConnections());
});
afterAll(() => stop());

const PROGRAM = `
  const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: 'me', client_secret: 'my cl1ent+secret', scope: 'a' });
  const tokens = await (await fetch('https://app.sipsim.com/oauth/token', { method: 'POST', body: form })).json();
  const headers = { authorization: 'Bearer ' + tokens.access_token, cookie: 'x=y-s3cret-cookie' };
  const account = await (await fetch('https://app.sipsim.com/api/v2/account?hint=opaque-t0ken-1', { headers })).json();
  const basic = { authorization: 'Basic ' + btoa('token-AAAAAA:11111111-2222-4333-8444-555555555555') };
  await (await fetch('https://api.sipgate.com/v2/nothing', { headers: basic })).text();
  await (await fetch('https://other.example/private')).text();
  console.log(account.host, account.webhookSecret);`;
const SECRETS = [
  'opaque-t0ken-1',
  'my cl1ent+secret',
  'cl1ent',
  'c00kie-s3cret',
  'an0ther-s3cret',
  's3cret-cookie',
  'h00k-s3cret',
  '11111111-2222',
];

test('the real hosts: every exchange, by operation, and no credential in any encoding', async () => {
  const passthrough = ['app.sipsim.com', 'api.sipgate.com', 'other.example'].map((host) => `${host}=127.0.0.1:${port}`);
  const { code, stdout, stderr } = await run(
    [
      ...['exec', '--record', path('real.json'), '--passthrough', passthrough.join(',')],
      ...['--', process.execPath, '--input-type=module', '--eval', PROGRAM],
    ],
    // This process trusts the real servers by it, and hands it on to its command.
    { NODE_EXTRA_CA_CERTS: authorityFile },
  );
  expect([stderr, stdout, code]).toEqual(['', 'app.sipsim.com h00k-s3cret\n', 0]);
  const text = readFileSync(path('real.json'), 'utf8');
  const plain = [
    text,
    decodeURIComponent(text.replaceAll('%', '%25')),
    ...(text.match(/[\w+/=-]{12,}/g) ?? []).map((run) => Buffer.from(run, 'base64').toString('latin1')),
  ].join('\n');
  expect(SECRETS.filter((secret) => plain.includes(secret))).toEqual([]);
  const { recordVersion, kind, startedAt, exchanges } = read('real.json');
  expect([recordVersion, kind, Number.isNaN(Date.parse(startedAt))]).toEqual([1, 'recording', false]);
  expect(exchanges).toMatchObject([
    {
      ...{ provider: 'sipsim', operation: 'sipsim.createToken', answeredBy: 'real', milliseconds: expect.any(Number) },
      request: {
        method: 'POST',
        url: 'https://app.sipsim.com/oauth/token',
        body: expect.stringContaining('client_id=me'),
      },
      response: {
        status: 200,
        body: expect.stringMatching(/"access_token":"\[secret:[0-9a-f]{6}\]","token_type":"Bearer"/),
      },
    },
    {
      ...{ provider: 'sipsim', operation: 'sipsim.getAccount' },
      request: {
        method: 'GET',
        url: expect.stringMatching(/^https:\/\/app\.sipsim\.com\/api\/v2\/account\?hint=\[secret:[0-9a-f]{6}\]$/),
        body: null,
      },
      response: { status: 200, body: expect.stringContaining('"host":"app.sipsim.com"') },
    },
    { provider: 'sipgate', operation: null, request: { url: 'https://api.sipgate.com/v2/nothing' } },
  ]);
  expect(exchanges).toHaveLength(3);
  const { authorization } = exchanges[1]?.request.headers ?? {};
  expect(exchanges[1]?.response?.headers['set-cookie']).toHaveLength(2);
  expect(authorization).toMatch(/^Bearer \[secret:[0-9a-f]{6}\]$/);
  expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

test('the fake’s own answers, in the same form', async () => {
  const mock = await startMock({ intercept: { record: path('fake.json') } });
  expect(read('fake.json').exchanges).toEqual([]);
  const { tokenId, token } = mock.credentials.sipgate;
  const headers = { authorization: `Basic ${btoa(`${tokenId}:${token}`)}` };
  await askThrough(mock, 'https://api.sipgate.com/v2/account', { headers });
  await askThrough(mock, 'https://api.sipgate.com/account', { headers });
  await fetch(`${mock.sipgate.baseUrl}/account`, { headers });
  await mock.close();
  expect(read('fake.json').exchanges).toMatchObject([
    {
      ...{ provider: 'sipgate', operation: 'sipgate.getAccount', answeredBy: 'fake' },
      request: { method: 'GET', url: 'https://api.sipgate.com/v2/account', body: null },
      response: { status: 200, body: expect.stringContaining('"company"') },
    },
    {
      provider: 'sipgate',
      operation: null,
      request: { url: 'https://api.sipgate.com/account' },
      response: { status: 404 },
    },
  ]);
  expect(readFileSync(path('fake.json'), 'utf8')).not.toContain(token);
});

test('a secret that comes out as one later is none of the file’s in the end', async () => {
  const mock = await startMock({ intercept: { record: path('later.json') } });
  await askThrough(mock, 'https://api.sipgate.com/v2/nothing?x=later-s3cret');
  await askThrough(mock, 'https://api.sipgate.com/v2/account', { headers: { authorization: 'Bearer later-s3cret' } });
  await mock.close();
  expect(readFileSync(path('later.json'), 'utf8')).not.toContain('later-s3cret');
});

test('a process that is killed leaves a file that is whole', async () => {
  const file = path('killed.json');
  const child = launch(['start', '--port', '0', '--record', file, '--json']);
  let block = '';
  for await (const part of child.stdout ?? []) {
    block += String(part);
    if (block.endsWith('\n')) break;
  }
  const { SIDETONE_URL: url } = JSON.parse(block) as Record<string, string>;
  const { port: at } = new URL(url ?? '');

  const ask = () =>
    new Promise((resolve, reject) => {
      const asked = request({ host: '127.0.0.1', port: at, path: 'https://api.sipgate.com/v2/account' }, (answer) =>
        resolve(answer.resume()),
      );
      asked.on('error', reject).end();
    });
  for (let round = 0; round < 50; round += 1) await ask();
  // It is written beside the answers: the first of them may be here before.
  await expect.poll(() => read('killed.json').exchanges.length).toBeGreaterThan(0);
  const late = Promise.allSettled(Array.from({ length: 50 }, ask));
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('close', resolve));
  await late;
  expect(read('killed.json').exchanges.length).toBeGreaterThan(0);
});

test('a mock that cannot start leaves an older recording as it is', async () => {
  writeFileSync(path('older.json'), 'older');
  await using other = await startMock();
  const options = { port: Number(new URL(other.url).port), intercept: { record: path('older.json') } };
  await expect(startMock(options)).rejects.toThrow(/EADDRINUSE/);
  expect(readFileSync(path('older.json'), 'utf8')).toBe('older');
});

test('a file that cannot be written is said before anything is served', async () => {
  const { code, stderr } = await run(['start', '--record', path('no/such/folder/x.json'), '--port', '0']);
  expect([code, stderr]).toEqual([2, expect.stringMatching(/record: cannot write ".*x\.json": ENOENT/)]);
});
