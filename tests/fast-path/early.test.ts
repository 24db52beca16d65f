/** What is answered before Node has read it is answered as Node would, byte for byte, and nothing else is. */
import { EventEmitter } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { connect as connectSecurely } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Mock, type MockOptions, startMock } from '../../mock-server/index.ts';
import { answerEarly, connectionOf } from '../../mock-server/remembered/early.ts';
import { wireOf } from '../../mock-server/remembered/wire.ts';
import { demoPat } from '../support/ask.ts';
import { pick, randomOf } from './steps.ts';
import { comparable } from './twins.ts';

const given = vi.hoisted(() => ({ early: 0 }));
vi.mock('../../mock-server/remembered/wire.ts', async (load) => {
  const module = await load<typeof import('../../mock-server/remembered/wire.ts')>();
  const wireOf: typeof module.wireOf = (remembered) => {
    const wire = module.wireOf(remembered);
    const answer: NonNullable<typeof wire>['answer'] = (...all) => {
      given.early += 1;
      return wire?.answer(...all) ?? Buffer.alloc(0);
    };
    return wire && { ...wire, answer };
  };
  return { ...module, wireOf };
});

let mocks: Mock[];
beforeEach(() => {
  mocks = [];
  given.early = 0;
});
afterEach(() => Promise.all(mocks.map((mock) => mock.close())));

const NOW = '2030-01-01T00:00:00Z';

async function start(options: MockOptions = {}): Promise<Mock> {
  const mock = await startMock({ randomSeed: 'early', ...options });
  mocks.push(mock);
  mock.clock.freeze(NOW);
  return mock;
}

interface Line {
  socket: Socket;
  /** Sends it as one chunk, and waits until as many whole answers as that have come. */
  ask(text: string, answers?: number): Promise<string>;
  /** All that came. */
  heard(): string;
}

async function open(mock: Pick<Mock, 'url'>, via?: Socket): Promise<Line> {
  const socket = via ?? connect(Number(new URL(mock.url).port), '127.0.0.1');
  let heard = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    heard += chunk;
  });
  socket.on('error', () => {});
  const countOf = (text: string) => text.split('HTTP/1.1 ').length - 1;
  return {
    socket,
    heard: () => heard,
    ask: async (text, answers = 1) => {
      const before = heard.length;
      socket.write(text, 'latin1');
      await vi.waitFor(
        () => {
          const news = heard.slice(before);
          // The last one is whole.
          const last = news.slice(news.lastIndexOf('HTTP/1.1 '));
          const [head = '', body = ''] = last.split('\r\n\r\n');
          const length = Number(/content-length: (\d+)/i.exec(head)?.[1]);
          if (countOf(news) < answers || !(body.length >= length)) throw new Error(`only ${news}`);
        },
        { timeout: 5_000, interval: 2 },
      );
      return heard.slice(before);
    },
  };
}

const get = (mock: Mock, path = '/v2/account', ...lines: string[]) =>
  [`GET ${path} HTTP/1.1`, 'Host: fake.example', `Authorization: ${demoPat(mock)}`, ...lines, '', ''].join('\r\n');

const withoutIds = (heard: string) => heard.replace(/(traceid: |request_id":")[0-9a-f-]+/g, '$1…');

const post = (mock: Mock, ...lines: string[]) =>
  get(mock, '/v2/authorization/oauth2/clients', ...lines).replace('GET', 'POST');

/** Long enough for the mock to have read it by itself, also where the process was kept waiting meanwhile. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 40));
  for (let turns = 0; turns < 3; turns += 1) await turn();
}

/** Until it is answered early. */
async function warm(line: Line, text: string): Promise<void> {
  for (let times = 0; times < 8 && given.early === 0; times += 1) await line.ask(text);
  expect(given.early).toBe(1);
}

describe('the same bytes as by the whole way', () => {
  test.each(['/v2/account', '/api/v2/account', '/v2/nothing', '/account'])('%s, and the same journal', async (path) => {
    const [fast, plain] = [await start(), await start({ fastPath: false })];
    const [one, other] = [await open(fast), await open(plain)];
    for (let times = 0; times < 8; times += 1) {
      const asked = get(fast, path);
      expect(await one.ask(asked)).toBe(await other.ask(asked));
    }
    expect(given.early).toBe(3);
    expect(comparable(fast)).toEqual(comparable(plain));
  });

  test('a client that cannot be saved', async () => {
    const [fast, plain] = [await start(), await start({ fastPath: false })];
    const [one, other] = [await open(fast), await open(plain)];
    const asked = 'GET /v2/account HTTP/1.1\r\nHost: fake.example\r\nAuthorization: Bearer garbage\r\n\r\n';
    for (let times = 0; times < 8; times += 1) expect(await one.ask(asked)).toBe(await other.ask(asked));
    expect(one.heard()).toContain('HTTP/1.1 401 Unauthorized');
    expect(given.early).toBe(3);
  });
});

test.each([
  ['HTTP/1.0', (text: string) => text.replace('HTTP/1.1', 'HTTP/1.0')],
  ['a connection that is to be closed', (text: string) => text.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n')],
])('%s is not answered early, and ends', async (_what, changed) => {
  const mock = await start();
  const line = await open(mock);
  await warm(line, get(mock));
  const ended = new Promise((resolve) => line.socket.once('close', resolve));
  line.socket.write(changed(get(mock)));
  await ended;
  expect(given.early).toBe(1);
});

test.each([
  ['Upgrade', 'Connection: Upgrade\r\nUpgrade: h2c'],
  ['Expect', 'Expect: 100-continue'],
  ['a body', 'Content-Length: 2\r\n\r\n{}'],
  ['an empty body', 'Content-Length: 0'],
  ['other spaces', 'Accept:  */*'],
])('%s: never answered early, and always answered', async (_what, lines) => {
  const mock = await start();
  const line = await open(mock);
  const text = get(mock).replace('\r\n\r\n', `\r\n${lines}${lines.includes('{}') ? '' : '\r\n\r\n'}`);
  for (let times = 0; times < 8; times += 1) expect(await line.ask(text)).toContain('HTTP/1.1 200 OK');
  expect(given.early).toBe(0);
});

test('Node sees no more of a connection than comes: what is early and what is not, in order', async () => {
  const mock = await start();
  const line = await open(mock);
  const [known, other] = [get(mock), get(mock, '/v2/balance')];
  await warm(line, known);
  const both = await line.ask(other + known, 2);
  expect(both.indexOf('"amount"')).toBeLessThan(both.indexOf('"company"'));
  const three = await line.ask(known + known + known, 3);
  expect(three.split('"company"').length).toBe(4);
  expect(given.early).toBe(1);
  // In pieces.
  line.socket.write(known.slice(0, 30));
  await settled();
  expect(await line.ask(known.slice(30))).toContain('HTTP/1.1 200 OK');
  expect(given.early).toBe(1);
  for (let times = 0; times < 3; times += 1) await line.ask(known);
  expect(given.early).toBe(3);
});

test('a request within another’s body is none', async () => {
  const mock = await start();
  const line = await open(mock);
  const known = get(mock);
  await warm(line, known);
  const before = line.heard().length;
  const type = 'Content-Type: application/json';
  line.socket.write(post(mock, type, `Content-Length: ${2 * known.length}`));
  await settled();
  line.socket.write(known);
  await settled();
  expect(line.heard().length).toBe(before);
  expect(await line.ask(known)).toContain('HTTP/1.1 400 Bad Request');
  expect(given.early).toBe(1);
});

test('nobody is answered before those who asked earlier', async () => {
  const mock = await start();
  mock.clock.resume();
  const line = await open(mock);
  const known = get(mock);
  await warm(line, known);
  mock.fail({ match: { operation: 'sipgate.getBalance' }, delay: 300 });
  for (let times = 0; times < 4; times += 1) await line.ask(known);
  const before = line.heard().length;
  for (const text of [get(mock, '/v2/balance'), known, known, known]) {
    line.socket.write(text);
    await settled();
  }
  await vi.waitFor(() => expect(line.heard().slice(before).split('"company"').length).toBe(4));
  expect(line.heard().slice(before)).toMatch(/"amount".*"company"/s);
  expect(line.heard().slice(before)).not.toMatch(/"company".*"amount"/s);
});

test.each([1, 2, 3, 4, 5, 6, 7, 8])('bytes in random pieces are answered alike, seed %i', async (seed) => {
  const random = randomOf(seed);
  const [fast, plain] = [await start(), await start({ fastPath: false })];
  const [one, other] = [await open(fast), await open(plain)];
  const texts = [get(fast), get(fast), get(fast), get(fast, '/v2/nothing'), get(fast, '/api/v2/account')];
  texts.push(get(fast).replace('GET', 'HEAD'), get(fast, '/v2/account', 'X: y'), `\r\n${get(fast)}`);
  texts.push(`PUT /v2/account HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nGET `);
  let [chunk, asked] = ['', 0];
  for (let step = 0; step < 150; step += 1) {
    const text = pick(texts, random);
    const times = pick([1, 1, 6], random);
    for (let count = 0; count < times; count += 1) {
      chunk += text;
      asked += 1;
      const cut = pick([0, 0, 0, 0, 7, 1_000], random);
      if (cut > 0 && random() < 0.5) continue;
      const sent = cut === 7 ? chunk.slice(0, -7) : chunk;
      chunk = chunk.slice(sent.length);
      for (const { socket } of [one, other]) socket.write(sent, 'latin1');
      for (let turns = 0; turns < 6; turns += 1) await turn();
    }
  }
  for (const { socket } of [one, other]) socket.write(chunk, 'latin1');
  const counts = () => [one, other].map(({ heard }) => heard().split('HTTP/1.1 ').length - 1);
  await vi.waitFor(() => expect(counts()).toEqual([asked, asked]), { timeout: 5_000 });
  // Not before: Node would end the connection without the answers that the plain one has yet to give.
  for (const { socket } of [one, other]) socket.write('BAD\r\n\r\n');
  await Promise.all([one, other].map(({ socket }) => new Promise((resolve) => socket.once('close', resolve))));
  // Of several that come together, the plain one draws ids for the later ones first.
  expect(withoutIds(one.heard())).toBe(withoutIds(other.heard()));
  expect(one.heard()).toMatch(/HTTP\/1\.1 400 Bad Request\r\nConnection: close\r\n\r\n$/);
  expect(fast.requests().length).toBe(plain.requests().length);
  expect(given.early).toBeGreaterThan(10);
});

/** A connection whose every byte is in the test's hands. */
function handmade() {
  const server = new EventEmitter();
  const written: string[] = [];
  const socket = Object.assign(new EventEmitter(), {
    writableNeedDrain: false,
    writableLength: 0,
    write: (bytes: Buffer) => void written.push(bytes.toString()),
  });
  const read = vi.fn();
  socket.on('data', read);
  answerEarly(server as unknown as Server, 'connection');
  server.emit('connection', socket);
  const connection = connectionOf({ socket } as unknown as IncomingMessage);
  const answer = vi.fn((): Buffer | undefined => Buffer.from('answer'));
  const known = { request: Buffer.from('ask'), answer, renew: vi.fn() };
  const repeat = () => connection?.mayRepeat({ socket } as unknown as ServerResponse, known);
  const come = (text: string) => void socket.emit('data', Buffer.from(text));
  return { socket, written, read, known, repeat, come };
}

test('Node reads what is not the same, and all once the answer is not good or nobody takes it', () => {
  const { socket, written, read, known, repeat, come } = handmade();
  repeat();
  read.mockImplementationOnce(repeat);
  for (const text of ['ask', 'ask', 'ask']) come(text);
  expect([read.mock.calls.length, written]).toEqual([1, ['answer', 'answer']]);
  // Its client does not read: Node knows how to wait for it.
  socket.writableNeedDrain = true;
  read.mockImplementationOnce(repeat);
  come('ask');
  expect([read.mock.calls.length, written.length]).toEqual([2, 2]);
  socket.writableNeedDrain = false;
  come('ask');
  known.answer.mockReturnValueOnce(undefined);
  come('ask');
  come('ask');
  expect([read.mock.calls.length, written.length]).toEqual([4, 3]);
});

test('bytes that are still on their way are nobody else’s', () => {
  const { socket, read, known, repeat, come } = handmade();
  repeat();
  read.mockImplementationOnce(repeat);
  come('ask');
  come('ask');
  expect(known.renew).not.toHaveBeenCalled();
  socket.writableLength = 6;
  come('ask');
  expect(known.renew).toHaveBeenCalledTimes(1);
});

test('where somebody else reads along, nothing is taken from Node', () => {
  const { socket, read, repeat, come, written } = handmade();
  const other = vi.fn();
  socket.on('data', other);
  read.mockImplementation(repeat);
  for (const text of ['ask', 'ask', 'ask']) come(text);
  expect([read.mock.calls.length, other.mock.calls.length, written]).toEqual([3, 3, []]);
});

describe('what goes by the wire', () => {
  const asked = { method: 'GET', url: '/a?b', rawHeaders: ['Host', 'x', 'Connection', 'keep-alive'], question: 'q' };
  const facts = { provider: 'sipgate' };
  const plain = {
    state: 1,
    fresh: [],
    status: 200,
    lines: ['Content-Length', '2'],
    gaps: [],
    body: 'ok',
    facts,
    asked,
  };
  const kept = 'Connection: keep-alive\r\nKeep-Alive: timeout=65\r\n';

  const uuid = '0b7d0f3c-4f6d-4d0e-9a39-0f2c5b9d7e11';

  test('is what Node reads and writes', () => {
    const wire = wireOf({
      ...plain,
      ...{ fresh: [{ kind: 'hex', digits: 3, value: '' }, { kind: 'uuid', value: '' }, { kind: 'date' }] },
      lines: ['X-Id', '', 'Date', '', 'Content-Length', '40'],
      ...{
        gaps: [
          [1, ['<', 0, '>']],
          [3, [2]],
        ],
      },
      body: ['é', 1, 'é'],
    });
    expect(wire?.request.toString('latin1')).toBe('GET /a?b HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\n\r\n');
    const date = 'Tue, 01 Jan 2030 00:00:00 GMT';
    const [one, other] = [
      ['abc', uuid, date],
      ['def', uuid, date],
    ];
    const textOf = ([id]: string[]) =>
      `HTTP/1.1 200 OK\r\nX-Id: <${id}>\r\nDate: ${date}\r\nContent-Length: 40\r\n${kept}\r\né${uuid}é`;
    const first = wire?.answer(one);
    expect(first?.toString()).toBe(textOf(one));
    wire?.renew();
    expect(wire?.answer(other).toString()).toBe(textOf(other));
    expect(first?.toString()).toBe(textOf(one));
  });
  test('says that nothing follows where nothing does', () => {
    const { body: _, ...empty } = { ...plain, status: 404, lines: ['X', 'y'] };
    const text = `HTTP/1.1 404 Not Found\r\nX: y\r\n${kept}Content-Length: 0\r\n\r\n`;
    expect(wireOf(empty)?.answer([]).toString()).toBe(text);
  });
  test.each([
    ['Connection', 'close'],
    ['connection', 'keep-alive, upgrade'],
    ['Proxy-Connection', 'close'],
    ['Upgrade', 'h2c'],
    ['Expect', '100-continue'],
    ['Content-Length', '0'],
    ['Transfer-Encoding', 'chunked'],
  ])('is not told where it is asked with %s: %s', (name, value) => {
    expect(wireOf({ ...plain, asked: { ...asked, rawHeaders: ['Host', 'x', name, value] } })).toBeUndefined();
  });
  test.each<[string, object]>([
    ['HEAD', { asked: { ...asked, method: 'HEAD' } }],
    ['204', { status: 204, lines: [], body: undefined }],
    ['304', { status: 304, lines: [], body: undefined }],
    ['a body without a length', { lines: [] }],
    ['a length without a body', { body: undefined }],
    ['the end of the connection', { lines: ['Content-Length', '2', 'connection', 'close'] }],
    ['chunks', { lines: ['Content-Length', '2', 'Transfer-Encoding', 'chunked'] }],
  ])('is not told of %s', (_what, changed) => {
    expect(wireOf({ ...plain, ...changed })).toBeUndefined();
  });
});

test('a write by another connection, a fault, a setting, the second: the next answer is another one', async () => {
  const mock = await start();
  const [line, another] = [await open(mock), await open(mock)];
  const known = get(mock, '/api/v2/account');
  const token = (await mock.mintToken('sipsim')).accessToken;
  const asked = known.replace(/Authorization: .*\r\n/, `Authorization: Bearer ${token}\r\n`);
  await warm(line, asked);
  mock.clock.advance('1s');
  expect(await line.ask(asked)).toContain('2030-01-01T00:00:01Z');
  mock.fail({ match: { operation: 'sipsim.getAccount' }, answer: { status: 503 }, times: 1 });
  expect(await line.ask(asked)).toContain('HTTP/1.1 503');
  expect(await line.ask(asked)).toContain('HTTP/1.1 200');
  await mock.revokeToken(token);
  expect(await line.ask(asked)).toContain('HTTP/1.1 401');
  const clients = get(mock, '/v2/authorization/oauth2/clients');
  given.early = 0;
  await warm(line, clients);
  const body = JSON.stringify({ name: 'another', description: 'd', redirectUris: [], webOrigins: [] });
  await another.ask(post(mock, 'Content-Type: application/json', `Content-Length: ${body.length}`) + body);
  expect(await line.ask(clients)).toContain('"another"');
});

test('in a namespace nothing is answered early: another one may have its name by then', async () => {
  const mock = await start();
  const line = await open(mock);
  for (const asked of [get(mock, '/~one/v2/account'), get(mock, '/v2/account', 'X-Sidetone-Namespace: one')]) {
    for (let times = 0; times < 8; times += 1) await line.ask(asked);
  }
  expect(given.early).toBe(0);
});

test('by somebody else’s server every request passes', async () => {
  const mock = await start();
  let seen = 0;
  const server = createServer((request, response) => {
    seen += 1;
    mock.app(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const line = await open({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  for (let times = 0; times < 8; times += 1) await line.ask(get(mock));
  line.socket.destroy();
  server.close();
  expect([seen, given.early]).toEqual([8, 0]);
});

test('by https too', async () => {
  const mock = await start({ tls: true });
  const socket = connectSecurely({ port: Number(new URL(mock.url).port), host: '127.0.0.1', ca: mock.ca });
  const line = await open(mock, socket);
  const first = withoutIds(await line.ask(get(mock)));
  await warm(line, get(mock));
  const all = withoutIds(line.heard());
  expect(all).toBe(first.repeat(all.length / first.length));
  socket.destroy();
});

test.each([false, true])('a connection that becomes a tunnel is read no more, intercept: %s', async (intercept) => {
  const mock = await start({ intercept });
  const line = await open(mock);
  await warm(line, get(mock));
  const before = line.heard().length;
  line.socket.write('CONNECT api.sipgate.com:443 HTTP/1.1\r\nHost: api.sipgate.com:443\r\n\r\n');
  const first = intercept ? 'HTTP/1.1 200 Connection Established' : 'HTTP/1.1 403 Forbidden';
  await vi.waitFor(() => expect(line.heard().slice(before)).toContain(first));
  // Node reads another connection with what has read this one.
  const another = await open(mock);
  await another.ask(get(mock));
  // In the tunnel it is no request but a handshake gone wrong.
  line.socket.write('GET / HTTP/1.1\r\nX: y');
  await settled();
  expect(await another.ask(get(mock))).toContain('HTTP/1.1 200 OK');
  expect(given.early).toBe(1);
});
