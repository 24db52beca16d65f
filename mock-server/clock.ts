/** The mock's time. Everything that expires, and the `Date` header, asks here. */
import { InputError } from './input-error.ts';

export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Whole seconds since the Unix epoch, as JWT claims count them (RFC 7519 NumericDate). */
  seconds(): number;
  /** Moves time on by a duration (milliseconds, "2h", "PT90S"). Time never goes back this way. */
  advance(duration: number | string): void;
  /** Stops the clock where it is, until `resume` or `reset`. */
  freeze(): void;
  resume(): void;
  set(instant: Date | string | number): void;
  /** Back to real time. */
  reset(): void;
  state(): { now: string; frozen: boolean; offset: number };
}

/** @param realTime source of real time in milliseconds; tests give their own. */
export function createClock(realTime: () => number = Date.now): Clock {
  let offset = 0;
  let frozenAt: number | undefined;
  const now = () => frozenAt ?? realTime() + offset;
  const set = (instant: number) => {
    if (frozenAt === undefined) offset = instant - realTime();
    else frozenAt = instant;
  };
  return {
    now,
    seconds: () => Math.floor(now() / 1000),
    advance: (duration) => set(parseInstant(now() + parseDuration(duration))),
    freeze: () => {
      frozenAt = now();
    },
    resume: () => {
      offset = now() - realTime();
      frozenAt = undefined;
    },
    set: (instant) => set(parseInstant(instant)),
    reset: () => {
      offset = 0;
      frozenAt = undefined;
    },
    state: () => ({
      now: new Date(now()).toISOString(),
      frozen: frozenAt !== undefined,
      offset: Math.round(now() - realTime()),
    }),
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
