/** Whatever comes down a tunnel: nothing hangs, nothing stays open, and the next client is served. */
import { createServer, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Mock, startMock } from '../../mock-server/index.ts';
import { demoPat } from '../support/ask.ts';
import { say } from './say.ts';
import { askOn, askThrough, openTunnel, secured } from './tunnel.ts';

let mock: Mock;
/** How many sockets there are when nobody asks. */
let idle: number;
beforeAll(async () => {
  mock = await startMock({ intercept: true });
  idle = sockets();
});
afterAll(() => mock.close());

const ACCOUNT = 'https://api.sipgate.com/v2/account';
const served = async () => (await askThrough(mock, ACCOUNT, { headers: { authorization: demoPat(mock) } })).status;

/** Sockets of this process, its own and the mock's. */
const sockets = () => process.getActiveResourcesInfo().filter((name) => /^(?:TCP|TLS|Pipe)/.test(name)).length;
const expectNoneOpen = () => expect.poll(sockets).toBe(idle);

/** Small and the same in each run. */
function createRandom(seed: number) {
  let state = seed;
  const next = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % below;
  };
  return { next, bytes: (length: number) => Buffer.from(Array.from({ length }, () => next(256))) };
}

/** The first bytes of a handshake as Node's client sends them. */
async function clientHello(): Promise<Buffer> {
  const listener = createServer();
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const { port } = listener.address() as { port: number };
  const heard = new Promise<Buffer>((resolve) => listener.once('connection', (socket) => socket.once('data', resolve)));
  const client = connectTls({ port, host: '127.0.0.1', servername: 'api.sipgate.com' }).on('error', () => {});
  const hello = await heard;
  client.destroy();
  await new Promise((resolve) => listener.close(resolve));
  return hello;
}

/** What comes back until the other side closes, which it does sooner than its patience with a tunnel is over. */
const hear = (socket: Socket) =>
  new Promise<Buffer>((resolve, reject) => {
    const parts: Buffer[] = [];
    const limit = setTimeout(() => reject(new Error('still open')), 20_000);
    const done = () => {
      clearTimeout(limit);
      resolve(Buffer.concat(parts));
    };
    socket
      .on('data', (part: Buffer) => parts.push(part))
      .on('error', done)
      .on('close', done);
  });

/** Sends bytes down a tunnel, and no more after them. */
async function pour(bytes: Buffer): Promise<Buffer> {
  const socket = await openTunnel(mock.url, 'api.sipgate.com:443');
  const heard = hear(socket);
  socket.end(bytes);
  return heard;
}

const word = (value: number) => Buffer.from([value >> 8, value & 255]);

describe('hostile ClientHellos', () => {
  test('300 that are changed somewhere, cut off or drawn out', async () => {
    const [hello, random] = [await clientHello(), createRandom(20261128)];
    for (let round = 0; round < 300; round += 1) {
      const bytes = Buffer.from(hello);
      for (let change = random.next(4); change >= 0; change -= 1)
        bytes[5 + random.next(bytes.length - 5)] = random.next(256);
      const cut = bytes.subarray(0, random.next(3) === 0 ? 1 + random.next(bytes.length) : bytes.length);
      const heard = await pour(random.next(5) === 0 ? Buffer.concat([cut, random.bytes(500)]) : cut);
      expect(heard.toString('latin1')).not.toMatch(/HTTP|<html/i);
    }
    await expectNoneOpen();
    expect(await served()).toBe(200);
  });
  test.each<[string, (hello: Buffer) => Buffer]>([
    ['a record of no bytes', () => Buffer.from([22, 3, 1, 0, 0])],
    [
      'a record longer than records may be',
      () => Buffer.concat([Buffer.from([22, 3, 1, 255, 255]), Buffer.alloc(65_535, 1)]),
    ],
    ['a handshake of 16 MiB that never comes', () => Buffer.from([22, 3, 1, 0, 4, 1, 255, 255, 255])],
    ['nothing but the first byte', () => Buffer.from([22])],
    [
      'a thousand records of one byte',
      (hello) => Buffer.concat([...hello.subarray(5, 1_005)].map((byte) => Buffer.from([22, 3, 1, 0, 1, byte]))),
    ],
    [
      'SSL 3.0',
      (hello) =>
        Buffer.concat([Buffer.from([22, 3, 0]), hello.subarray(3, 9), Buffer.from([3, 0]), hello.subarray(11)]),
    ],
    ['an alert', () => Buffer.from([21, 3, 1, 0, 2, 2, 40])],
    [
      'application data before the handshake',
      () => Buffer.concat([Buffer.from([23, 3, 3]), word(5), Buffer.from('hello')]),
    ],
    ['the same hello twice', (hello) => Buffer.concat([hello, hello])],
  ])('%s', async (_what, make) => {
    const heard = await pour(make(await clientHello()));
    expect(heard.toString('latin1')).not.toContain('<html');
    await expectNoneOpen();
    expect(await served()).toBe(200);
  });
  test('a client that offers old ciphers or versions alone', async () => {
    const socket = await openTunnel(mock.url, 'api.sipgate.com:443');
    const options = {
      socket,
      servername: 'api.sipgate.com',
      ca: mock.ca,
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
    } as const;
    const failed = new Promise((resolve) =>
      connectTls({ ...options, ciphers: 'ALL@SECLEVEL=0' }).once('error', resolve),
    );
    expect(await failed).toBeInstanceOf(Error);
    expect(await served()).toBe(200);
  });
  test('a server name that is nobody’s, too long, or none', async () => {
    for (const servername of ['', 'nobody.example', `${'aaaaaaaaaa.'.repeat(20)}example`, 'xn--a-ecp.ru']) {
      const socket = await openTunnel(mock.url, 'api.sipgate.com:443');
      const tls = await secured(socket, { servername, ca: mock.ca, ...{ checkServerIdentity: () => undefined } });
      expect((await askOn(tls, ACCOUNT)).status).toBe(401);
      tls.destroy();
    }
  });
});

describe('what is no TLS', () => {
  test('garbage after CONNECT, at once or later, is a bad request and the end', async () => {
    const random = createRandom(5);
    for (let round = 0; round < 100; round += 1) {
      const bytes = random.bytes(1 + random.next(200));
      if (bytes[0] === 22) bytes[0] = 23;
      const head = Buffer.from('CONNECT api.sipgate.com:443 HTTP/1.1\r\nHost: x\r\n\r\n');
      const heard =
        round % 2 === 0
          ? await pour(bytes)
          : Buffer.from(await say(mock, Buffer.concat([head, bytes, Buffer.from('\r\n\r\n')])), 'latin1');
      const answer = heard.toString('latin1').replace(/^HTTP\/1\.1 200 Connection Established\r\n\r\n/, '');
      expect(answer).toMatch(/^(?:HTTP\/1\.1 400 |$)/);
    }
    await expectNoneOpen();
    expect(await served()).toBe(200);
  });
  test('a CONNECT within the tunnel opens nothing', async () => {
    const tls = await secured(await openTunnel(mock.url, 'api.sipgate.com:443'), {
      servername: 'api.sipgate.com',
      ca: mock.ca,
    });
    tls.write('CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n');
    expect((await hear(tls)).toString()).not.toContain('200');
  });
  test('a request that is none, within TLS', async () => {
    const tls = await secured(await openTunnel(mock.url, 'api.sipgate.com:443'), {
      servername: 'api.sipgate.com',
      ca: mock.ca,
    });
    tls.write('\x00\x01 what\r\n\r\n');
    expect((await hear(tls)).toString()).toMatch(/^HTTP\/1\.1 400 /);
  });
  test.each([
    'CONNECT  HTTP/1.1\r\n\r\n',
    'CONNECT / HTTP/1.1\r\nHost: x\r\n\r\n',
    'CONNECT https://api.sipgate.com/ HTTP/1.1\r\nHost: x\r\n\r\n',
    `CONNECT ${'a'.repeat(8_000)}:443 HTTP/1.1\r\nHost: x\r\n\r\n`,
    'CONNECT [::1:443 HTTP/1.1\r\nHost: x\r\n\r\n',
    'CONNECT api.sipgate.com:99999 HTTP/1.1\r\nHost: x\r\n\r\n',
    'CONNECT api.sipgate.com:443:443 HTTP/1.1\r\nHost: x\r\n\r\n',
    'CONNECT user:secret@api.sipgate.com:443 HTTP/1.1\r\nHost: x\r\n\r\n',
  ])('%j is refused', async (request) => {
    const answer = await say(mock, Buffer.from(request));
    expect(answer).toMatch(/^HTTP\/1\.1 40[03] /);
    expect(answer).not.toContain('secret');
    expect(answer).not.toContain('aaaaaaaa');
  });
});

describe('tunnels that are left', () => {
  const steps: [string, (socket: Socket) => unknown][] = [
    ['at once', () => {}],
    ['in the middle of the handshake', async (socket) => socket.write((await clientHello()).subarray(0, 60))],
    ['after the ClientHello', async (socket) => socket.write(await clientHello())],
  ];
  test.each(steps)('%s, by an end or a reset, are closed', async (_when, step) => {
    for (const leave of ['end', 'destroy', 'resetAndDestroy'] as const) {
      const socket = await openTunnel(mock.url, 'api.sipgate.com:443');
      socket.on('error', () => {}).resume();
      await step(socket);
      socket[leave]();
    }
    await expectNoneOpen();
  });
  test('in the middle of a request or of an answer are closed', async () => {
    for (const text of [
      'GET /v2/acc',
      'POST /v2/authorization/oauth2/clients HTTP/1.1\r\nHost: api.sipgate.com\r\nContent-Length: 99\r\n\r\nx',
      'GET /v2/account HTTP/1.1\r\nHost: api.sipgate.com\r\n\r\n',
    ]) {
      const tls = await secured(await openTunnel(mock.url, 'api.sipgate.com:443'), {
        servername: 'api.sipgate.com',
        ca: mock.ca,
      });
      tls.on('error', () => {});
      await new Promise((resolve) => tls.write(text, resolve));
      tls.destroy();
    }
    await expectNoneOpen();
    expect(await served()).toBe(200);
  });
  test('by a client that never says a word do not keep a mock from closing', async () => {
    const other = await startMock({ intercept: true });
    const silent = await openTunnel(other.url, 'api.sipgate.com:443');
    const half = await openTunnel(other.url, 'api.sipgate.com:443');
    half.write((await clientHello()).subarray(0, 60));
    const ready = await secured(await openTunnel(other.url, 'api.sipgate.com:443'), {
      servername: 'api.sipgate.com',
      ca: other.ca,
    });
    expect((await askOn(ready, ACCOUNT)).status).toBe(401);
    const busy = await secured(await openTunnel(other.url, 'api.sipgate.com:443'), {
      servername: 'api.sipgate.com',
      ca: other.ca,
    });
    busy.write('POST /v2/authorization/oauth2/clients HTTP/1.1\r\nHost: api.sipgate.com\r\nContent-Length: 99\r\n\r\n');
    await expect.poll(() => other.requests().length).toBe(2);
    const closed = [silent, half, ready, busy].map(
      (socket) =>
        new Promise((resolve) =>
          socket
            .on('error', () => {})
            .on('close', resolve)
            .resume(),
        ),
    );
    await other.close();
    await Promise.all(closed);
  });
});

test('1,000 tunnels one after another and 200 at once leave no handle open', async () => {
  expect(await served()).toBe(200);
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const timersBefore = timers();
  for (let round = 0; round < 1_000; round += 1) expect(await served()).toBe(200);
  const parallel = await Promise.all(Array.from({ length: 200 }, served));
  expect(parallel.every((status) => status === 200)).toBe(true);
  await expectNoneOpen();
  await expect.poll(timers).toBeLessThanOrEqual(timersBefore + 1);
}, 120_000);
