/** How many requests a run may send, and how fast: what it may cost somebody else's service. */
import { type Clock, realClock } from './clock.ts';

export interface Limits {
  /** Requests at the most, in the whole run. */
  maxRequests: number;
  /** Requests a second at the most; no limit if absent. */
  maxRate?: number;
  clock?: Clock;
}

export interface Pace {
  /** Waits for its turn. Throws a BudgetExceeded if there is none left. */
  turn(): Promise<void>;
  /** Turns taken. */
  count(): number;
  /** Keeps so many turns for later; less than nothing gives them back. */
  reserve(turns: number): void;
}

/** More requests were wanted than the budget has, or the target wants to be left alone for longer than a run waits. */
export class BudgetExceeded extends Error {
  override name = 'BudgetExceeded';
}

export function createPace({ maxRequests, maxRate, clock = realClock }: Limits): Pace {
  let [taken, reserved, next] = [0, 0, 0];
  return {
    count: () => taken,
    reserve: (turns) => {
      reserved += turns;
    },
    turn: async () => {
      if (taken + reserved >= maxRequests) throw new BudgetExceeded(`the budget of ${maxRequests} requests is spent`);
      taken += 1;
      if (maxRate === undefined) return;
      // Those that ask at the same time get turns one after another.
      const at = Math.max(clock.now(), next);
      next = at + 1_000 / maxRate;
      if (at > clock.now()) await clock.sleep(at - clock.now());
    },
  };
}
