/** What was asked and answered in one world: the last so many exchanges. */
import type { Mask, Secrets } from '../masking/secrets.ts';
import type { RecordedExchange } from './exchange.ts';
import { filterOf, type RequestFilter } from './filter.ts';
import { type JournalEntry, secretsOf, viewOf } from './view.ts';

export interface Journal {
  /** Keeps an exchange that has begun, and gives it its id. Its other members come while it goes on. */
  add(exchange: RecordedExchange): void;
  /** Tells those who wait that an exchange has become more. */
  changed(): void;
  /** The oldest first; `last`: no more than the last so many. */
  entries(filter?: RequestFilter, last?: number): JournalEntry[];
  count(filter?: RequestFilter): number;
  /** Resolves with the number as soon as there are that many, or after so much real time with what there is then. */
  waitFor(filter: RequestFilter, count: number, milliseconds: number): Promise<number>;
  clear(): void;
  /** Id of the last that came; 0 before the first. */
  readonly last: number;
  /** How often it was emptied. */
  readonly emptied: number;
  /** One that is kept, raw: for those inside who mask what they show of it. */
  find(id: number): RecordedExchange | undefined;
  /** Those that came after the one of this id, as far as they are kept: raw, the oldest first. */
  since(id: number): RecordedExchange[];
  /** Masks the secrets of this world, and those that stand in these exchanges or, without any, in all that are kept. */
  masker(exchanges?: RecordedExchange[]): Mask;
}

/** @param size how many exchanges are kept, asked at each. */
export function createJournal(size: () => number, secrets: Secrets): Journal {
  let ring: RecordedExchange[] = [];
  let [last, emptied] = [0, 0];
  const waiting = new Set<() => void>();
  const changed = () => {
    for (const check of waiting) check();
  };
  const living = () => ring.slice(-size());
  const masker = (exchanges: RecordedExchange[]) =>
    secrets.masker(exchanges.flatMap((exchange) => [...secretsOf(exchange)]));

  return {
    add: (exchange) => {
      last += 1;
      exchange.id = last;
      ring.push(exchange);
      // A quarter more, then cut: the cost of an exchange stays the same.
      if (ring.length >= size() * 1.25) ring = living();
    },
    changed,
    entries: (filter = {}, wanted = Number.POSITIVE_INFINITY) => {
      const kept = living();
      const found = kept.filter(filterOf(filter));
      const mask = masker(kept);
      return found.slice(wanted === Number.POSITIVE_INFINITY ? 0 : -wanted).map((exchange) => viewOf(exchange, mask));
    },
    count: (filter = {}) => living().filter(filterOf(filter)).length,
    waitFor: (filter, count, milliseconds) => {
      const matches = filterOf(filter);
      const found = () => living().filter(matches).length;
      return new Promise((resolve) => {
        const end = () => {
          waiting.delete(check);
          clearTimeout(timer);
          resolve(found());
        };
        const check = () => {
          if (found() >= count) end();
        };
        const timer = setTimeout(end, milliseconds);
        waiting.add(check);
        check();
      });
    },
    clear: () => {
      ring = [];
      emptied += 1;
      changed();
    },
    get last() {
      return last;
    },
    get emptied() {
      return emptied;
    },
    find: (id) => living().find((exchange) => exchange.id === id),
    since: (id) => {
      // Ids follow each other without a gap.
      const count = Math.min(last - id, ring.length, size());
      return count > 0 ? ring.slice(-count) : [];
    },
    masker: (exchanges) => masker(exchanges ?? living()),
  };
}
