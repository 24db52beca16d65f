/** Answers of GET /v2/account that several checks look at, each asked for once in a run. */
import type { Reply } from '../client.ts';
import { basic, bearer, required, type Session } from '../session.ts';
import { fullAccess } from './own-client.ts';

/** None of any server's, and easy to find again in an answer. */
export const UNKNOWN_TOKEN = 'c2lkZXRvbmUtbm8tdG9rZW4';

const ask = (session: Session, authorization?: string): Promise<Reply> =>
  session.once(`GET account ${authorization}`, () =>
    session.call('sipgate.getAccount', authorization === undefined ? {} : { authorization }),
  );

/** Without credentials. */
export const anonymousAnswer = (session: Session): Promise<Reply> => ask(session);

/** With full access. */
export const accountAnswer = (session: Session): Promise<Reply> => ask(session, fullAccess(session));

/** With a bearer token that nobody issued. */
export const unknownTokenAnswer = (session: Session): Promise<Reply> => ask(session, bearer(UNKNOWN_TOKEN));

/** With a known token id and a token that has the right form only. */
export const wrongTokenAnswer = (session: Session): Promise<Reply> =>
  ask(session, basic({ id: required(session.target.sipgate?.pat).id, secret: '00000000-0000-4000-8000-000000000000' }));
