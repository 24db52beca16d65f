import { describe, expect, test } from 'vitest';
import { createClock, parseDuration } from '../mock-server/clock.ts';

describe('the clock', () => {
  const start = Date.parse('2026-01-31T12:00:00Z');
  const setUp = () => {
    let real = start;
    return { clock: createClock(() => real), pass: (milliseconds: number) => (real += milliseconds) };
  };

  test('runs with real time until it is told otherwise', () => {
    const { clock, pass } = setUp();
    pass(1_500);
    expect(clock.now()).toBe(start + 1_500);
    expect(clock.seconds()).toBe(start / 1000 + 1);
  });
  test('advances, and runs on from there', () => {
    const { clock, pass } = setUp();
    clock.advance('2h');
    pass(1_000);
    expect(clock.now()).toBe(start + 7_201_000);
  });
  test('stands still while frozen, and can be advanced then', () => {
    const { clock, pass } = setUp();
    clock.freeze();
    pass(60_000);
    expect(clock.now()).toBe(start);
    clock.advance(500);
    expect(clock.now()).toBe(start + 500);
    clock.resume();
    pass(1);
    expect(clock.now()).toBe(start + 501);
  });
  test('is set, also backwards, and reset to real time', () => {
    const { clock, pass } = setUp();
    clock.set('2020-02-29T00:00:00Z');
    expect(clock.state()).toEqual({ now: '2020-02-29T00:00:00.000Z', frozen: false, offset: expect.any(Number) });
    pass(5);
    clock.reset();
    expect(clock.now()).toBe(start + 5);
  });
  test.each(['soon', '-1h', '', 'P', 'PT', '1 h'])('refuses the duration "%s" and quotes it', (duration) => {
    expect(() => setUp().clock.advance(duration)).toThrow(`"${duration}" is not a duration`);
  });
  test.each(['yesterday', Number.NaN, '+123456-01-01T00:00:00Z'])('refuses the instant %s', (instant) => {
    expect(() => setUp().clock.set(instant)).toThrow('is not an instant');
  });
});

test.each([
  [1500, 1500],
  ['250ms', 250],
  ['1.5s', 1_500],
  ['90m', 5_400_000],
  ['1d', 86_400_000],
  ['PT2H30M', 9_000_000],
  ['P1DT1S', 86_401_000],
])('the duration %s has %i milliseconds', (duration, milliseconds) => {
  expect(parseDuration(duration)).toBe(milliseconds);
});
