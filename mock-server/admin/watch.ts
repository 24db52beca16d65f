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
  look(world: World, mostRows: number): News | undefined;
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
    look: (world, mostRows) => {
      const { journal, namespace } = world;
      const seen = worlds.get(world) ?? { last: 0, emptied: journal.emptied, open: [], shown: new Set() };
      worlds.set(world, seen);
      const wasEmptied = seen.emptied !== journal.emptied;
      const came = journal.last - seen.last;
      if (came === 0 && seen.open.length === 0 && !wasEmptied) return undefined;
      const fresh = journal.since(seen.last);
      const all = [...seen.open, ...fresh];
      const ended = all.filter(isOver);
      const changed = ended.filter((exchange) => seen.shown.has(exchange));
      const room = Math.max(0, mostRows - changed.length);
      const shown = [...changed, ...(room > 0 ? fresh.slice(-room) : [])];
      const open = all.filter((exchange) => !isOver(exchange)).slice(-MOST_OPEN);
      const withRow = new Set([...seen.shown, ...shown]);
      Object.assign(seen, { last: journal.last, emptied: journal.emptied, open });
      seen.shown = new Set(open.filter((exchange) => withRow.has(exchange)));
      if (came === 0 && ended.length === 0 && !wasEmptied) return undefined;
      const mask = journal.masker(shown);
      return {
        rows: shown.map((exchange) => rowOf(exchange, namespace, mask)),
        left: came - (shown.length - changed.length),
        ended: countsOf(ended),
        dealt: ended.filter(dealsToken).length,
        emptied: wasEmptied ? [namespace] : [],
      };
    },
  };
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
