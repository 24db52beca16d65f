/**
 * A question that was asked before, but with another credential: who asks is judged as always, by the same judge, and what
 * is remembered is the rest of the way. What they get is what the same principal got with another credential.
 */
import type { RequestListener } from 'node:http';
import { theOne } from '../journal/repeating.ts';
import type { Principal } from '../provider.ts';
import { realTime } from '../real-time.ts';
import type { Facts, RememberedAnswer } from './answer.ts';
import { isGood, repeated, write } from './giving.ts';
import { type Exchange, learn } from './learning.ts';
import { LONGEST_QUESTION, type RememberingOptions } from './options.ts';
import { questionOf, withoutCredential } from './question.ts';

/** For what nobody asked before just so. */
export function answerNewcomers(serve: RequestListener, options: RememberingOptions): RequestListener {
  const { answers, name, wasAsked, state, principalOf, clock } = options;

  const give = (
    known: RememberedAnswer,
    { incoming, response }: Exchange,
    arrival: { at: number; started: number },
  ) => {
    const rawHeaders = incoming.rawHeaders.map(theOne);
    write(response, known, repeated(known, incoming, options, { ...arrival, rawHeaders }));
  };
  return (incoming, response) => {
    const asked = withoutCredential(incoming);
    if (!asked || !wasAsked(name, asked)) return serve(incoming, response);
    const question = questionOf(name, asked);
    if (question.length > LONGEST_QUESTION) return serve(incoming, response);
    const lesson = { question, namesOf: namesOf(question) };
    const exchange = { incoming, response };
    const whole = () => learn(lesson, serve, exchange, options);
    // Of whichever principal: what is asked for is the same.
    const some = answers.get(question);
    const operation = some?.facts.operation;
    if (operation === undefined || some?.state !== state()) return whole();
    const arrival = { at: clock.now(), started: realTime() };
    void principalOf(incoming, operation).then((principal) => {
      const known = principal && answers.get(nameFor(question, principal));
      if (known && isGood(known, options)) give(known, exchange, arrival);
      else if (principal) whole();
      else serve(incoming, response);
    });
  };
}

/** What was refused was refused to a credential, which its reason may speak of. */
const namesOf =
  (question: string) =>
  ({ principal, operation, reason }: Facts): string[] =>
    principal && operation !== undefined && reason === undefined ? [question, nameFor(question, principal)] : [];

/** No header line and no target has such an end of a line in it. */
const nameFor = (question: string, principal: Principal) => `${question}\r${JSON.stringify(principal)}`;
