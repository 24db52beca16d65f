/**
 * A question that was asked before, but with another credential: who asks is judged as always, by the same judge, and what
 * is remembered is the rest of the way. What they get is what the same principal got with another credential.
 */
import type { RequestListener } from 'node:http';
import { theOne } from '../journal/repeating.ts';
import type { Principal } from '../provider.ts';
import { realTime } from '../real-time.ts';
import type { Facts } from './answer.ts';
import { isGood, repeated, write } from './giving.ts';
import { type Exchange, learn } from './learning.ts';
import { LONGEST_QUESTION, type RememberingOptions } from './options.ts';
import { questionOf, withoutCredential } from './question.ts';

/** For what nobody asked before just so. */
export function answerNewcomers(serve: RequestListener, options: RememberingOptions): RequestListener {
  const { answers, name, wasAsked, state, principalOf, clock } = options;

  const takeWholeWay = (question: string, exchange: Exchange) =>
    learn({ question, namesOf: (facts) => namesOf(question, facts) }, serve, exchange, options);

  const judge = async (question: string, operation: string, exchange: Exchange) => {
    const { incoming, response } = exchange;
    const [at, started] = [clock.now(), realTime()];
    const principal = await principalOf(incoming, operation);
    if (!principal) return serve(incoming, response);
    const known = answers.get(nameFor(question, principal));
    if (!known || !isGood(known, options)) return takeWholeWay(question, exchange);
    const rawHeaders = incoming.rawHeaders.map(theOne);
    write(response, known, repeated(known, incoming, options, { at, started, rawHeaders }));
  };
  return (incoming, response) => {
    const asked = withoutCredential(incoming);
    if (!asked || !wasAsked(name, asked)) return serve(incoming, response);
    const question = questionOf(name, asked);
    if (question.length > LONGEST_QUESTION) return serve(incoming, response);
    // Whoever got it: what is asked for is the same. Of an old state the answer will be no good, and the judge in vain.
    const some = answers.get(question);
    const operation = some?.state === state() ? some.facts.operation : undefined;
    if (operation === undefined) return takeWholeWay(question, { incoming, response });
    void judge(question, operation, { incoming, response });
  };
}

/** What was refused was refused to a credential, which its reason may speak of. */
const namesOf = (question: string, { principal, operation, reason }: Facts): string[] =>
  principal && operation !== undefined && reason === undefined ? [question, nameFor(question, principal)] : [];

/** No header line and no target has such an end of a line in it. */
const nameFor = (question: string, principal: Principal) => `${question}\r${JSON.stringify(principal)}`;
