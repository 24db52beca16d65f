/** A target that asks to be left alone for a while is obeyed: RFC 9110 §10.2.3, RFC 6585 §4. */
import type { Reply } from '../client.ts';
import { type Clock, realClock } from './clock.ts';
import { note } from './notes.ts';
import { BudgetExceeded } from './pace.ts';

export interface Patience {
  clock?: Clock;
  /** Milliseconds that one request waits at the most, all waits together. */
  longest?: number;
}

const LONGEST = 60_000;

/** Milliseconds that the answer asks for; undefined if it asks for none, or in no form that there is. */
export function retryAfter({ status, headers }: Pick<Reply, 'status' | 'headers'>, now: number): number | undefined {
  const value = headers['retry-after']?.trim();
  if ((status !== 429 && status !== 503) || !value) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1_000;
  const until = Date.parse(value);
  if (Number.isNaN(until)) return undefined;
  // By the clock of who said so, where it tells the time.
  const said = Date.parse(headers.date ?? '');
  return Math.max(0, until - (Number.isNaN(said) ? now : said));
}

/**
 * Asks until the answer asks for no more patience. What was asked to wait has not been judged: no assertion is retried.
 * Throws a BudgetExceeded where it would have to wait longer than is good. @param turn of each further request.
 */
export async function patiently(
  ask: () => Promise<Reply>,
  turn: () => Promise<void>,
  { clock = realClock, longest = LONGEST }: Patience = {},
): Promise<Reply> {
  let waited = 0;
  for (;;) {
    const reply = await ask();
    const wait = retryAfter(reply, clock.now());
    if (wait === undefined) return reply;
    // A second at least: 0 is no leave to ask without end.
    const pause = Math.max(1_000, wait);
    waited += pause;
    if (waited > longest) {
      throw new BudgetExceeded(
        `the target answers ${reply.status} and asks to wait ${seconds(pause)}; a request waits ${seconds(longest)} at the most`,
      );
    }
    note(`waited ${seconds(pause)}, as a ${reply.status} asked`);
    await clock.sleep(pause);
    await turn();
  }
}

const seconds = (milliseconds: number) => `${Math.ceil(milliseconds / 1_000)} s`;
