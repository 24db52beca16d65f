/** The proxy between an application and the API: what arrives on either side is what was sent on the other. */
import { createServer as createHttp, type RequestListener, request } from 'node:http';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import type { TracedExchange } from '../../contracts/trace.ts';
import { HUNG_UP, startProxy } from '../../contracts/traffic/proxy.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port;

/** Reads a whole request, of this many bytes of body, and answers these bytes. */
async function rawUpstream(answer: string, bodyBytes = 0) {
  const requests: string[] = [];
  const server = createServer((socket) => {
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      const end = text.indexOf('\r\n\r\n');
      if (end === -1 || text.length < end + 4 + bodyBytes) return;
      requests.push(text);
      socket.end(Buffer.from(answer, 'latin1'));
    });
  });
  await listening(server);
  return { url: `http://127.0.0.1:${portOf(server)}`, requests };
}

async function listening(server: { listen(port: number, host: string, done: () => void): unknown; close(): unknown }) {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close());
}

async function upstream(listener: RequestListener): Promise<string> {
  const server = createHttp(listener);
  await listening(server);
  closing.push(() => server.closeAllConnections());
  return `http://127.0.0.1:${portOf(server)}`;
}

async function proxyTo(url: string, maxBody?: number) {
  const seen: [TracedExchange, boolean][] = [];
  const proxy = await startProxy({
    upstream: url,
    ...(maxBody !== undefined && { maxBody }),
    onExchange: (exchange, cut) => seen.push([exchange, cut]),
  });
  closing.push(() => proxy.close());
  return { proxy, seen };
}

/** Sends bytes to a port, and returns all that comes back. */
async function raw(url: string, bytes: string): Promise<string> {
  const socket: Socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write(Buffer.from(bytes, 'latin1'));
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('latin1');
}

describe('a request', () => {
  test('keeps its target, the letters, order and number of its headers, and its bytes', async () => {
    const api = await rawUpstream('HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n', 4);
    const { proxy } = await proxyTo(api.url);
    const own = 'X-Twice: a\r\nx-twice: b\r\nAuthorization: Basic x\r\nContent-Length: 4\r\nACCEPT: */*\r\n';
    await raw(
      proxy.url,
      `POST /v2/../a%2fb?q=[1]&q=%C3 HTTP/1.1\r\nHost: other.example\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\nTE: trailers\r\n${own}\r\n\u0000\u00ff\r\n`,
    );
    const [request = ''] = api.requests;
    expect(request).toContain('POST /v2/../a%2fb?q=[1]&q=%C3 HTTP/1.1\r\n');
    expect(request).toContain(own.slice(0, -2));
    expect(request).toContain(`Host: ${new URL(api.url).host}\r\n`);
    expect(request).not.toMatch(/other\.example|X-Hop|^TE:|user-agent|x-forwarded|via/im);
    expect(request.endsWith('\r\n\r\n\u0000\u00ff\r\n')).toBe(true);
  });

  test('of unknown length is chunked behind the proxy too', async () => {
    const lengths: unknown[] = [];
    const api = await upstream((incoming, response) => {
      lengths.push(incoming.headers['content-length'], incoming.headers['transfer-encoding']);
      incoming.pipe(response);
    });
    const { proxy } = await proxyTo(api);
    const answer = await raw(
      proxy.url,
      'POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
    );
    expect(lengths).toEqual([undefined, 'chunked']);
    expect(answer).toMatch(/3\r\nabc\r\n0\r\n\r\n$/);
  });

  test('goes to the one host that was named, whatever it asks for', async () => {
    const api = await rawUpstream('HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    const { proxy } = await proxyTo(api.url);
    const asked = (line: string) => raw(proxy.url, `${line}\r\nHost: evil.example\r\nConnection: close\r\n\r\n`);
    expect(await asked('GET http://evil.example/ HTTP/1.1')).toMatch(/^HTTP\/1\.1 400 /);
    expect(await asked('CONNECT evil.example:443 HTTP/1.1')).toMatch(/^HTTP\/1\.1 405 /);
    expect(api.requests).toEqual([]);
    expect(await asked('GET //evil.example/ HTTP/1.1')).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(api.requests[0]).toMatch(/^GET \/\/evil\.example\/ HTTP\/1\.1\r\n/);
  });
});

describe('an answer', () => {
  test('keeps its status line, its headers and its bytes, packed ones too; the copy is unpacked', async () => {
    const body = gzipSync('{"a":"ü"}').toString('latin1');
    const headers = `X-Twice: a\r\nx-twice: b\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\nContent-Encoding: gzip\r\nContent-Length: ${body.length}\r\n`;
    const api = await rawUpstream(`HTTP/1.1 299 Very Own\r\nConnection: close\r\n${headers}\r\n${body}`);
    const { proxy, seen } = await proxyTo(api.url);
    const answer = await raw(proxy.url, 'GET /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 299 Very Own\r\n/);
    expect(answer).toContain(headers);
    expect(answer).not.toMatch(/^(?:date|via):/im);
    expect(answer.endsWith(`\r\n\r\n${body}`)).toBe(true);
    expect(seen).toMatchObject([
      [
        {
          request: { method: 'GET', url: `${api.url}/x` },
          response: { status: 299, headers: { 'x-twice': 'a, b' }, body: '{"a":"ü"}' },
        },
        false,
      ],
    ]);
  });

  test('arrives as it comes: the first part before the last is written', async () => {
    const { promise, resolve } = resolvable();
    const api = await upstream(async (_request, response) => {
      response.write('first');
      await promise;
      response.end('last');
    });
    const { proxy } = await proxyTo(api);
    const answer = await fetch(proxy.url);
    const reader = answer.body?.getReader();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('first');
    resolve();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('last');
  });

  test('is passed on whole, however little of it is kept', async () => {
    const api = await upstream((_request, response) => void response.end('x '.repeat(150_000)));
    const { proxy, seen } = await proxyTo(api, 1_000);
    expect((await (await fetch(proxy.url)).text()).length).toBe(300_000);
    await expect.poll(() => seen.length).toBe(1);
    expect([seen[0]?.[0].response?.body.length, seen[0]?.[1]]).toEqual([1_000, true]);
  });

  test('that was cut is kept without its last word, which may be the beginning of a secret', async () => {
    const secret = 'e68ead46/a7db!46cd';
    const api = await upstream((_request, response) => void response.end(`{"a":"${'x '.repeat(490)}${secret}"}`));
    const { proxy, seen } = await proxyTo(api, 1_000);
    expect(await (await fetch(proxy.url)).text()).toContain(secret);
    await expect.poll(() => seen.length).toBe(1);
    expect(seen[0]?.[0].response?.body).toBe(`{"a":"${'x '.repeat(490)}`);
  });

  test('that does not come is a 502 that says so, and told as an error', async () => {
    const { proxy, seen } = await proxyTo('http://127.0.0.1:9');
    const answer = await fetch(proxy.url);
    expect([answer.status, await answer.text()]).toEqual([
      502,
      expect.stringContaining('http://127.0.0.1:9 did not answer'),
    ]);
    expect(seen[0]?.[0].error).toContain('ECONNREFUSED');
  });

  test('that breaks off breaks off for the application too', async () => {
    const api = await upstream((incoming, response) => {
      response.writeHead(200, { 'content-length': 10 });
      response.write('abc', () => incoming.socket.destroy());
    });
    const { proxy, seen } = await proxyTo(api);
    await expect((async () => (await fetch(proxy.url)).text())()).rejects.toThrow();
    expect(seen[0]?.[0].error).toBeDefined();
  });
});

test('an application that hangs up is not held against the API, which is told', async () => {
  const { promise, resolve } = resolvable();
  const api = await upstream((incoming) => void incoming.once('close', resolve));
  const { proxy, seen } = await proxyTo(api);
  const asking = request(proxy.url).on('error', () => {});
  asking.end();
  asking.once('socket', (socket) => socket.once('connect', () => setImmediate(() => asking.destroy())));
  await expect.poll(() => seen.length).toBe(1);
  expect(seen[0]?.[0]).toMatchObject({ error: HUNG_UP });
  // Whether it had been asked by then is chance; nobody waits for it any more.
  resolve();
  await promise;
});

function resolvable() {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
