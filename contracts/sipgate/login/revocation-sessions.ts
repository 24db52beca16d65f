/** sipgate's login server: revocation of refresh tokens (RFC 7009 §2.1), which ends a user's session (measured). */
import { checksOf } from '../../check.ts';
import type { Reply } from '../../client.ts';
import { expectEqual, expectMember, expectOAuthError, expectStatus } from '../../expect.ts';
import type { Session } from '../../session.ts';
import { expectRefusal } from './authorization-answers.ts';
import { ask, obtain, redeem, refreshTokens, useTokens } from './authorization-flow.ts';
import { type LoginClient, paramsOf, STATE, withLoginClient } from './authorization-request.ts';
import { createBrowser } from './browser.ts';
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

/** Revokes the refresh token of an answer as the client that got it. */
const revokeOwn = (session: Session, client: LoginClient, tokens: Reply): Promise<Reply> => {
  const { id, secret = '' } = client;
  const form = { client_id: id, client_secret: secret, token: expectMember(tokens, 'refresh_token', 'string') };
  return session.call(REVOKE, { params: paramsOf(client), form });
};

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
      id: 'sipgate.REV-08h',
      title: 'An access token of a session that has ended is none to revoke: 200 with invalid_token inside',
      level: 'PARITY',
      clause: 'RFC 7009 §2.2 for the status; the body as Keycloak has it for any token that is none',
      evidence: 'assumed',
      run: (session) =>
        withRevokedSession(session, async ({ accessToken }) => {
          expectOAuthError(await revoke(session, accessToken), 200, 'invalid_token');
        }),
    },
    {
      id: 'sipgate.REV-08i',
      title: "The login ends with the last client's refresh token: the browser is a stranger then",
      level: 'PARITY',
      clause: KEYCLOAK,
      needs: ['sipgate.user', 'sipgate.pat'],
      run: (session) =>
        // Another login of the same user goes on meanwhile.
        withSession(session, () =>
          withLoginClient(session, async (client) => {
            const browser = createBrowser(session);
            const tokens = await redeem(session, await obtain(session, browser, client));
            expectStatus(await revokeOwn(session, client, tokens), 200);
            const reply = await ask(browser, client, { prompt: 'none' });
            expectRefusal(reply, { redirectUri: client.redirectUri, error: 'login_required', state: STATE });
          }),
        ),
    },
    {
      id: 'sipgate.REV-08j',
      title: "Another client of the same login keeps its tokens, and the user's browser is still logged in",
      level: 'PARITY',
      clause: `RFC 7009 §2.1 (tokens of the same grant); ${KEYCLOAK}`,
      needs: ['sipgate.user', 'sipgate.pat'],
      run: (session) =>
        // Another login of the same user goes on meanwhile.
        withSession(session, () =>
          withLoginClient(session, (client) =>
            withLoginClient(session, async (other) => {
              const browser = createBrowser(session);
              const tokens = await redeem(session, await obtain(session, browser, client));
              const kept = await redeem(session, await obtain(session, browser, other));
              expectStatus(await revokeOwn(session, client, tokens), 200);
              expectStatus(await useTokens(session, kept), 200);
              expectStatus(await refreshTokens(session, other, kept), 200);
              await obtain(session, browser, other, { prompt: 'none' });
            }),
          ),
        ),
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
