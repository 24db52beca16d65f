/** sipgate's login server: offline access (OpenID Connect Core §11), a session that outlives its login (measured). */
import { checksOf } from '../../check.ts';
import { expectEqual, expectMember, expectStatus } from '../../expect.ts';
import type { Session } from '../../session.ts';
import { expectAlive, expectDead, expectNoRefresh, expectRefreshes } from './dead-tokens.ts';
import { KEYCLOAK, loginEndpoint, PUBLIC_CLIENT } from './endpoint.ts';
import { APP, claimsOf, type Login, loginOf, logOut, refresh, withSession } from './own-session.ts';

const ACCESS = 'offline_access';
const OFFLINE = `openid ${ACCESS}`;

const scopesIn = ({ scope }: Record<string, unknown>) => String(scope).split(' ');

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
          expectEqual(reply, 'whether offline_access is granted', scopesIn(reply.json()).includes(ACCESS), true);
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
      id: 'sipgate.OFF-10',
      title: 'It leaves other offline sessions of the user alone',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: (session) =>
        withOfflineSession(session, (other) =>
          withOfflineSession(session, async ({ refreshToken }) => {
            expectStatus(await logOut(session, refreshToken), 204);
            await expectAlive(session, other.accessToken);
            await expectRefreshes(session, other.refreshToken);
          }),
        ),
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
      title: 'An access token that is narrowed by offline_access is of the offline session all the same',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: (session) =>
        withOfflineSession(session, async ({ refreshToken }) => {
          const { reply, accessToken } = loginOf(await refresh(session, refreshToken, { scope: 'openid' }));
          expectEqual(reply, 'whether it has offline_access', scopesIn(claimsOf(accessToken)).includes(ACCESS), false);
          expectEqual(reply, '"refresh_expires_in"', reply.json().refresh_expires_in, 0);
          await expectAlive(session, accessToken);
        }),
    },
    {
      id: 'sipgate.OFF-09',
      title: 'The scope member of an offline answer names all that was granted, whatever the access token has',
      level: 'PARITY',
      clause: `${KEYCLOAK}; RFC 6749 §5.1 would have it the access token's`,
      run: (session) =>
        withOfflineSession(session, async ({ refreshToken }) => {
          const { reply } = loginOf(await refresh(session, refreshToken, { scope: 'openid' }));
          expectEqual(reply, 'whether offline_access is named', scopesIn(reply.json()).includes(ACCESS), true);
        }),
    },
  ],
);
