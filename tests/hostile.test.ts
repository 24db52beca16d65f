/** Whatever bytes arrive: no 5xx, no hang, no HTML. */
import { connect } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Mock, startMock } from '../mock-server/index.ts';
import { demoPat } from './support/ask.ts';

let mock: Mock;
beforeAll(async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  mock = await startMock();
});
afterAll(() => mock.close());

/** Small and the same in each run. */
function createRandom(seed: number) {
  let state = seed;
  const next = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % below;
  };
  return { next, bytes: (length: number) => Buffer.from(Array.from({ length }, () => next(256))) };
}

/** What a server says to these bytes until it closes or falls silent after a whole answer. */
function say(bytes: Buffer): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(mock.url).port), '127.0.0.1');
    const chunks: Buffer[] = [];
    const done = (text: string) => {
      clearTimeout(limit);
      socket.destroy();
      resolve(text);
    };
    const limit = setTimeout(() => done('HANG'), 20_000);
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('close', () => done(Buffer.concat(chunks).toString('latin1')));
    socket.on('error', () => done(Buffer.concat(chunks).toString('latin1')));
    socket.write(bytes, () => socket.end());
  });
}

function judge(answer: string, sent: string): void {
  expect(answer, sent).not.toBe('HANG');
  if (answer === '') return;
  expect(answer, sent).toMatch(/^HTTP\/1\.1 [1-4]\d\d /);
  expect(answer.toLowerCase(), sent).not.toContain('<html');
  expect(answer.toLowerCase(), sent).not.toContain('text/html');
}

const PATHS = [
  '/v2/account',
  '/v2/authorization/oauth2/clients',
  '/oauth/token',
  '/api/v2/account',
  '/account',
  '/__admin/clock',
  '/auth/realms/third-party/protocol/openid-connect/token',
  '/login/sipgate-apps/protocol/openid-connect/token',
  '/health',
];
const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'];
const TYPES = [
  'application/json',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'text/plain',
  '\xff',
];

/** No line ends: those would end the part that is meant to be random. */
const inLine = (bytes: Buffer) => bytes.toString('latin1').replace(/[\r\n]/g, '.');

test('1,000 random byte strings as path, header and body', async () => {
  const random = createRandom(20261121);
  const pick = <T>(list: T[]): T => list[random.next(list.length)] as T;
  const authorizations = [demoPat(mock), `Bearer ${(await mock.mintToken('sipsim')).accessToken}`];
  for (let round = 0; round < 1_000; round += 1) {
    const noise = inLine(random.bytes(1 + random.next(60)));
    const path =
      round % 3 === 0
        ? `/${noise.replaceAll(' ', '%20')}`
        : `${pick(PATHS)}${random.next(4) === 0 ? `/${encodeURI(noise).slice(0, 90)}` : ''}`;
    const authorization = pick([...authorizations, `Basic ${noise}`, `Bearer ${noise}`, noise]);
    const body = random.bytes(random.next(400));
    const head = [
      `${pick(METHODS)} ${path} HTTP/1.1`,
      'Host: 127.0.0.1',
      `Authorization: ${authorization}`,
      `Content-Type: ${pick(TYPES)}`,
      `X-Noise: ${round % 2 === 0 ? noise : 'x'}`,
      `Content-Length: ${body.length}`,
      'Connection: close',
      '',
      '',
    ].join('\r\n');
    judge(await say(Buffer.concat([Buffer.from(head, 'latin1'), body])), head);
  }
}, 120_000);

test('200 strings of random bytes instead of HTTP', async () => {
  const random = createRandom(7);
  for (let round = 0; round < 200; round += 1) {
    const bytes = random.bytes(1 + random.next(300));
    judge(await say(bytes), bytes.toString('hex'));
  }
}, 120_000);

test.each([
  ['a broken percent sign in the path', 'GET /v2/authorization/oauth2/clients/%zz HTTP/1.1', 400],
  ['dots in the path', 'GET /v2/../v2/account HTTP/1.1', 404],
  ['encoded dots', 'GET /v2/%2e%2e/account HTTP/1.1', 404],
  ['two slashes', 'GET //v2/account HTTP/1.1', 404],
  ['a closing slash', 'GET /v2/account/ HTTP/1.1', 404],
  ['another case', 'GET /V2/account HTTP/1.1', 404],
  ['an asterisk', 'OPTIONS * HTTP/1.1', 404],
  ['the absolute form', 'GET https://api.sipgate.com/v2/account HTTP/1.1', 401],
  ['the absolute form of a host that is nobody’s', 'GET https://example.com/v2/account HTTP/1.1', 403],
  ['the absolute form in plain http', 'GET http://api.sipgate.com/v2/account HTTP/1.1', 400],
  ['the prototype as a path', 'GET /__proto__ HTTP/1.1', 404],
  ['a method nobody knows', 'FOO /v2/account HTTP/1.1', 400],
  ['TRACE', 'TRACE /v2/account HTTP/1.1', 405],
])('%s', async (_what, line, status) => {
  const answer = await say(Buffer.from(`${line}\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`));
  expect(answer.slice(0, 12)).toBe(`HTTP/1.1 ${status}`);
});

test('a hostile Host header does not get into the issuer', async () => {
  const request =
    'GET /auth/realms/third-party/.well-known/openid-configuration HTTP/1.1\r\nHost: evil"/<x>\r\nConnection: close\r\n\r\n';
  expect(await say(Buffer.from(request))).not.toContain('evil');
});

test('a scope of many spaces keeps nobody waiting', async () => {
  const form = {
    grant_type: 'password',
    client_id: 'sipgate-app-web',
    username: 'x',
    password: 'y',
    scope: `a${' '.repeat(120_000)}b`,
  };
  const url = `${mock.url}/login/sipgate-apps/protocol/openid-connect/token`;
  // A quadratic search would take minutes here.
  const answer = await fetch(url, {
    method: 'POST',
    body: new URLSearchParams(form),
    signal: AbortSignal.timeout(30_000),
  });
  expect(answer.status).toBe(400);
});

test('Content-Length and Transfer-Encoding together are refused', async () => {
  const request =
    'POST /oauth/token HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n';
  expect((await say(Buffer.from(request))).slice(0, 12)).toBe('HTTP/1.1 400');
});

test('2,000 media types leave no 2,000 compiled schemas behind', async () => {
  const authorization = demoPat(mock);
  const ask = (type: string) =>
    fetch(`${mock.sipgate.baseUrl}/authorization/oauth2/clients`, {
      method: 'POST',
      headers: { authorization, 'content-type': type },
      body: '{}',
    });
  const before = heapUsed();
  for (let n = 0; n < 2_000; n += 1) {
    const answer = await ask(`application/x-${n}`);
    expect(answer.status).toBe(415);
    await answer.arrayBuffer();
  }
  // A compiled schema holds the whole document: 2,000 of them would be hundreds of megabytes.
  expect(heapUsed() - before).toBeLessThan(100 * 1024 * 1024);
}, 120_000);

/** Without what nobody holds any more: when that is collected is chance. */
function heapUsed(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}
