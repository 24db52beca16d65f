/** Watches an answer being made on the whole way, and keeps it if it can be given again. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Locals } from '../answers.ts';
import { refusalOf } from '../journal/exchange.ts';
import { originForm, type Proxied } from '../request.ts';
import { type Facts, rememberAnswer, sizeOf } from './answer.ts';
import type { RememberingOptions } from './options.ts';
import { type Asked, askedBy } from './question.ts';

export interface Exchange {
  incoming: Proxied;
  response: ServerResponse;
}

export interface Lesson {
  question: string;
  /** What an answer is kept under; the question if absent. */
  namesOf?: (facts: Facts) => string[];
}

export function learn(lesson: Lesson, serve: RequestListener, exchange: Exchange, options: RememberingOptions): void {
  const { question, namesOf = () => [question] } = lesson;
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
      if (answer) for (const name of namesOf(facts)) answers.keep(name, answer, 2 * name.length + sizeOf(answer));
      return (end as (...all: unknown[]) => ServerResponse).apply(this, args);
    };
    response.end = learned as typeof response.end;
    serve(incoming, response);
  });
}

/** Only its credentials may save it from a fault; others, or none, are another state. */
function mayBeStruck(
  { operation, provider }: Facts,
  { method = '', url = '' }: Asked,
  { faults }: RememberingOptions,
): boolean {
  return faults.armed && faults.concern({ operation, provider, method, path: originForm(url).split('?')[0] ?? '' });
}

const hasBody = ({ headers }: IncomingMessage) =>
  headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;

function factsOf(response: ServerResponse): Facts {
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
