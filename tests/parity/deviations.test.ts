/** Differences that are meant. */
import { expect, test } from 'vitest';
import { checkDeviations, type Deviation, explains } from './deviations.ts';

const deviation = (more: Partial<Deviation> = {}): Deviation => ({
  id: 'x',
  where: 'status',
  what: 'w',
  why: 'y',
  ...more,
});
const difference = { where: 'status', real: 400, fake: 401 };

test('a deviation explains its place and no other', () => {
  expect(explains(deviation(), 'a / b', difference)).toBe(true);
  expect(explains(deviation({ where: 'statu' }), 'a / b', difference)).toBe(false);
  expect(explains(deviation({ where: ['body', 'sta*'] }), 'a / b', difference)).toBe(true);
});

test('a pattern is literal but for its stars', () => {
  expect(explains(deviation({ where: 'body.x' }), 'a', { where: 'body_x' })).toBe(false);
  expect(explains(deviation({ where: 'body.*.x' }), 'a', { where: 'body.a.b.x' })).toBe(true);
  expect(explains(deviation({ where: 'a+(b)' }), 'a', { where: 'a+(b)' })).toBe(true);
});

test('it may be bound to steps and to values, absence among them', () => {
  expect(explains(deviation({ at: 'login*' }), 'logout / x', difference)).toBe(false);
  expect(explains(deviation({ real: '400', fake: '401' }), 'a', difference)).toBe(true);
  expect(explains(deviation({ real: '401' }), 'a', difference)).toBe(false);
  expect(explains(deviation({ real: '(nothing)' }), 'a', { where: 'status', fake: 1 })).toBe(true);
  expect(explains(deviation({ real: '(nothing)' }), 'a', difference)).toBe(false);
});

test('an internal error of the fake has no reason', () => {
  expect(explains(deviation({ where: '*' }), 'a', { where: 'status', real: 500, fake: 400 })).toBe(true);
  expect(explains(deviation({ where: '*' }), 'a', { where: 'status', real: 500, fake: 500 })).toBe(false);
});

test('a list that cannot be trusted is refused, by the name of what is wrong', () => {
  expect(() => checkDeviations({})).toThrow('must be a list');
  expect(() => checkDeviations([{ id: 'a', where: 'x', what: 'y' }])).toThrow('deviation a has no why');
  expect(() => checkDeviations([{ where: 'x' }])).toThrow('deviation 1 has no id');
  expect(() => checkDeviations([{ ...deviation(), reason: 'x' }])).toThrow('unknown member "reason"');
  expect(() => checkDeviations([deviation(), deviation()])).toThrow('deviation x stands twice');
  expect(() => checkDeviations([deviation({ why: 'Not implemented yet' })])).toThrow('is no reason');
});
