/** Gives a remembered answer again, while it is good. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { realTime } from '../real-time.ts';
import { filled, linesOf, type RememberedAnswer } from './answer.ts';
import type { RememberingOptions } from './options.ts';
import { repeatedExchange } from './repeated.ts';

export function isGood(answer: RememberedAnswer, { state, clock }: RememberingOptions): boolean {
  const { second, instant, since, until } = answer;
  return (
    answer.state === state() &&
    (second === undefined || second === clock.seconds()) &&
    (instant === undefined || instant === clock.now()) &&
    (since === undefined || clock.reached(since)) &&
    (until === undefined || !clock.reached(until))
  );
}

/** What is this question's own, where it is not the very one whose answer is remembered. */
interface Own {
  /** The mock's time of its arrival. */
  at: number;
  /** `realTime()` of its arrival. */
  started: number;
  rawHeaders: string[];
}

/** Has the exchange in the journal, and answers with the values of its gaps. */
export function repeated(
  answer: RememberedAnswer,
  { method, httpVersion }: Pick<IncomingMessage, 'method' | 'httpVersion'>,
  { clock, date, ids, settings, journal, onExchange }: RememberingOptions,
  own?: Own,
): string[] {
  const started = own?.started ?? realTime();
  const at = own?.at ?? clock.now();
  // Mapped, not pushed: the journal keeps the array, without the room that it would get to grow.
  const values = answer.fresh.map((place) => {
    if (place.kind === 'date') return date();
    return place.kind === 'uuid' ? ids.uuid() : ids.hex(place.digits);
  });
  if (onExchange || settings.journal) {
    const bodyLimit = method === 'HEAD' ? undefined : settings.journalBody;
    const rawHeaders = own?.rawHeaders;
    const exchange = repeatedExchange(httpVersion, answer, { at, started, values, bodyLimit, rawHeaders });
    if (settings.journal) {
      journal.add(exchange);
      journal.changed();
    }
    onExchange?.(exchange);
  }
  return values;
}

export function write(response: ServerResponse, answer: RememberedAnswer, values: string[]): void {
  const { status } = answer;
  const lines = linesOf(answer, values);
  if (answer.body !== undefined) {
    response.writeHead(status, lines).end(filled(answer.body, values));
    return;
  }
  // Node adds the length of what has no body only to headers that it was told one by one.
  response.statusCode = status;
  for (let index = 0; index < lines.length; index += 2) {
    response.appendHeader(lines[index] as string, lines[index + 1] as string);
  }
  response.end();
}
