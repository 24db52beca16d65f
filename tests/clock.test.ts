import { afterEach, describe, expect, test, vi } from 'vitest';
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
  test('is frozen at an instant, whenever it is', () => {
    const { clock, pass } = setUp();
    clock.freeze('2030-01-01T00:00:00Z');
    pass(60_000);
    expect(clock.state()).toMatchObject({ now: '2030-01-01T00:00:00.000Z', frozen: true });
    expect(() => clock.freeze('never')).toThrow('"never" is not an instant');
  });
  test('is set, also backwards, and reset to real time', () => {
    const { clock, pass } = setUp();
    clock.set('2020-02-29T00:00:00Z');
    expect(clock.state()).toEqual({
      now: '2020-02-29T00:00:00.000Z',
      frozen: false,
      offset: expect.any(Number),
      rate: 1,
    });
    pass(5);
    clock.reset();
    expect(clock.now()).toBe(start + 5);
  });
  test('runs at another pace, from where it is', () => {
    const { clock, pass } = setUp();
    clock.rate(60);
    pass(1_000);
    expect(clock.now()).toBe(start + 60_000);
    clock.rate(0.5);
    pass(1_000);
    expect(clock.now()).toBe(start + 60_500);
    clock.freeze();
    pass(1_000);
    clock.resume();
    expect(clock.state()).toMatchObject({ rate: 0.5, frozen: false });
    pass(2);
    expect(clock.now()).toBe(start + 60_501);
    clock.reset();
    expect(clock.state()).toMatchObject({ rate: 1, offset: 0 });
  });
  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, '2' as never])('refuses the rate %s', (rate) => {
    expect(() => setUp().clock.rate(rate)).toThrow('is no rate');
  });
  test('puts back what it told of itself', () => {
    const { clock, pass } = setUp();
    clock.advance('1h');
    clock.rate(2);
    const moving = clock.state();
    clock.freeze();
    const frozen = clock.state();
    clock.reset();
    clock.restore(moving);
    pass(10);
    expect(clock.now()).toBe(start + 3_600_020);
    clock.restore(frozen);
    pass(10);
    expect(clock.now()).toBe(start + 3_600_000);
  });
  test.each(['soon', '-1h', '', 'P', 'PT', '1 h'])('refuses the duration "%s" and quotes it', (duration) => {
    expect(() => setUp().clock.advance(duration)).toThrow(`"${duration}" is not a duration`);
  });
  test.each(['yesterday', Number.NaN, '+123456-01-01T00:00:00Z'])('refuses the instant %s', (instant) => {
    expect(() => setUp().clock.set(instant)).toThrow('is not an instant');
  });
});

describe('a wait on the clock', () => {
  afterEach(() => vi.useRealTimers());
  const setUp = () => {
    vi.useFakeTimers({ now: 1_000 });
    const clock = createClock();
    const over = vi.fn();
    return { clock, over };
  };

  test('ends when the time has gone by, at the pace of the clock', async () => {
    const { clock, over } = setUp();
    clock.rate(10);
    void clock.wait(10_000).then(over);
    await vi.advanceTimersByTimeAsync(999);
    expect(over).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(over).toHaveBeenCalled();
  });
  test('lasts while the clock stands still, until it is moved far enough', async () => {
    const { clock, over } = setUp();
    clock.freeze();
    void clock.wait(10_000).then(over);
    await vi.advanceTimersByTimeAsync(60_000);
    clock.advance('9s');
    await vi.advanceTimersByTimeAsync(0);
    expect(over).not.toHaveBeenCalled();
    clock.advance('1s');
    await vi.advanceTimersByTimeAsync(0);
    expect(over).toHaveBeenCalled();
  });
  test('begins to run when the clock does', async () => {
    const { clock, over } = setUp();
    clock.freeze();
    void clock.wait(1_000).then(over);
    clock.resume();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(over).toHaveBeenCalled();
  });
  test('ends with a reset and with its signal, and leaves no timer', async () => {
    const { clock, over } = setUp();
    const abort = new AbortController();
    void clock.wait(1_000_000).then(over);
    void clock.wait(1_000_000, abort.signal).then(over);
    abort.abort();
    await vi.advanceTimersByTimeAsync(0);
    expect(over).toHaveBeenCalledTimes(1);
    clock.reset();
    await vi.advanceTimersByTimeAsync(0);
    expect(over).toHaveBeenCalledTimes(2);
    expect(vi.getTimerCount()).toBe(0);
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
