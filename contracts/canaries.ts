/** Asked first and last: if these do not hold, no verdict about authentication means anything. */
import type { ProviderName } from './check.ts';
import { expectStatus } from './expect.ts';
import { basic, bearer, type Session } from './session.ts';

export const canaries: Record<ProviderName, (session: Session) => Promise<void>> = {
  sipgate: async (session) => {
    await proveGood(session, 'sipgate.getAccount', await sipgateCredential(session));
    await proveRandomRefused(session, 'sipgate.getAccount');
  },
  sipsim: async (session) => {
    await proveGood(session, 'sipsim.getAccount', bearer(await session.sipsimToken('account.read')));
    await proveRandomRefused(session, 'sipsim.getAccount');
  },
  shortForm: async (session) => {
    await proveGood(session, 'shortForm.getAccount', await sipgateCredential(session));
    await proveRandomRefused(session, 'shortForm.getAccount');
  },
};

async function sipgateCredential(session: Session): Promise<string> {
  const pat = session.target.sipgate?.pat;
  return pat ? basic(pat) : bearer(await session.sipgateToken('account:read'));
}

async function proveGood(session: Session, operation: string, authorization: string): Promise<void> {
  expectStatus(await session.call(operation, { authorization }), 200);
}

async function proveRandomRefused(session: Session, operation: string): Promise<void> {
  const authorization = bearer(session.random(`canary of ${operation}`));
  expectStatus(await session.call(operation, { authorization }), 401);
}
