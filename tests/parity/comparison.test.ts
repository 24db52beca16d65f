/** Two answers side by side. */
import { expect, test } from 'vitest';
import { differencesOf } from '../../contracts/difference/comparison.ts';

test('what is the same has no difference', () => {
  const form = { status: 200, headers: { a: 'b' }, body: { x: [{ y: 1 }], z: null } };
  expect(differencesOf(form, structuredClone(form))).toEqual([]);
});

test('a difference is named by its place, with both values', () => {
  expect(differencesOf({ status: 400, body: { error: 'a' } }, { status: 401, body: { error: 'b' } })).toEqual([
    { where: 'status', real: 400, fake: 401 },
    { where: 'body.error', real: 'a', fake: 'b' },
  ]);
});

test('null, 0, false, the empty text and absence are five things', () => {
  for (const [a, b] of [
    [null, 0],
    [0, false],
    [0, '0'],
    ['', null],
  ] as const) {
    expect(differencesOf({ body: { x: a } }, { body: { x: b } })).toHaveLength(1);
    expect(differencesOf({ body: { x: a } }, { body: {} })).toEqual([{ where: 'body.x', real: a }]);
    expect(differencesOf({ body: {} }, { body: { x: b } })).toEqual([{ where: 'body.x', fake: b }]);
  }
});

test('a part that one of them has not is one difference', () => {
  expect(differencesOf({ status: 302, location: { target: 'a', query: { b: 'c' } } }, { status: 302 })).toEqual([
    { where: 'location', real: '{"target":"a","query":{"b":"c"}}' },
  ]);
  expect(differencesOf({ body: { a: 1 } }, { body: 'a' })).toEqual([{ where: 'body', real: '{"a":1}', fake: 'a' }]);
});

test('the order of JSON members and of redirect parameters is compared, where both have them', () => {
  expect(differencesOf({ body: { a: 1, b: 2, c: 3 } }, { body: { c: 3, a: 1 } })).toEqual([
    { where: 'body.b', real: 2 },
    { where: 'body#order', real: 'a c', fake: 'c a' },
  ]);
  const location = (query: Record<string, string>) => ({ location: { target: 't', query } });
  expect(differencesOf(location({ state: 's', iss: 'i' }), location({ iss: 'i', state: 's' }))).toEqual([
    { where: 'location.query#order', real: 'state iss', fake: 'iss state' },
  ]);
});

test('the order of headers, cookies and parts of an answer is not compared', () => {
  expect(
    differencesOf(
      { status: 1, headers: { a: '1', b: '2' }, cookies: { x: 'set', y: 'set' } },
      {
        headers: { b: '2', a: '1' },
        cookies: { y: 'set', x: 'set' },
        status: 1,
      },
    ),
  ).toEqual([]);
});
