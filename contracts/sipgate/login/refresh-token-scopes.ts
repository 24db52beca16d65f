/** sipgate's login server: which scopes a refresh gives (RFC 6749 §6), as Keycloak does it (measured). */

import { withSetting } from '../../changed-setting.ts';
import { checksOf } from '../../check.ts';
import { expectChallenge, expectEqual, expectMember, expectOAuthError, expectStatus } from '../../expect.ts';
import type { Session } from '../../session.ts';
import { expectRefreshes } from './dead-tokens.ts';
import { KEYCLOAK, loginEndpoint } from './endpoint.ts';
import { askUserinfo, type Login, loginOf, refresh, SCOPES, withSession } from './own-session.ts';

const scopesOf = ({ reply }: Login) => expectMember(reply, 'scope', 'string').split(' ').sort();

async function expectRefusedAndUnspent(session: Session, { refreshToken }: Login, scope: string): Promise<void> {
  expectOAuthError(await refresh(session, refreshToken, { scope }), 400, 'invalid_scope');
  await expectRefreshes(session, refreshToken);
}

/** Checks of narrower, wider and unknown scopes. */
export const loginRefreshTokenScopeChecks = checksOf(
  {
    provider: 'sipgate',
    operation: loginEndpoint.operation,
    evidence: 'engine',
    risk: 'write',
    needs: ['sipgate.user'],
  },
  [
    {
      id: 'sipgate.RFT-02a',
      title: 'A narrower scope narrows the access token, and the scope member says so',
      level: 'MUST',
      clause: 'RFC 6749 §6, §3.3',
      run: (session) =>
        withSession(session, async ({ refreshToken }) => {
          const reply = await refresh(session, refreshToken, { scope: 'account:read' });
          expectStatus(reply, 200);
          const narrowed = loginOf(reply);
          const left = scopesOf(narrowed).filter((scope) => SCOPES.split(' ').includes(scope));
          expectEqual(reply, 'what is left of the scopes', left, ['account:read']);
          const refused = await askUserinfo(session, narrowed.accessToken);
          expectStatus(refused, 403);
          expectEqual(refused, 'the error', expectChallenge(refused, 'Bearer').parameters.error, 'insufficient_scope');
        }),
    },
    {
      id: 'sipgate.RFT-02b',
      title: 'The refresh token of a narrowed answer still stands for all that was granted',
      level: 'MUST',
      clause: 'RFC 6749 §6',
      run: (session) =>
        withSession(session, async (login) => {
          const narrowed = loginOf(await refresh(session, login.refreshToken, { scope: 'account:read' }));
          const reply = await expectRefreshes(session, narrowed.refreshToken);
          expectEqual(reply, 'the scopes', scopesOf(loginOf(reply)), scopesOf(login));
        }),
    },
    {
      id: 'sipgate.RFT-02c',
      title: 'An ID token comes even where openid is narrowed away',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: (session) =>
        withSession(session, async ({ refreshToken }) => {
          const reply = await refresh(session, refreshToken, { scope: 'account:read' });
          expectStatus(reply, 200);
          expectMember(reply, 'id_token', 'string');
        }),
    },
    {
      id: 'sipgate.RFT-02d',
      title: 'The order in which scopes are asked for does not matter',
      level: 'MUST',
      clause: 'RFC 6749 §3.3',
      run: (session) =>
        withSession(session, async (login) => {
          const scope = SCOPES.split(' ').reverse().join(' ');
          const reply = await refresh(session, login.refreshToken, { scope });
          expectStatus(reply, 200);
          expectEqual(reply, 'the scopes', scopesOf(loginOf(reply)), scopesOf(login));
        }),
    },
    {
      id: 'sipgate.RFT-03a',
      title: 'A scope that the login was not granted is 400 invalid_scope, and spends nothing',
      level: 'MUST',
      clause: `RFC 6749 §6, §5.2; ${KEYCLOAK} drops it without a word`,
      evidence: 'assumed',
      run: (session) =>
        withSession(
          session,
          (login) => expectRefusedAndUnspent(session, login, 'account:read balance:read'),
          'account:read',
        ),
    },
    {
      id: 'sipgate.RFT-03b',
      title: 'Where the server drops wider scopes, no token says or has more than was granted',
      level: 'PARITY',
      clause: KEYCLOAK,
      risk: 'mock-only',
      needs: ['sipgate.user', 'control'],
      run: (session) =>
        withSetting(session, 'sipgate', { refreshWiderScope: 'drop' }, () =>
          withSession(
            session,
            async ({ refreshToken }) => {
              const reply = await refresh(session, refreshToken, { scope: 'account:read openid' });
              expectStatus(reply, 200);
              const renewed = loginOf(reply);
              expectEqual(reply, 'whether openid was granted', scopesOf(renewed).includes('openid'), false);
              expectStatus(await askUserinfo(session, renewed.accessToken), 403);
            },
            'account:read',
          ),
        ),
    },
    ...[
      { id: 'sipgate.RFT-03c', what: 'An unknown scope', scope: 'sidetone-no-such-scope', level: 'MUST' as const },
      { id: 'sipgate.RFT-03d', what: 'An empty scope', scope: '', level: 'PARITY' as const },
    ].map(({ id, what, scope, level }) => ({
      id,
      title: `${what} at a refresh is 400 invalid_scope, and spends nothing`,
      level,
      clause: `RFC 6749 §5.2; that nothing is spent as ${KEYCLOAK}`,
      run: (session: Session) => withSession(session, (login) => expectRefusedAndUnspent(session, login, scope)),
    })),
  ],
);
