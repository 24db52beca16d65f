/** The mock's time. Everything that expires, and the `Date` header, asks here. */
import { InputError } from './input-error.ts';
import { createWaits } from './waits.ts';

export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Whole seconds since the Unix epoch, as JWT claims count them (RFC 7519 NumericDate). */
  seconds(): number;
  /** Whether the mock's time is at that instant or past it; milliseconds since the Unix epoch. */
  reached(instant: number): boolean;
  /** Moves time on by a duration (milliseconds, "2h", "PT90S"). Time never goes back this way. */
  advance(duration: number | string): void;
  /** Stops the clock where it is, or at an instant, until `resume` or `reset`. */
  freeze(instant?: Date | string | number): void;
  resume(): void;
  set(instant: Date | string | number): void;
  /** Seconds of the mock's time in a second of real time; 1 is real time's own pace. */
  rate(factor: number): void;
  /** Back to real time. Ends every wait. */
  reset(): void;
  /**
   * Resolves when that much of the mock's time has gone by: a frozen clock makes it wait until the clock is moved. A
   * reset of the clock ends the wait, and so does the signal.
   */
  wait(milliseconds: number, signal?: AbortSignal): Promise<void>;
  state(): ClockState;
  /** Puts a state back that `state` gave. */
  restore(state: ClockState): void;
}

export interface ClockState {
  now: string;
  frozen: boolean;
  /** Milliseconds from real time to the mock's. */
  offset: number;
  rate: number;
}

/** @param realTime source of real time in milliseconds; tests give their own. */
export function createClock(realTime: () => number = Date.now): Clock {
  // The mock's time is a line through one point of real time.
  let [base, realBase, pace, frozen] = [0, 0, 1, false];
  const now = () => (frozen ? base : base + (realTime() - realBase) * pace);
  const waits = createWaits(now, () => (frozen ? 0 : pace));
  const lineFrom = (instant: number, factor: number, stopped: boolean) => {
    [base, realBase, pace, frozen] = [instant, realTime(), factor, stopped];
    waits.recheck();
  };
  const toReality = () => {
    [base, realBase, pace, frozen] = [0, 0, 1, false];
  };
  return {
    now,
    seconds: () => Math.floor(now() / 1000),
    reached: (instant) => now() >= instant,
    advance: (duration) => lineFrom(parseInstant(now() + parseDuration(duration)), pace, frozen),
    freeze: (instant) => lineFrom(instant === undefined ? now() : parseInstant(instant), pace, true),
    resume: () => lineFrom(now(), pace, false),
    set: (instant) => lineFrom(parseInstant(instant), pace, frozen),
    rate: (factor) => lineFrom(now(), parseRate(factor), frozen),
    reset: () => {
      toReality();
      waits.endAll();
    },
    wait: waits.wait,
    state: () => ({
      now: new Date(now()).toISOString(),
      frozen,
      offset: Math.round(now() - realTime()),
      rate: pace,
    }),
    restore: (state) => {
      const instant = state.frozen ? parseInstant(state.now) : parseInstant(realTime() + state.offset);
      if (state.offset === 0 && state.rate === 1 && !state.frozen) toReality();
      else lineFrom(instant, parseRate(state.rate), state.frozen);
      waits.recheck();
    },
  };
}

/** The Date header (RFC 9110 §5.6.7) by a clock; written anew once a second. */
export function createDate({ seconds }: Pick<Clock, 'seconds'>): () => string {
  let [second, text] = [Number.NaN, ''];
  return () => {
    const now = seconds();
    if (now !== second) [second, text] = [now, new Date(now * 1000).toUTCString()];
    return text;
  };
}

const UNITS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const ISO_DURATION = /^P(?=.)(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/** Milliseconds of `1500`, `"90s"`, `"2h"`, `"PT2H30M"`. Throws an InputError that quotes what it was given. */
export function parseDuration(duration: number | string): number {
  const milliseconds = typeof duration === 'number' ? duration : durationOf(String(duration));
  if (milliseconds === undefined || !Number.isFinite(milliseconds) || milliseconds < 0) {
    throw new InputError(`"${duration}" is not a duration; expected e.g. "90s", "2h", "PT2H30M" or milliseconds`);
  }
  return milliseconds;
}

function durationOf(text: string): number | undefined {
  const short = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text);
  if (short) return Number(short[1]) * (UNITS[short[2] ?? ''] ?? Number.NaN);
  const iso = ISO_DURATION.exec(text);
  if (!iso) return undefined;
  const [days, hours, minutes, seconds] = iso.slice(1).map((part) => Number(part ?? 0));
  return ((((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0)) * 1000;
}

function parseInstant(instant: Date | string | number): number {
  const kind = instant instanceof Date ? 'date' : typeof instant;
  const milliseconds = ['date', 'string', 'number'].includes(kind) ? new Date(instant).getTime() : Number.NaN;
  // toUTCString must be able to write it as a Date header, so the year has four digits.
  if (!(milliseconds >= 0 && milliseconds < Date.UTC(9999, 11, 31))) {
    throw new InputError(`"${String(instant)}" is not an instant; expected e.g. "2026-01-31T12:00:00Z"`);
  }
  return milliseconds;
}

/** Faster than this and a real millisecond would be more than a day. */
const FASTEST = 100_000_000;

function parseRate(factor: unknown): number {
  if (typeof factor === 'number' && factor > 0 && factor <= FASTEST) return factor;
  throw new InputError(`"${String(factor)}" is no rate; expected a number over 0, e.g. 60 for a minute in a second`);
}
