/** sipgate's login server: offline access (OpenID Connect Core §11), a session that outlives its login (measured). */
import { checksOf } from '../../check.ts';
import { expectEqual, expectMember, expectStatus } from '../../expect.ts';
import type { Session } from '../../session.ts';
import { expectAlive, expectDead, expectNoRefresh, expectRefreshes } from './dead-tokens.ts';
import { KEYCLOAK, loginEndpoint, PUBLIC_CLIENT } from './endpoint.ts';
import { APP, type Login, loginOf, logOut, refresh, withSession } from './own-session.ts';

const OFFLINE = 'openid offline_access';

const withOfflineSession = (session: Session, use: (login: Login) => Promise<void>) =>
  withSession(session, use, OFFLINE);

/** Checks of offline tokens where they differ from online ones, and where they must not. */
export const loginOfflineChecks = checksOf(
  {
    provider: 'sipgate',
    operation: loginEndpoint.operation,
    evidence: 'engine',
    risk: 'write',
    needs: ['sipgate.user'],
  },
  [
    {
      id: 'sipgate.OFF-01',
      title: 'With offline_access the refresh token has no end: refresh_expires_in is 0, and the scope says why',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: (session) =>
        withOfflineSession(session, async ({ reply }) => {
          expectEqual(reply, '"refresh_expires_in"', reply.json().refresh_expires_in, 0);
          const scopes = expectMember(reply, 'scope', 'string').split(' ');
          expectEqual(reply, 'whether offline_access is granted', scopes.includes('offline_access'), true);
        }),
    },
    {
      id: 'sipgate.OFF-02',
      title: 'An offline token gets an access token that is good at the API, and an offline token again',
      level: 'MUST',
      clause: 'OpenID Connect Core §11',
      run: (session) =>
        withOfflineSession(session, async ({ refreshToken }) => {
          const renewed = loginOf(await expectRefreshes(session, refreshToken));
          await expectAlive(session, renewed.accessToken);
          expectEqual(renewed.reply, '"refresh_expires_in"', renewed.reply.json().refresh_expires_in, 0);
        }),
    },
    {
      id: 'sipgate.OFF-03',
      title: 'An offline token that is used twice is 400 invalid_grant, and takes the new one with it',
      level: 'SHOULD',
      clause: 'RFC 9700 §4.14.2',
      run: (session) =>
        withOfflineSession(session, async ({ refreshToken }) => {
          const renewed = loginOf(await refresh(session, refreshToken));
          await expectNoRefresh(session, refreshToken);
          await expectNoRefresh(session, renewed.refreshToken);
        }),
    },
    {
      id: 'sipgate.OFF-04',
      title: "A browser's logout leaves the offline session alone",
      level: 'MUST',
      clause: `OpenID Connect Core §11 (the user need not be present); ${KEYCLOAK}`,
      run: (session) =>
        withOfflineSession(session, async ({ reply, refreshToken, accessToken }) => {
          const query = { id_token_hint: expectMember(reply, 'id_token', 'string') };
          expectStatus(await session.call('sipgate.getLogout', { params: APP, query }), 200);
          await expectAlive(session, accessToken);
          await expectRefreshes(session, refreshToken);
        }),
    },
    {
      id: 'sipgate.OFF-05',
      title: 'A logout by the offline token ends the offline session, its access token too',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: (session) =>
        withOfflineSession(session, async ({ refreshToken, accessToken }) => {
          expectStatus(await logOut(session, refreshToken), 204);
          await expectNoRefresh(session, refreshToken);
          await expectDead(session, accessToken);
        }),
    },
    {
      id: 'sipgate.OFF-06',
      title: 'Its revocation ends the offline session, its access token too',
      level: 'SHOULD',
      clause: 'RFC 7009 §2.1',
      run: (session) =>
        withOfflineSession(session, async ({ refreshToken, accessToken }) => {
          const form = { client_id: PUBLIC_CLIENT, token: refreshToken };
          expectStatus(await session.call('sipgate.revoke', { params: APP, form }), 200);
          await expectNoRefresh(session, refreshToken);
          await expectDead(session, accessToken);
        }),
    },
    {
      id: 'sipgate.OFF-07',
      title: 'An access token without offline_access in its scope is of the offline session all the same',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: (session) =>
        withOfflineSession(session, async ({ refreshToken }) => {
          const narrowed = loginOf(await refresh(session, refreshToken, { scope: 'openid' }));
          expectEqual(narrowed.reply, '"refresh_expires_in"', narrowed.reply.json().refresh_expires_in, 0);
          await expectAlive(session, narrowed.accessToken);
          const { reply } = loginOf(await refresh(session, narrowed.refreshToken));
          const scopes = expectMember(reply, 'scope', 'string').split(' ');
          expectEqual(reply, 'whether offline_access is back', scopes.includes('offline_access'), true);
        }),
    },
  ],
);
