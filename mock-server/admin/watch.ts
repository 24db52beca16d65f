/** What has become of worlds since one looked the last time: rows of a few exchanges, and counts of all of them. */
import type { RecordedExchange } from '../journal/exchange.ts';
import { type ExchangeRow, isOver, rowOf } from '../journal/row.ts';
import type { World } from '../world.ts';

export interface News {
  rows: ExchangeRow[];
  /** Exchanges that came and have no row. */
  left: number;
  /** How many ended, by the first digit of their status; 0 for those without an answer. */
  ended: Record<string, number>;
  /** How many answers dealt a token. */
  dealt: number;
  /** Names of namespaces whose journal was emptied. */
  emptied: string[];
}

export interface Watch {
  /** Undefined where nothing has happened. */
  look(world: World, allowance: Allowance): News | undefined;
}

/** How many rows there may be. What is more than `soon` passes without. */
export interface Allowance {
  now: number;
  soon: number;
}

interface Seen {
  last: number;
  emptied: number;
  /** Came, but are not over. */
  open: RecordedExchange[];
  /** Those of them that have a row. */
  shown: Set<RecordedExchange>;
}

/** More than so many at once are not followed to their end. */
const MOST_OPEN = 2_000;

export function createWatch(): Watch {
  const worlds = new WeakMap<World, Seen>();
  return {
    look: (world, allowance) => {
      const { journal, namespace } = world;
      const seen = worlds.get(world) ?? { last: 0, emptied: journal.emptied, open: [], shown: new Set() };
      worlds.set(world, seen);
      const wasEmptied = seen.emptied !== journal.emptied;
      if (journal.last === seen.last && seen.open.length === 0 && !wasEmptied) return undefined;
      const { passed, added, left } = arrivals(world, seen, allowance);
      const all = [...seen.open, ...passed, ...added];
      const ended = all.filter(isOver);
      const changed = ended.filter((exchange) => seen.shown.has(exchange));
      const shown = [...changed, ...added];
      const withRow = new Set([...seen.shown, ...added]);
      seen.emptied = journal.emptied;
      seen.open = all.filter((exchange) => !isOver(exchange)).slice(-MOST_OPEN);
      seen.shown = new Set(seen.open.filter((exchange) => withRow.has(exchange)));
      if (left === 0 && added.length === 0 && ended.length === 0 && !wasEmptied) return undefined;
      const mask = journal.masker(shown);
      return {
        rows: shown.map((exchange) => rowOf(exchange, namespace, mask)),
        left,
        ended: countsOf(ended),
        dealt: ended.filter(dealsToken).length,
        emptied: wasEmptied ? [namespace] : [],
      };
    },
  };
}

/** Of those that came: some pass without a row, some get one now, and the others are left for the next look. */
function arrivals({ journal }: World, seen: Seen, { now, soon }: Allowance) {
  const fresh = journal.since(seen.last);
  const skipped = Math.max(0, fresh.length - soon);
  const lost = journal.last - seen.last - fresh.length;
  const [passed, added] = [fresh.slice(0, skipped), fresh.slice(skipped, skipped + now)];
  seen.last = journal.last - (fresh.length - skipped - added.length);
  return { passed, added, left: lost + skipped };
}

function countsOf(ended: RecordedExchange[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { answer } of ended) {
    const digit = String(answer?.status ?? 0)[0] ?? '0';
    counts[digit] = (counts[digit] ?? 0) + 1;
  }
  return counts;
}

/** By the operation's name: to read every answer would cost too much. */
const dealsToken = ({ operation, answer }: RecordedExchange) =>
  answer?.status === 200 && operation !== undefined && /\.createToken/.test(operation);

export function united(news: News[]): News {
  const ended: Record<string, number> = {};
  for (const [digit, count] of news.flatMap((one) => Object.entries(one.ended))) {
    ended[digit] = (ended[digit] ?? 0) + count;
  }
  return {
    rows: news.flatMap(({ rows }) => rows).sort((one, other) => one.arrivedAt - other.arrivedAt),
    left: news.reduce((sum, { left }) => sum + left, 0),
    ended,
    dealt: news.reduce((sum, { dealt }) => sum + dealt, 0),
    emptied: news.flatMap(({ emptied }) => emptied),
  };
}
