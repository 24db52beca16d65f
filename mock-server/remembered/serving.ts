/**
 * In front of the whole way: a question that was asked before, in the same state of the world, gets the answer that it
 * got then. Whatever could make another answer of it is part of the question's name or of the state's number; time and
 * chance are seen while the first answer is made.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Locals } from '../answers.ts';
import type { Clock } from '../clock.ts';
import type { Faults } from '../faults/faults.ts';
import type { Ids } from '../ids.ts';
import { type RecordedExchange, refusalOf } from '../journal/exchange.ts';
import type { Journal } from '../journal/journal.ts';
import { realTime } from '../real-time.ts';
import { originForm, type Proxied } from '../request.ts';
import { filled, linesOf, type RememberedAnswer, rememberAnswer, sizeOf } from './answer.ts';
import { connectionOf } from './early.ts';
import { type Asked, askedBy, type createMarks, isSame, questionOf } from './question.ts';
import type { Recent } from './recent.ts';
import { repeatedExchange } from './repeated.ts';
import { wireOf } from './wire.ts';
import type { Witness } from './witness.ts';

export interface RememberingOptions {
  /** Of the namespace. */
  name: string;
  answers: Recent<RememberedAnswer>;
  wasAsked: ReturnType<typeof createMarks>;
  witness: Witness;
  /** Number of the world's state: another one after each change, and no world's ever the same. */
  state: () => number;
  /** What one may strike is not remembered. */
  faults: Pick<Faults, 'armed' | 'concern'>;
  clock: Clock;
  ids: Ids;
  settings: { journal: boolean; journalBody: number };
  journal: Journal;
  onExchange?: (exchange: RecordedExchange) => void;
  /** The Date header. */
  date: () => string;
}

const METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);
/** Longer questions are not kept. */
const LONGEST_NAME = 8_192;

export function rememberAnswers(serve: RequestListener, options: RememberingOptions): RequestListener {
  const { answers, name, wasAsked } = options;
  // What a connection asked last is most often its next question too.
  const lasts = new WeakMap<Socket, RememberedAnswer['asked']>();
  return (incoming: Proxied, response) => {
    if (!METHODS.has(incoming.method ?? '')) return serve(incoming, response);
    const last = lasts.get(incoming.socket);
    const again = last !== undefined && isSame(last, incoming);
    // What is asked once is not worth a name.
    if (!again && !wasAsked(name, incoming)) return serve(incoming, response);
    const question = again ? last.question : questionOf(name, incoming);
    if (question.length > LONGEST_NAME) return serve(incoming, response);
    const known = answers.get(question);
    if (!known || !isGood(known, options)) return learn(question, serve, { incoming, response }, options);
    if (last !== known.asked) lasts.set(incoming.socket, known.asked);
    const values = repeated(known, incoming, options);
    write(response, known, values);
    // A namespace may have gone when the same is asked again, and a new one of its name not be the same.
    if (again && name === '') repeatEarly(known, incoming, response, options);
  };
}

/** The same question on the same connection need not be read again. */
function repeatEarly(
  remembered: RememberedAnswer,
  incoming: IncomingMessage,
  response: ServerResponse,
  options: RememberingOptions,
): void {
  const connection = connectionOf(incoming);
  if (!connection) return;
  let wire = wireOf(remembered);
  if (!wire) return;
  const { question } = remembered.asked;
  const { method, httpVersion } = incoming;
  const asked = { method, httpVersion };
  connection.mayRepeat(response, {
    request: wire.request,
    answer: () => {
      const known = options.answers.get(question);
      wire = known && isGood(known, options) ? wireOf(known) : undefined;
      return known && wire?.answer(repeated(known, asked, options));
    },
    renew: () => wire?.renew(),
  });
}

function isGood(answer: RememberedAnswer, { state, clock }: RememberingOptions): boolean {
  const { second, instant, since, until } = answer;
  return (
    answer.state === state() &&
    (second === undefined || second === clock.seconds()) &&
    (instant === undefined || instant === clock.now()) &&
    (since === undefined || clock.reached(since)) &&
    (until === undefined || !clock.reached(until))
  );
}

interface Exchange {
  incoming: IncomingMessage;
  response: ServerResponse;
}

function learn(question: string, serve: RequestListener, exchange: Exchange, options: RememberingOptions): void {
  const { incoming, response } = exchange;
  const { witness, answers } = options;
  const state = options.state();
  const asked = { ...askedBy(incoming), question };
  witness.watch((seen) => {
    const end = response.end;
    const learned = function (this: ServerResponse, ...args: unknown[]) {
      const facts = factsOf(response);
      const struck = mayBeStruck(facts, asked, options);
      const undisturbed = state === options.state() && !struck && !hasBody(incoming);
      const answer = undisturbed ? rememberAnswer(response, args[0], seen, { state, facts, asked }) : undefined;
      if (answer) answers.keep(question, answer, 2 * question.length + sizeOf(answer));
      return (end as (...all: unknown[]) => ServerResponse).apply(this, args);
    };
    response.end = learned as typeof response.end;
    serve(incoming, response);
  });
}

/** Only its credentials may save it from a fault; others, or none, are another state. */
function mayBeStruck(
  { operation, provider }: RememberedAnswer['facts'],
  { method = '', url = '' }: Asked,
  { faults }: RememberingOptions,
): boolean {
  return faults.armed && faults.concern({ operation, provider, method, path: originForm(url).split('?')[0] ?? '' });
}

const hasBody = ({ headers }: IncomingMessage) =>
  headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;

function factsOf(response: ServerResponse): RememberedAnswer['facts'] {
  const { provider, request, operation, reason, refusal } = (response as ServerResponse & { locals: Locals }).locals;
  return {
    provider,
    ...(request.vendorHost && { host: request.vendorHost.name }),
    ...(operation && { operation: operation.operationId }),
    ...(request.principal && { principal: request.principal }),
    ...(reason !== undefined && { reason }),
    ...(refusal && { refusal: refusalOf(refusal) }),
  };
}

/** Has the exchange in the journal, and answers with the values of its gaps. */
function repeated(
  answer: RememberedAnswer,
  { method, httpVersion }: Pick<IncomingMessage, 'method' | 'httpVersion'>,
  { clock, date, ids, settings, journal, onExchange }: RememberingOptions,
): string[] {
  const started = realTime();
  const at = clock.now();
  // Mapped, not pushed: the journal keeps the array, without the room that it would get to grow.
  const values = answer.fresh.map((place) => {
    if (place.kind === 'date') return date();
    return place.kind === 'uuid' ? ids.uuid() : ids.hex(place.digits);
  });
  if (onExchange || settings.journal) {
    const bodyLimit = method === 'HEAD' ? undefined : settings.journalBody;
    const exchange = repeatedExchange(httpVersion, answer, { at, started, values, bodyLimit });
    if (settings.journal) {
      journal.add(exchange);
      journal.changed();
    }
    onExchange?.(exchange);
  }
  return values;
}

function write(response: ServerResponse, answer: RememberedAnswer, values: string[]): void {
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
