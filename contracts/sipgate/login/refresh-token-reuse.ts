/** sipgate's login server: a refresh token is good once, and what becomes of those who use it twice (RFC 9700 §4.14.2). */

import { withSetting } from '../../changed-setting.ts';
import { checksOf } from '../../check.ts';
import { expectEqual, expectOAuthError, expectStatus, expectThat } from '../../expect.ts';
import type { Session } from '../../session.ts';
import { traceAtOnce } from '../../trace.ts';
import { expectAlive, expectDead, expectDeadEverywhere, expectNoRefresh, expectRefreshes } from './dead-tokens.ts';
import { KEYCLOAK, loginEndpoint } from './endpoint.ts';
import { type Login, loginOf, refresh, withSession } from './own-session.ts';

const ROTATION = 'RFC 9700 §4.14.2';

/** Logs in, refreshes, and uses the spent refresh token once more. */
const withReuse = (session: Session, prove: (login: Login, renewed: Login) => Promise<void>) =>
  withSession(session, async (login) => {
    const renewed = loginOf(await refresh(session, login.refreshToken));
    await refresh(session, login.refreshToken);
    await prove(login, renewed);
  });

/** Checks of rotation, and of the end of a line whose token was used twice. */
export const loginRefreshTokenReuseChecks = checksOf(
  {
    provider: 'sipgate',
    operation: loginEndpoint.operation,
    evidence: 'engine',
    risk: 'write',
    needs: ['sipgate.user'],
  },
  [
    {
      id: 'sipgate.RFT-07',
      title: 'A public client gets another refresh token with every refresh',
      level: 'MUST',
      clause: 'RFC 9700 §2.2.2',
      run: (session) =>
        withSession(session, async (login) => {
          const tokens = [login.refreshToken];
          for (const _ of 'ab') tokens.push(loginOf(await refresh(session, String(tokens.at(-1)))).refreshToken);
          expectEqual(login.reply, 'how many of the tokens differ', new Set(tokens).size, tokens.length);
        }),
    },
    {
      id: 'sipgate.RFT-06a',
      title: 'A refresh token that was used is 400 invalid_grant',
      level: 'SHOULD',
      clause: `${ROTATION}, RFC 6749 §5.2`,
      run: (session) =>
        withSession(session, async ({ refreshToken }) => {
          loginOf(await refresh(session, refreshToken));
          await expectNoRefresh(session, refreshToken);
        }),
    },
    {
      id: 'sipgate.RFT-06b',
      title: 'Its use takes the new refresh token with it: 400 invalid_grant',
      level: 'SHOULD',
      clause: ROTATION,
      run: (session) => withReuse(session, (_, renewed) => expectNoRefresh(session, renewed.refreshToken)),
    },
    {
      id: 'sipgate.RFT-06c',
      title: 'Its use ends the access tokens of the session, the first and the new one, at the API and at userinfo',
      level: 'SHOULD',
      clause: `${ROTATION}; ${KEYCLOAK}`,
      run: (session) =>
        withReuse(session, async (login, renewed) => {
          await expectDead(session, login.accessToken);
          await expectDead(session, renewed.accessToken);
        }),
    },
    {
      id: 'sipgate.RFT-06d',
      title: 'Its use ends the access token at every operation of the API',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: (session) => withReuse(session, (_, renewed) => expectDeadEverywhere(session, renewed.accessToken)),
    },
    {
      id: 'sipgate.RFT-06e',
      title: 'Its use leaves other sessions of the user alone',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: (session) =>
        withSession(session, (other) =>
          withReuse(session, async () => {
            await expectAlive(session, other.accessToken);
            await expectRefreshes(session, other.refreshToken);
          }),
        ),
    },
    {
      id: 'sipgate.RFT-10',
      title: 'Of eight refreshes at once with one token, one gets new tokens',
      level: 'SHOULD',
      clause: ROTATION,
      risk: 'mock-only',
      run: (session) =>
        withSession(session, async ({ reply, refreshToken }) => {
          const replies = await traceAtOnce(8, () => refresh(session, refreshToken));
          const granted = replies.filter(({ status }) => status === 200);
          expectThat(granted.length === 1, reply, `expected one of eight refreshes to succeed, got ${granted.length}`);
          for (const refused of replies.filter(({ status }) => status !== 200)) {
            expectOAuthError(refused, 400, 'invalid_grant');
          }
        }),
    },
    {
      id: 'sipgate.RFT-15',
      title: 'Where rotation is off, a refresh token is good again and again',
      level: 'PARITY',
      clause: KEYCLOAK,
      risk: 'mock-only',
      needs: ['sipgate.user', 'control'],
      run: (session) =>
        withSetting(session, 'sipgate', { refreshTokenRotation: false }, () =>
          withSession(session, async ({ refreshToken }) => {
            for (const _ of 'abc') expectStatus(await refresh(session, refreshToken), 200);
          }),
        ),
    },
  ],
);
