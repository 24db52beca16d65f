/** sipgate's login server: what a token that has ended opens no more, and what a living one does. */
import { CheckFailure } from '../../check.ts';
import type { Reply } from '../../client.ts';
import { expectChallenge, expectEqual, expectOAuthError, expectStatus } from '../../expect.ts';
import { bearer, required, type Session } from '../../session.ts';
import { clientInput, judgeCreation } from '../own-client.ts';
import { askUserinfo, openAccount, refresh } from './own-session.ts';

const NOBODY = 'sidetone-no-such-client';

/** Else it would prove nothing that the token opens nothing later. */
export async function proveAlive(session: Session, accessToken: string): Promise<void> {
  const { status } = await openAccount(session, accessToken);
  if (status !== 200) throw new CheckFailure(`prerequisite: a new token opens nothing: ${status}`);
}

/** At every operation of the REST API that wants a credential. */
export async function expectDeadEverywhere(session: Session, accessToken: string): Promise<void> {
  const operations = [...session.document.operations.values()].filter(isProtected);
  for (const { operationId, method } of operations) {
    const clientId = session.target.sipgate?.client?.id ?? NOBODY;
    const request = {
      // What changes something is asked of a client that is not there, should the target still let the token in.
      params: { clientId: method === 'GET' ? clientId : NOBODY },
      authorization: bearer(accessToken),
      ...((method === 'POST' || method === 'PUT') && { json: clientInput(session) }),
    };
    if (operationId === 'sipgate.createClient') await judgeCreation(session, request, expectInvalidToken);
    else expectInvalidToken(await session.call(operationId, request));
  }
}

const isProtected = ({ provider, security }: { provider: string; security: object[] }) =>
  provider === 'sipgate' && security.length > 0;

export function expectInvalidToken(reply: Reply): void {
  expectStatus(reply, 401);
  expectEqual(reply, 'the error attribute', expectChallenge(reply, 'Bearer').parameters.error, 'invalid_token');
}

/** At the REST API and at userinfo: enough where another check asks every operation. */
export async function expectDead(session: Session, accessToken: string): Promise<void> {
  expectInvalidToken(await openAccount(session, accessToken));
  expectInvalidToken(await askUserinfo(session, accessToken));
}

export async function expectAlive(session: Session, accessToken: string): Promise<void> {
  expectStatus(await openAccount(session, accessToken), 200);
}

/** The session goes on: its refresh token gets new tokens. */
export async function expectRefreshes(session: Session, refreshToken: string): Promise<Reply> {
  const reply = await refresh(session, refreshToken);
  expectStatus(reply, 200);
  return reply;
}

/** @param description In Keycloak's words, where the check is about them too. */
export async function expectNoRefresh(session: Session, refreshToken: string, description?: string): Promise<void> {
  const reply = await refresh(session, refreshToken);
  expectOAuthError(reply, 400, 'invalid_grant');
  if (description === undefined) return;
  expectEqual(reply, '"error_description"', reply.json().error_description, description);
}

/** Client credentials of the target's client, for a form. */
export function clientMembers({ target }: Session): { client_id: string; client_secret: string } {
  const { id, secret } = required(target.sipgate?.client);
  return { client_id: id, client_secret: secret };
}
