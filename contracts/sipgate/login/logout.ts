/** sipgate's login server: a program's logout by refresh token, Keycloak's own way without a browser (measured). */
import { type Check, checksOf } from '../../check.ts';
import { expectEmptyBody, expectEqual, expectHeader, expectStatus } from '../../expect.ts';
import type { Session } from '../../session.ts';
import { ALLOWED, REGISTERED } from './cross-origin.ts';
import { expectAlive, expectDead, expectDeadEverywhere, expectNoRefresh, expectRefreshes } from './dead-tokens.ts';
import { KEYCLOAK, PUBLIC_CLIENT } from './endpoint.ts';
import { APP, type Login, loginOf, logOut, refresh, withSession } from './own-session.ts';

export const LOGOUT = 'sipgate.logout';

/** Logs in and out again. */
const withEndedSession = (session: Session, prove: (login: Login) => Promise<void>) =>
  withSession(session, async (login) => {
    expectStatus(await logOut(session, login.refreshToken), 204);
    await prove(login);
  });

/** Checks of what a logout ends. */
export const loginLogoutChecks: Check[] = checksOf(
  { provider: 'sipgate', operation: LOGOUT, evidence: 'engine', risk: 'write', needs: ['sipgate.user'] },
  [
    {
      id: 'sipgate.LGO-01a',
      title: 'A refresh token ends its session: 204 with no body',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: (session) =>
        withSession(session, async ({ refreshToken }) => {
          const reply = await logOut(session, refreshToken);
          expectStatus(reply, 204);
          expectEmptyBody(reply);
        }),
    },
    {
      id: 'sipgate.LGO-01b',
      title: 'After it the refresh token gets nothing: 400 invalid_grant',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: (session) => withEndedSession(session, ({ refreshToken }) => expectNoRefresh(session, refreshToken)),
    },
    {
      id: 'sipgate.LGO-01c',
      title: 'After it the access token is 401 invalid_token, at the API and at userinfo',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: (session) => withEndedSession(session, ({ accessToken }) => expectDead(session, accessToken)),
    },
    {
      id: 'sipgate.LGO-01d',
      title: 'After it the access token is dead at every operation of the API',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: (session) => withEndedSession(session, ({ accessToken }) => expectDeadEverywhere(session, accessToken)),
    },
    {
      id: 'sipgate.LGO-01e',
      title: 'A session that has ended can be ended again: 204',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: (session) =>
        withEndedSession(session, async ({ refreshToken }) => expectStatus(await logOut(session, refreshToken), 204)),
    },
    {
      id: 'sipgate.LGO-01f',
      title: 'A refresh token that was spent ends the session too',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: (session) =>
        withSession(session, async ({ refreshToken }) => {
          const renewed = loginOf(await refresh(session, refreshToken));
          expectStatus(await logOut(session, refreshToken), 204);
          await expectNoRefresh(session, renewed.refreshToken);
          await expectDead(session, renewed.accessToken);
        }),
    },
    {
      id: 'sipgate.LGO-01g',
      title: 'Other sessions of the user go on',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: (session) =>
        withSession(session, (other) =>
          withEndedSession(session, async () => {
            await expectAlive(session, other.accessToken);
            await expectRefreshes(session, other.refreshToken);
          }),
        ),
    },
    {
      id: 'sipgate.LGO-06',
      title: 'A page of a registered origin may log out, and read that it did',
      level: 'MUST',
      clause: 'Fetch standard §3.2.3 (CORS and HTTP responses)',
      risk: 'mock-only',
      needs: ['sipgate.user', 'control'],
      run: (session) =>
        withSession(session, async ({ refreshToken }) => {
          const reply = await logOut(session, refreshToken, {}, { headers: REGISTERED });
          expectStatus(reply, 204);
          expectEqual(reply, ALLOWED, expectHeader(reply, ALLOWED), REGISTERED.origin);
        }),
    },
    {
      id: 'sipgate.LGO-07',
      title: 'A refresh token sent twice ends its session all the same',
      level: 'PARITY',
      clause: `${KEYCLOAK}; RFC 6749 §3.1 would have it refused`,
      run: (session) =>
        withSession(session, async ({ refreshToken }) => {
          const form: [string, string][] = [
            ['client_id', PUBLIC_CLIENT],
            ['refresh_token', refreshToken],
            ['refresh_token', refreshToken],
          ];
          expectStatus(await session.call(LOGOUT, { params: APP, form }), 204);
          await expectNoRefresh(session, refreshToken);
        }),
    },
  ],
);
