/** Every fault of the connection and of the answer, as curl and Python's requests see it. */
import { execFile } from 'node:child_process';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type FaultInput, type Mock, startMock } from '../../mock-server/index.ts';
import { pythonWithRequests, run } from './support.ts';

let mock: Mock;
let python: string;
beforeAll(async () => {
  mock = await startMock();
  python = pythonWithRequests();
}, 120_000);
beforeEach(() => mock.reset());
afterAll(() => mock.close());

/** curl's exit code and what it wrote last: status, seconds. */
const curl = (...args: string[]): Promise<{ code: number; status: number; body: string; seconds: number }> =>
  new Promise((resolve) => {
    const all = ['--silent', '--max-time', '10', '--write-out', '\n%{http_code} %{time_total}', ...args];
    const child = execFile('curl', [...all, `${mock.url}/v2/account`], (_error, stdout) => {
      const [, body = '', status, seconds] = /^(.*)\n(\d+) ([\d.]+)$/s.exec(stdout) ?? [];
      resolve({ code: child.exitCode ?? -1, status: Number(status), body, seconds: Number(seconds) });
    });
  });

const PROGRAM = `
import sys, requests
try:
    answer = requests.get(sys.argv[1], timeout=10)
    print(answer.status_code, answer.headers.get('Retry-After', ''), answer.text)
except requests.exceptions.RequestException as error:
    print(type(error).__name__, repr(error))
`;
const requests = async () => (await run(python, ['-', `${mock.url}/v2/account`], PROGRAM, {})).stdout.trim();

const answer = { status: 200, body: 'a whole answer' };

test.each<[string, FaultInput, number, RegExp]>([
  // curl's exit codes: 56 failure in receiving, 52 empty reply, 18 partial file.
  ['reset', { connection: 'reset' }, 56, /^ConnectionError .*Connection reset by peer/],
  ['empty reply', { connection: 'empty' }, 52, /^ConnectionError .*RemoteDisconnected/],
  ['truncated body', { connection: 'truncated', answer }, 18, /^ChunkedEncodingError .*IncompleteRead/],
  ['malformed chunk', { connection: 'malformed-chunk', answer }, 56, /^ChunkedEncodingError .*InvalidChunkLength/],
])('%s', async (_name, fault, code, message) => {
  mock.fail(fault);
  expect((await curl()).code).toBe(code);
  expect(await requests()).toMatch(message);
});

test('slow drip', async () => {
  mock.fail({ connection: 'drip', drip: { bytes: 2, every: '50ms' }, answer });
  const seen = await curl();
  expect(seen).toMatchObject({ code: 0, status: 200, body: 'a whole answer' });
  expect(seen.seconds).toBeGreaterThan(0.25);
  expect(await requests()).toBe('200  a whole answer');
});

test('delay', async () => {
  mock.fail({ delay: '300ms', answer });
  expect((await curl()).seconds).toBeGreaterThan(0.29);
  mock.removeFault();
  mock.fail({ delay: '1h', answer });
  expect((await curl('--max-time', '0.3')).code).toBe(28);
});

test('any status, with Retry-After', async () => {
  mock.fail({ answer: { status: 503, retryAfter: '2m', body: { a: 1 } } });
  expect(await curl()).toMatchObject({ code: 0, status: 503, body: '{"a":1}' });
  expect(await requests()).toBe('503 120 {"a":1}');
});

test('a limit', async () => {
  mock.clock.freeze('2030-01-01T00:00:30Z');
  mock.fail({ limit: { requests: 1, window: '1m', per: 'everyone' } });
  expect((await curl()).status).toBe(401);
  expect((await curl()).status).toBe(429);
  expect(await requests()).toBe('429 30');
});

test('an OAuth error by name', async () => {
  mock.fail({ answer: { oauthError: 'server_error' } });
  expect(await curl()).toMatchObject({ status: 500, body: expect.stringContaining('"error":"server_error"') });
  expect(await requests()).toContain('"error_description":"Injected fault"');
});
