/** CONNECT: the fake takes the tunnels that lead to the vendors' hosts, with certificates of its own authority. */

import { X509Certificate } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { get } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Mock, startMock } from '../../mock-server/index.ts';
import { demoPat } from '../support/ask.ts';
import { parse, say } from './say.ts';
import { askOn, askThrough, openTunnel, secured } from './tunnel.ts';

let mock: Mock;
beforeAll(async () => {
  mock = await startMock({ intercept: { hosts: { 'sipgate.internal': 'login.sipgate.com' } } });
});
beforeEach(() => mock.reset());
afterAll(() => mock.close());

const pat = () => ({ authorization: demoPat(mock) });
const ACCOUNT = 'https://api.sipgate.com/v2/account';

describe('a vendor’s host', () => {
  test('is answered by its provider, by name, with its own paths alone', async () => {
    const account = await askThrough(mock, ACCOUNT, { headers: pat() });
    expect([account.status, JSON.parse(account.text).company]).toEqual([200, 'Müller & Söhne GmbH']);
    expect((await askThrough(mock, 'https://app.sipsim.com/api/v2/account')).status).toBe(401);
    for (const url of [
      'https://api.sipgate.com/account',
      'https://api.sipgate.com/__admin/clock',
      'https://app.sipsim.com/health',
      'https://login.sipgate.com/v2/account',
    ]) {
      expect((await askThrough(mock, url, { headers: pat() })).status, url).toBe(404);
    }
  });
  test('is spoken of in discovery and redirects', async () => {
    const issuer = 'https://login.sipgate.com/auth/realms/third-party';
    const discovery = JSON.parse((await askThrough(mock, `${issuer}/.well-known/openid-configuration`)).text);
    expect([discovery.issuer, new URL(discovery.jwks_uri).host]).toEqual([issuer, 'login.sipgate.com']);
    const query = 'client_id=sipgate-app-web&response_type=code&redirect_uri=http://localhost:3000/cb';
    const page = await askThrough(
      mock,
      `https://login.sipgate.com/auth/realms/sipgate-apps/protocol/openid-connect/auth?${query}`,
    );
    expect(page.text).toContain(
      'action="https://login.sipgate.com/auth/realms/sipgate-apps/login-actions/authenticate',
    );
  });
  test('may have a further name', async () => {
    const issuer = 'https://sipgate.internal/auth/realms/third-party';
    const discovery = await askThrough(mock, `${issuer}/.well-known/openid-configuration`);
    expect(JSON.parse(discovery.text).issuer).toBe(issuer);
    await expect(startMock({ intercept: { hosts: { 'x.example': 'y.example' } } })).rejects.toThrow(
      /"x.example".*api\.sipgate\.com/,
    );
    await expect(startMock({ intercept: { nonsense: true } as never })).rejects.toThrow(/"nonsense"/);
  });
  test('keeps its connection, and serves one tunnel beside the other', async () => {
    const tls = await secured(await openTunnel(mock.url, 'api.sipgate.com:443'), {
      servername: 'api.sipgate.com',
      ca: mock.ca,
    });
    for (let round = 0; round < 20; round += 1) {
      expect((await askOn(tls, ACCOUNT, { headers: pat() })).status).toBe(200);
    }
    const others = Array.from({ length: 20 }, () => askThrough(mock, ACCOUNT, { headers: pat() }));
    expect((await Promise.all(others)).every(({ status }) => status === 200)).toBe(true);
    expect((await askOn(tls, ACCOUNT)).status).toBe(401);
    tls.destroy();
  });
  test('resumes a session', async () => {
    const options = { servername: 'api.sipgate.com', ca: mock.ca };
    const first = await secured(await openTunnel(mock.url, 'api.sipgate.com:443'), options);
    const session = new Promise<Buffer>((resolve) => first.once('session', resolve));
    await askOn(first, ACCOUNT);
    first.destroy();
    const second = await secured(await openTunnel(mock.url, 'api.sipgate.com:443'), {
      ...options,
      session: await session,
    });
    expect(second.isSessionReused()).toBe(true);
    second.destroy();
  });
  test.each([
    [['http/1.1'], 'http/1.1'],
    [['h2', 'http/1.1'], 'http/1.1'],
    [[], false],
  ])('speaks HTTP/1.1 to a client that offers %j', async (ALPNProtocols, spoken) => {
    const socket = await openTunnel(mock.url, 'api.sipgate.com:443');
    const tls = await secured(socket, { servername: 'api.sipgate.com', ca: mock.ca, ALPNProtocols });
    expect(tls.alpnProtocol).toBe(spoken);
    expect((await askOn(tls, ACCOUNT)).status).toBe(401);
    tls.destroy();
  });
  test('refuses a client that speaks HTTP/2 alone', async () => {
    const socket = await openTunnel(mock.url, 'api.sipgate.com:443');
    const options = { servername: 'api.sipgate.com', ca: mock.ca, ALPNProtocols: ['h2'] };
    await expect(secured(socket, options)).rejects.toThrow(/no application protocol/i);
  });
  test('does not answer for another in its tunnel', async () => {
    for (const url of [ACCOUNT, 'https://127.0.0.1/__admin/clock', 'https://app.sipsim.com.evil.example/']) {
      const socket = await openTunnel(mock.url, 'app.sipsim.com:443');
      const tls = await secured(socket, { servername: 'app.sipsim.com', ca: mock.ca });
      const answer = await askOn(tls, url, { headers: pat() });
      expect([answer.status, answer.headers['x-sidetone-reason']]).toEqual([
        421,
        expect.stringContaining('app.sipsim.com'),
      ]);
    }
    expect(mock.requests()).toEqual([]);
  });
  test('speaks https alone', async () => {
    const ask = (port: number) =>
      say(
        mock,
        Buffer.from(
          `CONNECT api.sipgate.com:${port} HTTP/1.1\r\nHost: x\r\n\r\nGET /v2/account?a=b HTTP/1.1\r\nHost: api.sipgate.com\r\n\r\n`,
        ),
      );
    const answerIn = (text: string) => parse(text.slice(text.indexOf('\r\n\r\n') + 4));
    expect([answerIn(await ask(443)).status, answerIn(await ask(80)).status]).toEqual([400, 400]);
    mock.configure({ server: { plainHttp: 'redirected' } });
    expect(answerIn(await ask(80)).headers.location).toBe('https://api.sipgate.com/v2/account?a=b');
  });
});

describe('the authority', () => {
  test('without it, a client fails, whatever it is asked for', async () => {
    for (const host of ['api.sipgate.com', 'login.sipgate.com', 'app.sipsim.com']) {
      await expect(askThrough(mock, `https://${host}/`, { ca: undefined })).rejects.toThrow(/certificate/);
    }
    expect(mock.requests()).toEqual([]);
  });
  test('vouches for each host by its own certificate', async () => {
    const socket = await openTunnel(mock.url, 'api.sipgate.com:443');
    await expect(secured(socket, { servername: 'app.sipsim.com', ca: mock.ca })).rejects.toThrow(/altnames/);
  });
  test('has the extensions that strict clients ask for', async () => {
    const tls = await secured(await openTunnel(mock.url, 'api.sipgate.com:443'), {
      servername: 'api.sipgate.com',
      ca: mock.ca,
    });
    const leaf = tls.getPeerX509Certificate() as X509Certificate;
    const root = new X509Certificate(mock.ca ?? '');
    tls.destroy();
    expect([root.ca, leaf.ca, leaf.checkIssued(root), leaf.verify(root.publicKey)]).toEqual([true, false, true, true]);
    expect([leaf.subjectAltName, leaf.keyUsage]).toEqual(['DNS:api.sipgate.com', ['1.3.6.1.5.5.7.3.1']]);
    expect(leaf.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
    const days = (Date.parse(leaf.validTo) - Date.parse(leaf.validFrom)) / 86_400_000;
    expect(days).toBeLessThanOrEqual(398);
  });
  test('is another in each mock, and its public part alone is in a file, for as long as the mock is', async () => {
    const other = await startMock({ intercept: true });
    expect(other.ca).not.toBe(mock.ca);
    const file = other.caFile ?? '';
    expect(readFileSync(file, 'utf8')).toBe(other.ca);
    expect(other.ca).not.toContain('PRIVATE');
    expect(other.environment).toMatchObject({ SIDETONE_CA_FILE: file, SIDETONE_PROXY_URL: other.url });
    await other.close();
    expect(existsSync(file)).toBe(false);
  });
  test('is told by the control API, to those who do not see the file', async () => {
    expect(await (await fetch(`${mock.adminUrl}/ca`)).json()).toEqual({ pem: mock.ca });
    expect((await fetch(`${mock.adminUrl}/ca`, { headers: { origin: 'https://evil.example' } })).status).toBe(403);
    await using plain = await startMock();
    expect((await fetch(`${plain.adminUrl}/ca`)).status).toBe(404);
  });
  test('leaves no file behind where the mock cannot start', async () => {
    // A folder of its own: other tests start mocks meanwhile, and theirs have files.
    const own = mkdtempSync(join(tmpdir(), 'own-'));
    vi.stubEnv('TMPDIR', own);
    try {
      const made = await startMock({ intercept: true });
      expect(readdirSync(own)).toHaveLength(1);
      await made.close();
      await expect(startMock({ intercept: true, port: Number(new URL(mock.url).port) })).rejects.toThrow(/EADDRINUSE/);
      expect(readdirSync(own)).toEqual([]);
    } finally {
      vi.unstubAllEnvs();
      rmSync(own, { recursive: true });
    }
  });
  test('vouches for the fake itself too, where that speaks https', async () => {
    await using both = await startMock({ intercept: true, tls: true });
    const status = await new Promise((resolve, reject) => {
      get(`${both.url}/health`, { ca: both.ca }, (answer) => resolve(answer.resume().statusCode)).on('error', reject);
    });
    expect(status).toBe(200);
  });
});

describe('every other tunnel is refused, with the reason', () => {
  test.each([
    'example.com:443',
    'api.sipgate.com:8443',
    'api.sipgate.com.:443',
    '[::1]:443',
    '[2001:db8::1]:443',
    '127.0.0.1:22',
    'localhost:443',
    'evil.example:80',
    'api.sipgate.com',
    ':443',
    'x y:443',
    '169.254.169.254:80',
  ])('%s', async (authority) => {
    const answer = parse(await say(mock, Buffer.from(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`)));
    if (authority.includes(' ')) expect(answer.status).toBe(400);
    else
      expect([answer.status, answer.headers['x-sidetone-reason']]).toEqual([
        403,
        expect.stringContaining('--passthrough'),
      ]);
  });
  test('that to the fake itself too: its control API is not to be reached so', async () => {
    await expect(openTunnel(mock.url, new URL(mock.url).host)).rejects.toMatchObject({ status: 403 });
  });
  test('the mock’s owner is told', async () => {
    const told: string[] = [];
    await using other = await startMock({ intercept: { onRefused: (authority) => told.push(authority) } });
    await expect(openTunnel(other.url, 'Registry.Example:443')).rejects.toThrow(/registry\.example/i);
    expect(told).toEqual(['registry.example:443']);
  });
  test('all of them where the fake is no proxy', async () => {
    await using plain = await startMock();
    expect([plain.proxyUrl, plain.ca]).toEqual([undefined, undefined]);
    await expect(openTunnel(plain.url, 'api.sipgate.com:443')).rejects.toThrow(/--intercept/);
  });
});

describe('a host that is let through', () => {
  /** Says what it hears, in capitals, and ends when it is told the end. */
  const loud = async () => {
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      socket.on('error', () => {});
      socket.on('data', (part) => socket.write(String(part).toUpperCase()));
      socket.on('end', () => socket.end('BYE'));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    return { port, close: () => new Promise((resolve) => server.close(resolve)) };
  };
  test('is reached, byte for byte, until either side ends', async () => {
    const upstream = await loud();
    const through = `127.0.0.1:${upstream.port}`;
    await using open = await startMock({ intercept: { passthrough: [through, `named.example=${through}`] } });
    for (const authority of [through, 'named.example:443']) {
      const answer = await new Promise<string>((resolve, reject) => {
        openTunnel(open.url, authority).then((socket) => {
          let heard = '';
          socket.on('data', (part) => {
            heard += String(part);
          });
          socket.on('end', () => resolve(heard)).on('error', reject);
          socket.end('hello');
        }, reject);
      });
      expect(answer).toBe('HELLOBYE');
    }
    await expect(openTunnel(open.url, 'named.example:8443')).rejects.toMatchObject({ status: 403 });
    await expect(openTunnel(open.url, 'api.named.example:443')).rejects.toMatchObject({ status: 403 });
    await upstream.close();
  });
  test('may be a vendor’s: then the real one answers, and its certificate counts', async () => {
    await using real = await startMock({ tls: true });
    const to = new URL(real.url).host;
    await using open = await startMock({ intercept: { passthrough: [`app.sipsim.com=${to}`] } });
    const tls = await secured(await openTunnel(open.url, 'app.sipsim.com:443'), {
      servername: 'localhost',
      ca: real.ca,
    });
    expect((await askOn(tls, 'https://app.sipsim.com/health')).status).toBe(200);
    tls.destroy();
    await expect(askThrough(open, 'https://app.sipsim.com/')).rejects.toThrow(/certificate/);
    expect((await askThrough(open, ACCOUNT)).status).toBe(401);
  });
  test('by absolute form too, without what is meant for the proxy alone', async () => {
    await using real = await startMock();
    await using open = await startMock({ intercept: { passthrough: [`other.example=${new URL(real.url).host}`] } });
    const ask = `GET http://other.example/v2/account HTTP/1.1\r\nHost: x\r\nAuthorization: ${demoPat(real)}\r\nProxy-Authorization: Basic eDp5\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\n\r\n`;
    const answer = parse(await say(open, Buffer.from(ask)));
    expect([answer.status, open.requests()]).toEqual([200, []]);
    const [{ request } = expect.fail()] = real.requests();
    const names = request.headers.map(([name]) => name.toLowerCase());
    expect(names).not.toContain('proxy-authorization');
    expect(names).not.toContain('x-hop');
    expect(request.headers.find(([name]) => name === 'Host')).toEqual(['Host', 'other.example']);
  });
  test('that is not there is 502, with the reason', async () => {
    await using open = await startMock({ intercept: { passthrough: ['x.example=127.0.0.1:9'] } });
    await expect(openTunnel(open.url, 'x.example:443')).rejects.toMatchObject({
      status: 502,
      message: /ECONNREFUSED/ as never,
    });
    const answer = parse(
      await say(open, Buffer.from('GET http://x.example/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')),
    );
    expect([answer.status, answer.headers['x-sidetone-reason']]).toEqual([
      502,
      expect.stringContaining('ECONNREFUSED'),
    ]);
  });
  test.each(['', 'a b', 'http://x.example', 'x.example:0', 'x.example=y', 'x.example=y:1=z:2', '*.example.com'])(
    '%j is none',
    async (text) => {
      await expect(startMock({ intercept: { passthrough: [text] } })).rejects.toThrow(/passthrough/);
    },
  );
});

test('a namespace has a proxy URL of its own, and the vendor’s issuer', async () => {
  const one = await mock.namespace('one');
  expect(one.proxyUrl).toBe(mock.url.replace('://', '://one:@'));
  const url = 'https://login.sipgate.com/auth/realms/third-party/.well-known/openid-configuration';
  const answer = await askThrough({ ...one, ...(mock.ca !== undefined && { ca: mock.ca }) }, url);
  expect(JSON.parse(answer.text).issuer).toBe('https://login.sipgate.com/auth/realms/third-party');
  expect([one.requests().length, mock.requests().length]).toEqual([1, 0]);
});
