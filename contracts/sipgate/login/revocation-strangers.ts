/** sipgate's login server: tokens that are not the client's to revoke, and live on (RFC 7009 §2.1, measured). */
import { checksOf } from '../../check.ts';
import { expectMember, expectOAuthError } from '../../expect.ts';
import { requestToken as requestOwnToken, withClient } from '../own-client.ts';
import { expectAlive, expectRefreshes } from './dead-tokens.ts';
import { KEYCLOAK } from './endpoint.ts';
import { withSession } from './own-session.ts';
import { REVOKE, revoke, revokeByClient } from './revocation.ts';

/** Checks of other clients' tokens, of another realm's, and of ID tokens. */
export const loginRevocationStrangerChecks = checksOf(
  { provider: 'sipgate', operation: REVOKE, evidence: 'engine', risk: 'write', needs: ['sipgate.user'] },
  [
    {
      id: 'sipgate.REV-04a',
      title: "Another client's access token is 400 invalid_request, and lives on",
      level: 'MUST',
      clause: `RFC 7009 §2.1 for the refusal; the code as ${KEYCLOAK}`,
      needs: ['sipgate.pat'],
      run: (session) =>
        withClient(session, (owner) =>
          withClient(session, async ({ id, secret }) => {
            const granted = await requestOwnToken(session, owner);
            const token = expectMember(granted, 'access_token', 'string');
            const realm = realmOf(granted.request.url);
            const form = { client_id: id, client_secret: secret, token };
            expectOAuthError(await session.call(REVOKE, { params: { realm }, form }), 400, 'invalid_request');
            await expectAlive(session, token);
          }),
        ),
    },
    {
      id: 'sipgate.REV-04b',
      title: "Another client's refresh token is 400 invalid_request, and lives on",
      level: 'MUST',
      clause: `RFC 7009 §2.1 for the refusal; the code as ${KEYCLOAK}`,
      needs: ['sipgate.user', 'sipgate.pat'],
      run: (session) =>
        withSession(session, ({ refreshToken }) =>
          withClient(session, async ({ id, secret }) => {
            const reply = await revoke(session, refreshToken, { client_id: id, client_secret: secret });
            expectOAuthError(reply, 400, 'invalid_request');
            await expectRefreshes(session, refreshToken);
          }),
        ),
    },
    {
      id: 'sipgate.REV-04c',
      title: 'A refresh token of another realm is none: 200 with invalid_token inside, and it lives on',
      level: 'PARITY',
      clause: `RFC 7009 §2.2; ${KEYCLOAK}: each realm has keys of its own`,
      needs: ['sipgate.user', 'sipgate.client'],
      run: (session) =>
        withSession(session, async ({ refreshToken }) => {
          expectOAuthError(await revokeByClient(session, refreshToken), 200, 'invalid_token');
          await expectRefreshes(session, refreshToken);
        }),
    },
    {
      id: 'sipgate.REV-04d',
      title: 'An access token of another realm is none: 200 with invalid_token inside, and it lives on',
      level: 'PARITY',
      clause: `RFC 7009 §2.2; ${KEYCLOAK}: each realm has keys of its own`,
      needs: ['sipgate.user', 'sipgate.client'],
      run: (session) =>
        withSession(session, async ({ accessToken }) => {
          expectOAuthError(await revokeByClient(session, accessToken), 200, 'invalid_token');
          await expectAlive(session, accessToken);
        }),
    },
    {
      id: 'sipgate.REV-07',
      title: 'An ID token is 400 unsupported_token_type, and ends nothing',
      level: 'MUST',
      clause: 'RFC 7009 §2.2.1',
      run: (session) =>
        withSession(session, async ({ reply, accessToken, refreshToken }) => {
          const idToken = expectMember(reply, 'id_token', 'string');
          expectOAuthError(await revoke(session, idToken), 400, 'unsupported_token_type');
          await expectAlive(session, accessToken);
          await expectRefreshes(session, refreshToken);
        }),
    },
  ],
);

const realmOf = (url: string) => /\/realms\/([^/]+)\//.exec(url)?.[1] ?? '';
