/** sipgate's login server: how long sessions and their tokens live. Only the fake's control API can move time. */
import { checksOf } from '../../check.ts';
import { expectMember, expectOAuthError, expectStatus } from '../../expect.ts';
import { atFrozenTime } from '../../frozen-time.ts';
import type { Session } from '../../session.ts';
import { expectAlive, expectInvalidToken, expectNoRefresh, expectRefreshes } from './dead-tokens.ts';
import { KEYCLOAK, loginEndpoint } from './endpoint.ts';
import { APP, askUserinfo, type Login, loginOf, refresh, withSession } from './own-session.ts';
import { REVOKE, revoke } from './revocation.ts';

const DAY = 86_400;

const advance = (session: Session, seconds: number) => session.control('/clock', 'PUT', { advance: `${seconds}s` });

/** Logs in and ends the session at a time that stands still, so that time is back before the session is ended. */
const atLogin = (session: Session, prove: (login: Login) => Promise<void>, scope?: string) =>
  withSession(session, (login) => atFrozenTime(session, () => prove(login)), scope);

/** Checks of what time ends. They come last: other checks' tokens would die meanwhile. */
export const loginSessionLifeChecks = checksOf(
  {
    provider: 'sipgate',
    operation: loginEndpoint.operation,
    evidence: 'engine',
    risk: 'mock-only',
    needs: ['sipgate.user', 'control'],
  },
  [
    {
      id: 'sipgate.RFT-16a',
      title: 'A refresh token is good shortly before refresh_expires_in is over',
      level: 'MUST',
      clause: 'RFC 6749 §6; sipgate API documentation: refresh_expires_in',
      run: (session) =>
        atLogin(session, async ({ reply, refreshToken }) => {
          await advance(session, expectMember(reply, 'refresh_expires_in', 'number') - 10);
          await expectRefreshes(session, refreshToken);
        }),
    },
    {
      id: 'sipgate.RFT-16b',
      title: 'After refresh_expires_in it is 400 invalid_grant',
      level: 'MUST',
      clause: 'RFC 6749 §5.2',
      run: (session) =>
        atLogin(session, async ({ reply, refreshToken }) => {
          await advance(session, expectMember(reply, 'refresh_expires_in', 'number') + 1);
          await expectNoRefresh(session, refreshToken, 'Token is not active');
        }),
    },
    {
      id: 'sipgate.RFT-16c',
      title: 'A session that is used lives on: refreshed after 20 days, it is good after 40',
      level: 'PARITY',
      clause: 'Keycloak: the idle time of a session begins anew with each refresh',
      evidence: 'assumed',
      run: (session) =>
        atLogin(session, async ({ refreshToken }) => {
          await advance(session, 20 * DAY);
          const renewed = loginOf(await refresh(session, refreshToken));
          await advance(session, 20 * DAY);
          const reply = await expectRefreshes(session, renewed.refreshToken);
          await expectAlive(session, loginOf(reply).accessToken);
        }),
    },
    {
      id: 'sipgate.RFT-06f',
      title: 'A refresh token of two generations ago is 400 invalid_grant, and takes the newest with it',
      level: 'SHOULD',
      clause: `RFC 9700 §4.14.2; ${KEYCLOAK}`,
      run: (session) =>
        atLogin(session, async ({ refreshToken }) => {
          await advance(session, 2);
          const second = loginOf(await refresh(session, refreshToken));
          await advance(session, 2);
          const third = loginOf(await refresh(session, second.refreshToken));
          await advance(session, 2);
          await expectNoRefresh(session, refreshToken, 'Stale token');
          await expectNoRefresh(session, third.refreshToken);
        }),
    },
    {
      id: 'sipgate.OFF-08',
      title: 'An offline token that is used every 20 days is good after 60',
      level: 'PARITY',
      clause: 'Keycloak: an offline session has no maximum, and its idle time begins anew with each refresh',
      evidence: 'assumed',
      run: (session) =>
        atLogin(
          session,
          async (login) => {
            let { refreshToken } = login;
            for (const _ of 'abc') {
              await advance(session, 20 * DAY);
              refreshToken = loginOf(await expectRefreshes(session, refreshToken)).refreshToken;
            }
          },
          'openid offline_access',
        ),
    },
    {
      id: 'sipgate.USR-04c',
      title: 'At userinfo a token is good one second before expires_in is over, and 401 invalid_token when it is',
      operation: 'sipgate.getLoginUserinfo',
      level: 'MUST',
      clause: 'RFC 6749 §5.1, RFC 6750 §3.1',
      run: (session) =>
        atFrozenTime(session, () =>
          withSession(session, async ({ reply, accessToken }) => {
            await advance(session, expectMember(reply, 'expires_in', 'number') - 1);
            expectStatus(await askUserinfo(session, accessToken), 200);
            await advance(session, 1);
            expectInvalidToken(await askUserinfo(session, accessToken));
          }),
        ),
    },
    {
      id: 'sipgate.REV-09',
      title: 'An access token whose time is over is none to revoke: 200 with invalid_token inside',
      operation: REVOKE,
      level: 'PARITY',
      clause: 'RFC 7009 §2.2 for the status; the body as Keycloak has it for any token that is none',
      evidence: 'assumed',
      run: (session) =>
        atLogin(session, async ({ reply, accessToken }) => {
          await advance(session, expectMember(reply, 'expires_in', 'number') + 1);
          expectOAuthError(await revoke(session, accessToken), 200, 'invalid_token');
        }),
    },
    {
      id: 'sipgate.LGO-12d',
      title: 'An ID token whose time is over still ends its session',
      operation: 'sipgate.getLogout',
      level: 'SHOULD',
      clause: 'OpenID Connect RP-Initiated Logout 1.0 §2 (id_token_hint)',
      run: (session) =>
        atLogin(session, async ({ reply, refreshToken }) => {
          await advance(session, 3_600);
          const query = { id_token_hint: expectMember(reply, 'id_token', 'string') };
          expectStatus(await session.call('sipgate.getLogout', { params: APP, query }), 200);
          await expectNoRefresh(session, refreshToken);
        }),
    },
  ],
);
