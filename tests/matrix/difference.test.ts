/** How the answers of two sides differ: in shape, never in what one account has and the other has not. */
import { expect, test } from 'vitest';
import { type Difference, differenceOf } from '../../contracts/difference/exchanges.ts';
import type { TracedExchange } from '../../contracts/trace.ts';

const MOCK = 'http://127.0.0.1:4010';
const REAL = 'https://api.example';

interface Given {
  path?: string;
  method?: string;
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
  error?: string;
}

const exchange = (origin: string, given: Given): TracedExchange => ({
  startedAt: '2026-01-01T00:00:00.000Z',
  milliseconds: 1,
  request: { method: given.method ?? 'GET', url: origin + (given.path ?? '/v2/account'), headers: {} },
  ...(given.error === undefined
    ? { response: { status: given.status ?? 200, headers: headersOf(given), body: textOf(given.body) } }
    : { error: given.error }),
});
const headersOf = ({ headers = {}, body }: Given) => ({
  ...(body !== undefined && { 'content-type': 'application/json' }),
  ...headers,
});
const textOf = (body: unknown) => (typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body));

const between = (mock: Given, real: Given) => differenceOf([exchange(MOCK, mock)], [exchange(REAL, real)]);
const told = (differences: Difference[]) =>
  differences.map(({ kind, where, mock, real }) => `${kind} ${where}: ${mock} | ${real}`);

test.each<[string, Given, Given]>([
  ['the same', { body: { company: 'A' } }, { body: { company: 'A' } }],
  ['other data', { body: { company: 'A', verified: true } }, { body: { company: 'B', verified: false } }],
  [
    'other ids and times',
    { body: { id: '6b9a8e90-3ad6-4e0a-9c7e-000000000001', at: '2026-01-01T00:00:00Z', iat: 1 } },
    { body: { id: '1c5a8e90-3ad6-4e0a-9c7e-000000000002', at: '2025-05-05T05:05:05Z', iat: 2 } },
  ],
  ['other tokens', { body: { access_token: '<secret:1>' } }, { body: { access_token: '<secret:4>' } }],
  ['a list that is empty on one side', { body: { items: [] } }, { body: { items: [{ id: 'x' }] } }],
  ['lists of other lengths', { body: { items: [{ a: 1 }] } }, { body: { items: [{ a: 2 }, { a: 3 }] } }],
  ['its own origin in an address', { headers: { location: `${MOCK}/x` } }, { headers: { location: `${REAL}/x` } }],
  ['what a proxy adds', {}, { headers: { server: 'nginx', via: '1.1 x', 'cf-ray': '1' } }],
  ['what only the fake says', { headers: { 'x-sidetone-reason': 'unknown token' } }, {}],
  ['the value of a trace id', { headers: { 'x-b3-traceid': 'a' } }, { headers: { 'x-b3-traceid': 'b' } }],
  [
    'wording of a challenge',
    { headers: { 'www-authenticate': 'Bearer realm="a", error="invalid_token"' } },
    { headers: { 'www-authenticate': 'Bearer realm="b", error="invalid_token", error_description="no"' } },
  ],
])('is none: %s', (_what, mock, real) => {
  expect(told(between(mock, real))).toEqual([]);
});

test.each<[string, Given, Given, string[]]>([
  ['status', { status: 401 }, { status: 403 }, ['status : 401 | 403']],
  [
    'a header that one has',
    { headers: { allow: 'GET' } },
    { headers: { vary: 'x' } },
    ['headers vary: (absent) | (present)', 'headers allow: GET | (absent)'],
  ],
  [
    'the methods of Allow',
    { headers: { allow: 'GET, PUT' } },
    { headers: { allow: 'PUT' } },
    ['headers allow: GET, PUT | PUT'],
  ],
  [
    'the media type',
    { body: '{}', headers: { 'content-type': 'application/json; charset=utf-8' } },
    { body: '{}', headers: { 'content-type': 'application/problem+json' } },
    ['headers content-type: application/json | application/problem+json'],
  ],
  [
    'the code in a challenge',
    { headers: { 'www-authenticate': 'Bearer error="invalid_token"' } },
    { headers: { 'www-authenticate': 'Bearer error="expired"' } },
    ['errorCode www-authenticate: Bearer error=invalid_token | Bearer error=expired'],
  ],
  [
    'members',
    { body: { data: { a: 1 } } },
    { body: { data: { b: 'x' } } },
    ['members /data/b: (absent) | <text>', 'members /data/a: <number> | (absent)'],
  ],
  [
    'members of the items of a list',
    { body: [{ a: 1 }] },
    { body: [{ a: 1, 'b/c': '' }] },
    ['members /[]/b~1c: (absent) | <text>'],
  ],
  [
    'types',
    { body: { id: 1, n: null } },
    { body: { id: '1', n: 0 } },
    ['types /id: <number> | <text>', 'types /n: <null> | <number>'],
  ],
  [
    'a time that is none',
    { body: { at: '2026-01-01T00:00:00Z' } },
    { body: { at: 'now' } },
    ['types /at: <time> | <text>'],
  ],
  [
    'error codes',
    { body: { error: 'invalid_grant' } },
    { body: { error: 'invalid_client' } },
    ['errorCode /error: invalid_grant | invalid_client'],
  ],
  [
    'a body that is none',
    { body: { a: 1 } },
    { headers: { 'content-type': 'application/json' } },
    ['types : <JSON> | (absent)'],
  ],
  ['no answer', {}, { error: 'ECONNRESET' }, ['missing : answers 200 | no answer']],
])('is told: %s', (_what, mock, real, expected) => {
  expect(told(between(mock, real))).toEqual(expected);
});

test('exchanges are compared with their like, and what one side was not asked is told', () => {
  const [first, between_, last] = [{ path: '/a' }, { path: '/b' }, { path: '/c', status: 404 }];
  const differences = differenceOf(
    [first, between_, last].map((given) => exchange(MOCK, given)),
    [first, { ...last, status: 200 }].map((given) => exchange(REAL, given)),
  );
  expect(differences).toEqual([
    { exchange: 1, request: 'GET /b', kind: 'missing', where: '', mock: 'answers 200', real: 'not asked' },
    { exchange: 2, request: 'GET /c', kind: 'status', where: '', mock: '404', real: '200' },
  ]);
});
