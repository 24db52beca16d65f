/**
 * In front of the whole way: a question that was asked before, in the same state of the world, gets the answer that it
 * got then. Whatever could make another answer of it is part of the question's name or of the state's number; time and
 * chance are seen while the first answer is made.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Locals } from '../answers.ts';
import type { Clock } from '../clock.ts';
import type { Faults } from '../faults/faults.ts';
import type { Ids } from '../ids.ts';
import { boundedBody, type RecordedBody, type RecordedExchange, refusalOf } from '../journal/exchange.ts';
import type { Journal } from '../journal/journal.ts';
import { recordAnswered } from '../journal/record.ts';
import { realTime } from '../real-time.ts';
import { originForm, type Proxied } from '../request.ts';
import { filled, linesOf, type RememberedAnswer, rememberAnswer, sizeOf } from './answer.ts';
import type { Recent } from './recent.ts';
import type { Witness } from './witness.ts';

/** What is remembered of a question: its answer, or only that it was asked. */
export type Known = RememberedAnswer | 'asked';

export interface RememberingOptions {
  /** Of the namespace. */
  name: string;
  answers: Recent<Known>;
  witness: Witness;
  /** Number of the world's state: another one after each change, and no world's ever the same. */
  state: () => number;
  /** What one may strike takes the whole way. */
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
  const { answers, name } = options;
  return (incoming: Proxied, response) => {
    if (!METHODS.has(incoming.method ?? '')) return serve(incoming, response);
    // Every header counts: which of them an answer depends on is the handlers' affair.
    const { method, url, rawHeaders, vendorHost, authority = '' } = incoming;
    // Of a target in absolute form the host is another than the line's.
    const host = `${vendorHost?.name ?? ''} ${authority}`;
    const question = [name, host, method, url, ...rawHeaders].join('\n');
    const known = answers.get(question);
    if (known === undefined) {
      if (question.length <= LONGEST_NAME) answers.keep(question, 'asked', question.length + 100);
      return serve(incoming, response);
    }
    if (known === 'asked' || !isGood(known, options)) return learn(question, serve, { incoming, response }, options);
    return mayBeStruck(known.facts, incoming, options)
      ? serve(incoming, response)
      : giveAgain(known, incoming, response, options);
  };
}

function isGood({ state, ...time }: RememberedAnswer, { state: now, clock }: RememberingOptions): boolean {
  if (state !== now()) return false;
  const { second, instant, since, until } = time;
  return (
    (second === undefined || second === clock.seconds()) &&
    (instant === undefined || instant === clock.now()) &&
    (since === undefined || clock.reached(since)) &&
    (until === undefined || !clock.reached(until))
  );
}

/** Only its credentials may still save it. */
function mayBeStruck(
  { operation, provider }: RememberedAnswer['facts'],
  { method = '', url = '' }: Pick<IncomingMessage, 'method' | 'url'>,
  { faults }: RememberingOptions,
): boolean {
  return faults.armed && faults.concern({ operation, provider, method, path: originForm(url).split('?')[0] ?? '' });
}

interface Exchange {
  incoming: IncomingMessage;
  response: ServerResponse;
}

function learn(question: string, serve: RequestListener, exchange: Exchange, options: RememberingOptions): void {
  const { incoming, response } = exchange;
  const { witness, answers } = options;
  const state = options.state();
  const asked = { method: incoming.method, url: incoming.url };
  witness.watch((seen) => {
    const end = response.end;
    response.end = function learned(this: ServerResponse, ...args: unknown[]) {
      const facts = factsOf(response);
      const struck = mayBeStruck(facts, asked, options);
      const undisturbed = state === options.state() && !struck && !hasBody(incoming);
      const answer = undisturbed ? rememberAnswer(response, args[0], seen, { state, facts }) : undefined;
      if (answer) answers.keep(question, answer, question.length + sizeOf(answer));
      return (end as (...all: unknown[]) => ServerResponse).apply(this, args);
    } as typeof response.end;
    serve(incoming, response);
  });
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

function giveAgain(
  answer: RememberedAnswer,
  incoming: IncomingMessage,
  response: ServerResponse,
  options: RememberingOptions,
): void {
  const { ids, settings, journal, onExchange } = options;
  const started = realTime();
  const at = options.clock.now();
  const values = answer.drawn.map((drawn) => (drawn.kind === 'uuid' ? ids.uuid() : ids.hex(drawn.digits)));
  values.push(options.date());
  const lines = linesOf(answer, values);
  const body = answer.body === undefined ? undefined : filled(answer.body, values);
  if (onExchange || settings.journal) {
    const recorded = incoming.method === 'HEAD' ? undefined : recordedBody(answer, body, settings.journalBody);
    const { status, facts } = answer;
    const said = { status, headers: lines, ...(recorded && { body: recorded }) };
    const exchange = recordAnswered(incoming, said, { at, started, facts, journal: settings.journal && journal });
    onExchange?.(exchange);
  }
  write(response, answer.status, lines, body);
}

/** Of a body that is the same each time one record will do: the settings are part of the state. */
function recordedBody(answer: RememberedAnswer, body: string | undefined, limit: number): RecordedBody | undefined {
  if (body === undefined) return undefined;
  if (typeof answer.body !== 'string') return boundedBody(Buffer.from(body), limit);
  answer.recorded ??= boundedBody(Buffer.from(body), limit);
  return answer.recorded;
}

function write(response: ServerResponse, status: number, lines: string[], body: string | undefined): void {
  if (body !== undefined) {
    response.writeHead(status, lines).end(body);
    return;
  }
  // Node adds the length of what has no body only to headers that it was told one by one.
  response.statusCode = status;
  for (let index = 0; index < lines.length; index += 2) {
    response.appendHeader(lines[index] as string, lines[index + 1] as string);
  }
  response.end();
}
