/** sipgate's login server: revocation (RFC 7009), and what ends by it, as Keycloak does it (measured). */
import { checksOf } from '../../check.ts';
import type { Reply } from '../../client.ts';
import { expectEmptyBody, expectMember, expectStatus } from '../../expect.ts';
import { type CallOptions, clientBasic, type Session } from '../../session.ts';
import { freshToken, tokenAnswer } from '../../token-endpoint/endpoint.ts';
import { clientMembers, expectAlive, expectDeadEverywhere, expectInvalidToken, proveAlive } from './dead-tokens.ts';
import { KEYCLOAK, loginEndpoint, PUBLIC_CLIENT } from './endpoint.ts';
import { APP, askUserinfo, withSession } from './own-session.ts';

export const REVOKE = 'sipgate.revoke';

/** Revokes as the public client, rightly but for what `form` says. */
export const revoke = (session: Session, token: string, form: Record<string, string> = {}): Promise<Reply> =>
  session.call(REVOKE, { params: APP, form: { client_id: PUBLIC_CLIENT, token, ...form } });

/** Revokes as the target's confidential client. */
export const revokeByClient = (
  session: Session,
  token: string,
  form: Record<string, string> = {},
  options: CallOptions = {},
): Promise<Reply> => session.call(REVOKE, { form: { ...clientMembers(session), token, ...form }, ...options });

/** An access token of the client's own that nothing else of the run uses, proven to be good. */
export async function ownToken(session: Session): Promise<string> {
  const token = expectMember(await freshToken(loginEndpoint, session), 'access_token', 'string');
  await proveAlive(session, token);
  return token;
}

/** Checks of what a revocation ends, and what it leaves. */
export const loginRevocationChecks = checksOf(
  { provider: 'sipgate', operation: REVOKE, evidence: 'engine', risk: 'write', needs: loginEndpoint.needs },
  [
    {
      id: 'sipgate.REV-01a',
      title: 'An access token is revoked with 200 and an empty body',
      level: 'MUST',
      clause: `RFC 7009 §2.2; the body as ${KEYCLOAK}`,
      run: async (session) => {
        const reply = await revokeByClient(session, await ownToken(session));
        expectStatus(reply, 200);
        expectEmptyBody(reply);
      },
    },
    {
      id: 'sipgate.REV-01b',
      title: 'A revoked access token is 401 invalid_token at once, at every operation of the API',
      level: 'MUST',
      clause: 'RFC 7009 §2.1 (immediately), RFC 6750 §3.1',
      run: async (session) => {
        const token = await ownToken(session);
        await revokeByClient(session, token);
        await expectDeadEverywhere(session, token);
      },
    },
    {
      id: 'sipgate.REV-01c',
      title: 'A revoked access token is 401 invalid_token at userinfo',
      level: 'MUST',
      clause: 'RFC 7009 §2.1, RFC 6750 §3.1',
      needs: ['sipgate.user'],
      run: (session) =>
        withSession(session, async ({ accessToken }) => {
          expectStatus(await askUserinfo(session, accessToken), 200);
          await revoke(session, accessToken);
          expectInvalidToken(await askUserinfo(session, accessToken));
        }),
    },
    {
      id: 'sipgate.REV-01d',
      title: "A revocation leaves the client's other access tokens alone",
      level: 'PARITY',
      clause: KEYCLOAK,
      run: async (session) => {
        const other = expectMember(await tokenAnswer(loginEndpoint, session), 'access_token', 'string');
        await revokeByClient(session, await ownToken(session));
        await expectAlive(session, other);
      },
    },
    {
      id: 'sipgate.REV-01e',
      title: 'An access token that was revoked before is revoked with 200 and an empty body again',
      level: 'PARITY',
      clause: `RFC 7009 §2.2 for the status; the body as ${KEYCLOAK}`,
      run: async (session) => {
        const token = await ownToken(session);
        for (const _ of 'ab') {
          const reply = await revokeByClient(session, token);
          expectStatus(reply, 200);
          expectEmptyBody(reply);
        }
      },
    },
    {
      id: 'sipgate.REV-01f',
      title: 'The client may prove itself by Basic',
      level: 'MUST',
      clause: 'RFC 7009 §2.1, RFC 6749 §2.3.1',
      run: async (session) => {
        const token = await ownToken(session);
        const authorization = clientBasic(loginEndpoint.client(session.target));
        expectStatus(await session.call(REVOKE, { form: { token }, authorization }), 200);
        expectInvalidToken(await session.call(loginEndpoint.resource, { authorization: `Bearer ${token}` }));
      },
    },
    {
      id: 'sipgate.REV-06a',
      title: 'A wrong hint changes nothing: an access token said to be a refresh token is revoked',
      level: 'MUST',
      clause: 'RFC 7009 §2.1 (token_type_hint)',
      run: async (session) => {
        const token = await ownToken(session);
        expectStatus(await revokeByClient(session, token, { token_type_hint: 'refresh_token' }), 200);
        await expectDeadEverywhere(session, token);
      },
    },
  ],
);
