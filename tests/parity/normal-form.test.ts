/** Answers without what two servers must differ in. */
import { expect, test } from 'vitest';
import { createNormaliser } from '../../contracts/difference/normal-form.ts';
import type { Answer } from './exchange.ts';
import { openIdVocabulary } from './keycloak/vocabulary.ts';

const origin = 'http://127.0.0.1:1234';
const normalise = () => createNormaliser(origin, openIdVocabulary);
const answer = (more: Partial<Answer>): Answer => ({
  url: `${origin}/x`,
  method: 'GET',
  status: 200,
  headers: [],
  body: '',
  ...more,
});
const json = (body: unknown) => answer({ headers: [['Content-Type', 'application/json']], body: JSON.stringify(body) });
const jwt = (claims: object) =>
  [{ alg: 'none', kid: 'k' }, claims, 'x']
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
const now = () => Math.floor(Date.now() / 1000);

test('headers are compared by name and value, but not what frames the message', () => {
  const form = normalise()(
    answer({
      headers: [
        ['X-B', `see ${origin}/y`],
        ['Date', 'today'],
        ['content-length', '3'],
        ['X-A', '1'],
        ['x-a', '2'],
      ],
    }),
  );
  expect(form.headers).toEqual({ 'x-a': '1 | 2', 'x-b': 'see {origin}/y' });
});

test('of a cookie name and attributes remain, and whether it is set or removed', () => {
  const { cookies } = normalise()(
    answer({
      headers: [
        ['Set-Cookie', 'B=; Max-Age=0; Path=/x'],
        ['Set-Cookie', 'A=secret;Version=1;Path=/x;HttpOnly'],
      ],
    }),
  );
  expect(cookies).toEqual({ A: 'set; HttpOnly; Path=/x', B: 'removed; Max-Age=0; Path=/x' });
});

test('a redirect is taken apart, with its parameters in order', () => {
  const at = (location: string) => normalise()(answer({ status: 302, headers: [['Location', location]] })).location;
  expect(at(`http://c/cb?y=1&state=a+b&iss=${encodeURIComponent(origin)}%2Fr`)).toEqual({
    target: 'http://c/cb',
    query: { y: '1', state: 'a b', iss: '{origin}/r' },
  });
  expect(at('http://c/cb#error=e&state=')).toEqual({ target: 'http://c/cb', fragment: { error: 'e', state: '' } });
  expect(at('http://c/x?a=1#top')).toEqual({ target: 'http://c/x', query: { a: '1' }, fragment: 'top' });
});

test('tokens are compared by header and claims, times by their distance', () => {
  const iat = now();
  const body = { access_token: jwt({ exp: iat + 300, iat, jti: 'onrtac:2b1a6a52-5d0c-4d3e-8f9e-0f1d2c3b4a59' }) };
  expect(normalise()(json(body)).body).toEqual({
    access_token: {
      header: { alg: 'none', kid: '<kid 1>' },
      claims: { exp: 300, iat: 'now', jti: 'onrtac:<uuid>' },
    },
  });
});

test('at_hash is right or wrong', () => {
  const access = jwt({ iat: now() });
  const claims = (hash: string) =>
    JSON.stringify(normalise()(json({ access_token: access, id_token: jwt({ iat: now(), at_hash: hash }) })).body);
  expect(claims('nonsense')).toContain('"at_hash":"wrong"');
});

test('made-up values are named in order of appearance, over several answers', () => {
  const one = normalise();
  expect(one(json({ session_state: 'S1', sub: 'U1' })).body).toEqual({ session_state: '<sid 1>', sub: '<sub 1>' });
  expect(one(json({ session_state: 'S2', sid: 'S1' })).body).toEqual({ session_state: '<sid 2>', sid: '<sid 1>' });
  const code = 'd9428888-122b-11e1-b85c-61cd3cbb3210.S2.d9428888-122b-11e1-b85c-61cd3cbb3210';
  expect(one(json({ code })).body).toEqual({ code: '<uuid>.<sid 2>.<uuid>' });
});

test('a set of scopes has no order, a missing one is missing', () => {
  expect(normalise()(json({ scope: 'openid b a' })).body).toEqual({ scope: 'a b openid' });
  expect(normalise()(json({ scope: '' })).body).toEqual({ scope: '' });
});

test('a list of words is a set, a list of objects is not', () => {
  expect(normalise()(json({ x: ['b', 'a'], y: [{ a: 1 }, { a: 2 }] })).body).toEqual({
    x: '[a b]',
    y: [{ a: 1 }, { a: 2 }],
  });
});

test('what is said to be JSON and is none is compared as text', () => {
  expect(normalise()(answer({ headers: [['content-type', 'application/json']], body: '{' })).body).toBe('{');
});
