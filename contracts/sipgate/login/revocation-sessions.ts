/** sipgate's login server: revocation of refresh tokens (RFC 7009 §2.1), which ends a user's session (measured). */
import { checksOf } from '../../check.ts';
import { expectEqual, expectStatus } from '../../expect.ts';
import type { Session } from '../../session.ts';
import { expectAlive, expectDead, expectDeadEverywhere, expectNoRefresh, expectRefreshes } from './dead-tokens.ts';
import { KEYCLOAK } from './endpoint.ts';
import { type Login, loginOf, refresh, withSession } from './own-session.ts';
import { REVOKE, revoke } from './revocation.ts';

/** Logs in and revokes the refresh token. */
const withRevokedSession = (session: Session, prove: (login: Login) => Promise<void>) =>
  withSession(session, async (login) => {
    expectStatus(await revoke(session, login.refreshToken), 200);
    await prove(login);
  });

/** Checks of what goes with a refresh token, and what stays. */
export const loginRevocationSessionChecks = checksOf(
  { provider: 'sipgate', operation: REVOKE, evidence: 'engine', risk: 'write', needs: ['sipgate.user'] },
  [
    ...['access_token', 'sidetone_unknown'].map((hint, index) => ({
      id: `sipgate.REV-06${'bc'[index]}`,
      title: `The hint ${hint} changes nothing: a refresh token is revoked`,
      level: 'MUST' as const,
      clause: 'RFC 7009 §2.1 (token_type_hint)',
      run: (session: Session) =>
        withSession(session, async ({ refreshToken }) => {
          expectStatus(await revoke(session, refreshToken, { token_type_hint: hint }), 200);
          await expectNoRefresh(session, refreshToken);
        }),
    })),
    {
      id: 'sipgate.REV-08a',
      title: 'A revoked refresh token gets nothing: 400 invalid_grant',
      level: 'MUST',
      clause: 'RFC 7009 §2.1, RFC 6749 §5.2',
      run: (session) => withRevokedSession(session, ({ refreshToken }) => expectNoRefresh(session, refreshToken)),
    },
    {
      id: 'sipgate.REV-08b',
      title: 'Its access token dies with it, at the API and at userinfo',
      level: 'SHOULD',
      clause: 'RFC 7009 §2.1',
      run: (session) => withRevokedSession(session, ({ accessToken }) => expectDead(session, accessToken)),
    },
    {
      id: 'sipgate.REV-08c',
      title: 'Its access token is dead at every operation of the API',
      level: 'SHOULD',
      clause: 'RFC 7009 §2.1',
      run: (session) => withRevokedSession(session, ({ accessToken }) => expectDeadEverywhere(session, accessToken)),
    },
    {
      id: 'sipgate.REV-08d',
      title: 'A spent refresh token can be revoked too, and takes its successor with it',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: (session) =>
        withSession(session, async ({ refreshToken }) => {
          const renewed = loginOf(await refresh(session, refreshToken));
          expectStatus(await revoke(session, refreshToken), 200);
          await expectNoRefresh(session, renewed.refreshToken);
        }),
    },
    {
      id: 'sipgate.REV-08e',
      title: 'A refresh token outlives the revocation of its access token',
      level: 'PARITY',
      clause: `RFC 7009 §2.1 leaves it open; ${KEYCLOAK}`,
      run: (session) =>
        withSession(session, async ({ accessToken, refreshToken }) => {
          expectStatus(await revoke(session, accessToken), 200);
          await expectRefreshes(session, refreshToken);
        }),
    },
    {
      id: 'sipgate.REV-08f',
      title: 'A refresh token that was revoked before is no token any more: 200 with invalid_token inside',
      level: 'PARITY',
      clause: `RFC 7009 §2.2 for the status; the body as ${KEYCLOAK}`,
      run: (session) =>
        withRevokedSession(session, async ({ refreshToken }) => {
          const reply = await revoke(session, refreshToken);
          expectStatus(reply, 200);
          expectEqual(reply, '"error"', reply.json().error, 'invalid_token');
        }),
    },
    {
      id: 'sipgate.REV-08g',
      title: 'Other sessions of the user live on',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: (session) =>
        withSession(session, (other) =>
          withRevokedSession(session, async () => {
            await expectAlive(session, other.accessToken);
            await expectRefreshes(session, other.refreshToken);
          }),
        ),
    },
  ],
);
