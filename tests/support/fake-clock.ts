/** Time that passes when somebody sleeps, and only then. */
import type { Clock } from '../../contracts/safety/clock.ts';

export interface FakeClock extends Clock {
  /** Milliseconds of each sleep. */
  sleeps: number[];
}

export function createFakeClock(at = Date.parse('2026-01-01T00:00:00Z')): FakeClock {
  const sleeps: number[] = [];
  let now = at;
  return {
    sleeps,
    now: () => now,
    sleep: async (milliseconds) => {
      sleeps.push(milliseconds);
      now += milliseconds;
    },
  };
}
