/** Sees what one answer takes from time and chance, however many are under way: without that it cannot be given again. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock } from '../clock.ts';
import type { Ids } from '../ids.ts';

/** What an answer came from, beside its request and the state. */
export interface Dependence {
  /** Ids that were drawn for it, in this order. */
  drawn: Drawn[];
  /** Unix second of the mock's time, if it was looked at. */
  second?: number;
  /** Millisecond of the mock's time, if it was looked at. */
  instant?: number;
  /** The latest instant, in milliseconds, that was asked for and found reached. */
  since?: number;
  /** The earliest one that was asked for and is yet to come. */
  until?: number;
  /** Bytes were drawn, or time went on under way: nobody can tell what came of it. */
  unclear: boolean;
}

export type Drawn = { kind: 'uuid'; value: string } | { kind: 'hex'; digits: number; value: string };

export interface Witness {
  /** Runs something and sees what it takes from the clocks and ids below, as long as it goes on. */
  watch(run: (seen: Dependence) => void): void;
  /** The same clock, seen. */
  clock(clock: Clock): Clock;
  /** The same ids, seen. */
  ids(ids: Ids): Ids;
}

export function createWitness(): Witness {
  const storage = new AsyncLocalStorage<Dependence>();
  return {
    watch: (run) => {
      const seen: Dependence = { drawn: [], unclear: false };
      storage.run(seen, run, seen);
    },
    clock: (clock) => ({
      ...clock,
      now: () => {
        const now = clock.now();
        const seen = storage.getStore();
        if (seen) look(seen, 'instant', now);
        return now;
      },
      seconds: () => {
        const second = clock.seconds();
        const seen = storage.getStore();
        if (seen) look(seen, 'second', second);
        return second;
      },
      reached: (instant) => {
        const reached = clock.reached(instant);
        const seen = storage.getStore();
        if (seen && reached) seen.since = Math.max(seen.since ?? instant, instant);
        else if (seen) seen.until = Math.min(seen.until ?? instant, instant);
        return reached;
      },
    }),
    ids: (ids) => {
      const draw = (drawn: Drawn) => {
        storage.getStore()?.drawn.push(drawn);
        return drawn.value;
      };
      return {
        ...ids,
        uuid: () => draw({ kind: 'uuid', value: ids.uuid() }),
        hex: (digits) => draw({ kind: 'hex', digits, value: ids.hex(digits) }),
        bytes: (count) => {
          const seen = storage.getStore();
          if (seen) seen.unclear = true;
          return ids.bytes(count);
        },
      };
    },
  };
}

function look(seen: Dependence, what: 'second' | 'instant', value: number): void {
  if (seen[what] !== undefined && seen[what] !== value) seen.unclear = true;
  seen[what] = value;
}
