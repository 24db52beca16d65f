/** https: with a certificate made at the start, or with one's own; plain HTTP is refused or sent there. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get, request } from 'node:https';
import { connect as connectPlain } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { expect, test } from 'vitest';
import { type Mock, startMock } from '../mock-server/index.ts';
import { createAuthority } from '../mock-server/tls/certificate.ts';
import { demoPat } from './support/ask.ts';
import { fastest, timeOf } from './support/fastest.ts';

const ask = (
  mock: Mock,
  url: string,
  ca?: string,
): Promise<{ status: number; date: string | undefined; text: string }> =>
  new Promise((resolve, reject) => {
    get(url, { headers: { authorization: demoPat(mock) }, ...(ca !== undefined && { ca }) }, (answer) => {
      let text = '';
      answer.on('data', (part) => {
        text += String(part);
      });
      answer.on('error', reject);
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, date: answer.headers.date, text }));
    }).on('error', reject);
  });
const readCa = (mock: Mock) => readFileSync(mock.caFile ?? '', 'utf8');

test('a client that trusts the authority is answered, by each name of loopback', async () => {
  await using mock = await startMock({ tls: true });
  mock.clock.set('2030-01-01T00:00:00Z');
  const port = new URL(mock.url).port;
  expect(mock.url).toBe(`https://127.0.0.1:${port}`);
  expect(mock.environment).toMatchObject({ SIDETONE_CA_FILE: mock.caFile, SIPGATE_BASE_URL: `${mock.url}/v2` });
  for (const host of ['127.0.0.1', 'localhost']) {
    const answer = await ask(mock, `https://${host}:${port}/v2/account`, readCa(mock));
    expect([answer.status, answer.date]).toEqual([200, expect.stringContaining('2030')]);
  }
});

test('one that does not is not, and no other name is vouched for', async () => {
  await using mock = await startMock({ tls: true });
  await expect(ask(mock, `${mock.url}/v2/account`)).rejects.toThrow(/certificate/);
  const { port } = new URL(mock.url);
  const foreign = new Promise((resolve, reject) => {
    const socket = connect({ port: Number(port), host: '127.0.0.1', servername: 'api.sipgate.com', ca: readCa(mock) });
    socket.once('secureConnect', resolve).once('error', reject);
  });
  await expect(foreign).rejects.toThrow(/altnames/);
});

test("the login page's cookies are Secure, and go with requests of other sites", async () => {
  await using mock = await startMock({ tls: true });
  const { clientId = '' } = mock.credentials.sipgate;
  const query = new URLSearchParams({
    client_id: clientId,
    redirect_uri: 'http://localhost:3000/callback',
    response_type: 'code',
  });
  const url = `${mock.url}/auth/realms/third-party/protocol/openid-connect/auth?${query}`;
  const lines = await new Promise<string[]>((resolve, reject) => {
    get(url, { ca: readCa(mock) }, (answer) => {
      answer.resume();
      resolve(answer.headers['set-cookie'] ?? []);
    }).on('error', reject);
  });
  expect(lines.map((line) => line.split('=')[0])).toEqual(['AUTH_SESSION_ID', 'KC_AUTH_SESSION_HASH', 'KC_RESTART']);
  for (const line of lines) expect(line).toMatch(/; Secure; SameSite=None$/);
});

test('the issuer is https, in a namespace too', async () => {
  await using mock = await startMock({ tls: true });
  const one = await mock.namespace('one');
  const url = `${one.url}/auth/realms/third-party/.well-known/openid-configuration`;
  const { issuer } = JSON.parse((await ask(mock, url, readCa(mock))).text);
  expect(issuer).toBe(`${mock.url}/~one/auth/realms/third-party`);
});

test('the file of the authority is gone when the mock is', async () => {
  const mock = await startMock({ tls: true });
  expect(existsSync(mock.caFile ?? '')).toBe(true);
  await mock.close();
  expect(existsSync(mock.caFile ?? '')).toBe(false);
});

test('plain HTTP is refused, or redirected by a setting', async () => {
  await using mock = await startMock({ tls: true });
  const plain = mock.url.replace('https:', 'http:');
  const refused = await fetch(`${plain}/v2/account`);
  expect([refused.status, await refused.text()]).toEqual([400, 'This port speaks https alone.\n']);
  mock.configure({ server: { plainHttp: 'redirected' } });
  const sent = await fetch(`${plain}/v2/account?a=b`, { redirect: 'manual' });
  expect([sent.status, sent.headers.get('location')]).toEqual([308, `${mock.url}/v2/account?a=b`]);
  expect(mock.requests()).toEqual([]);
});

test('a certificate of one’s own', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'own-'));
  const authority = await createAuthority();
  const { key, cert } = await authority.issue(['fake.example', '127.0.0.1']);
  const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  writeFileSync(keyFile, key);
  writeFileSync(certFile, cert);
  await using mock = await startMock({ tls: { keyFile, certFile } });
  expect(mock.caFile).toBeUndefined();
  expect((await ask(mock, `${mock.url}/v2/account`, authority.pem)).status).toBe(200);
  await expect(startMock({ tls: { keyFile: join(folder, 'none'), certFile } })).rejects.toThrow(/tls.keyFile.*ENOENT/);
  rmSync(folder, { recursive: true });
});

test('a fault resets and cuts a TLS connection too', async () => {
  await using mock = await startMock({ tls: true });
  const outcome = () => ask(mock, `${mock.url}/v2/account`, readCa(mock)).catch((error) => error.code ?? error.message);
  mock.fail({ connection: 'reset', times: 1 });
  expect(await outcome()).toBe('ECONNRESET');
  mock.fail({ connection: 'truncated', times: 1 });
  expect(await outcome()).toBe('ECONNRESET');
  expect(await outcome()).toMatchObject({ status: 200 });
});

test('closes within a second though clients hold connections open', async () => {
  const closing = async () => {
    const mock = await startMock({ tls: true });
    const port = Number(new URL(mock.url).port);
    const silent = connectPlain(port, '127.0.0.1').on('error', () => {});
    await new Promise((resolve) => silent.once('connect', resolve));
    const half = request(`${mock.url}/oauth/token`, {
      method: 'POST',
      ca: readCa(mock),
      headers: { 'content-length': 9 },
    });
    half.on('error', () => {}).write('half');
    await expect.poll(() => mock.requests().length).toBe(1);
    const time = await timeOf(() => mock.close());
    silent.destroy();
    return time;
  };
  expect(await fastest(3, closing)).toBeLessThan(1_000);
});
