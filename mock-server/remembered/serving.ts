/**
 * In front of the whole way: a question that was asked before, in the same state of the world, gets the answer that it
 * got then. Whatever could make another answer of it is part of the question's name or of the state's number; time and
 * chance are seen while the first answer is made.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Proxied } from '../request.ts';
import type { RememberedAnswer } from './answer.ts';
import { connectionOf } from './early.ts';
import { isGood, repeated, write } from './giving.ts';
import { learn } from './learning.ts';
import { answerNewcomers } from './newcomers.ts';
import { LONGEST_QUESTION, type RememberingOptions } from './options.ts';
import { isSame, questionOf } from './question.ts';
import { wireOf } from './wire.ts';

const METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

export function rememberAnswers(serve: RequestListener, options: RememberingOptions): RequestListener {
  const { answers, name, wasAsked } = options;
  const meet = answerNewcomers(serve, options);
  // What a connection asked last is most often its next question too.
  const lasts = new WeakMap<Socket, RememberedAnswer['asked']>();
  return (incoming: Proxied, response) => {
    if (!METHODS.has(incoming.method ?? '')) return serve(incoming, response);
    const last = lasts.get(incoming.socket);
    const again = last !== undefined && isSame(last, incoming);
    // What is asked once is not worth a name.
    if (!again && !wasAsked(name, incoming)) return meet(incoming, response);
    const question = again ? last.question : questionOf(name, incoming);
    if (question.length > LONGEST_QUESTION) return serve(incoming, response);
    const known = answers.get(question);
    if (!known || !isGood(known, options)) return learn({ question }, serve, { incoming, response }, options);
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
