/** sipgate's login server: what introspection (RFC 7662) tells a client of its users' sessions (measured). */
import { checksOf } from '../../check.ts';
import type { Reply } from '../../client.ts';
import { expectEqual, expectMember, expectStatus } from '../../expect.ts';
import { required, type Session } from '../../session.ts';
import { exchange, obtain } from './authorization-flow.ts';
import { type LoginClient, paramsOf, withLoginClient } from './authorization-request.ts';
import { createBrowser } from './browser.ts';
import { KEYCLOAK } from './endpoint.ts';
import { expectActive, expectInactive, INTROSPECT, REFRESH } from './introspection.ts';
import { claimsOf, type Login, loginOf, refresh } from './own-session.ts';

/** Asks as a client that was made for the check. */
function introspectBy(session: Session, client: LoginClient, token: string, more: Record<string, string> = {}) {
  const form = { ...membersOf(client), token, ...more };
  return session.call(INTROSPECT, { params: paramsOf(client), form });
}

const refreshBy = (session: Session, client: LoginClient, { refreshToken }: Login): Promise<Reply> =>
  refresh(session, refreshToken, membersOf(client), { params: paramsOf(client) });

const membersOf = ({ id, secret = '' }: LoginClient) => ({ client_id: id, client_secret: secret });

/** Tokens of a user for a confidential client, which lives as long as `prove`. */
const withUserTokens = (
  session: Session,
  prove: (tokens: Login, client: LoginClient) => Promise<void>,
  scope = 'openid account:read',
) =>
  withLoginClient(session, async (client) => {
    const code = await obtain(session, createBrowser(session), client, { scope });
    await prove(loginOf(await exchange(session, code)), client);
  });

const idTokenOf = ({ reply }: Login) => expectMember(reply, 'id_token', 'string');

/** Checks of refresh and ID tokens, while the session goes on and after it. */
export const loginIntrospectionSessionChecks = checksOf(
  {
    provider: 'sipgate',
    operation: INTROSPECT,
    evidence: 'engine',
    risk: 'write',
    needs: ['sipgate.user', 'sipgate.pat'],
  },
  [
    {
      id: 'sipgate.INT-01d',
      title: 'A refresh token is active to its client where the hint says what it is, and named by its user',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: (session) =>
        withUserTokens(session, async (tokens, client) => {
          const { refreshToken } = tokens;
          const reply = await introspectBy(session, client, refreshToken, REFRESH);
          expectActive(reply);
          expectEqual(reply, '"typ"', reply.json().typ, 'Refresh');
          expectEqual(reply, '"client_id"', reply.json().client_id, client.id);
          const { id } = required(session.target.sipgate?.user);
          expectEqual(reply, '"username"', expectMember(reply, 'username', 'string').toLowerCase(), id.toLowerCase());
          const { auth_time } = claimsOf(idTokenOf(tokens));
          expectEqual(reply, '"auth_time"', expectMember(reply, 'auth_time', 'number'), auth_time);
          expectInactive(await introspectBy(session, client, refreshToken));
        }),
    },
    {
      id: 'sipgate.INT-01f',
      title: 'An offline token for a code is active without an end, and outlives the logout of the browser',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: (session) =>
        withUserTokens(
          session,
          async (tokens, client) => {
            const query = { id_token_hint: idTokenOf(tokens) };
            expectStatus(await session.call('sipgate.getLogout', { params: paramsOf(client), query }), 200);
            const reply = await introspectBy(session, client, tokens.refreshToken, REFRESH);
            expectActive(reply);
            expectEqual(reply, '"typ"', reply.json().typ, 'Offline');
            expectEqual(reply, '"exp"', reply.json().exp, undefined);
            expectEqual(reply, '"auth_time"', reply.json().auth_time, claimsOf(idTokenOf(tokens)).auth_time);
            const renewed = await refreshBy(session, client, tokens);
            expectStatus(renewed, 200);
            expectEqual(renewed, '"refresh_expires_in"', renewed.json().refresh_expires_in, 0);
          },
          'openid account:read offline_access',
        ),
    },
    {
      id: 'sipgate.INT-01e',
      title: 'Introspection of a refresh token does not spend it',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: (session) =>
        withUserTokens(session, async (tokens, client) => {
          expectActive(await introspectBy(session, client, tokens.refreshToken, REFRESH));
          expectStatus(await refreshBy(session, client, tokens), 200);
        }),
    },
    {
      id: 'sipgate.INT-02d',
      title: 'A spent refresh token is inactive, its successor active',
      level: 'MUST',
      clause: 'RFC 7662 §2.2',
      run: (session) =>
        withUserTokens(session, async (tokens, client) => {
          const renewed = loginOf(await refreshBy(session, client, tokens));
          expectInactive(await introspectBy(session, client, tokens.refreshToken, REFRESH));
          expectActive(await introspectBy(session, client, renewed.refreshToken, REFRESH));
        }),
    },
    {
      id: 'sipgate.INT-02e',
      title: 'After a logout the refresh token and the ID token are inactive',
      level: 'MUST',
      clause: 'RFC 7662 §2.2',
      run: (session) =>
        withUserTokens(session, async (tokens, client) => {
          expectActive(await introspectBy(session, client, idTokenOf(tokens)));
          const form = { ...membersOf(client), refresh_token: tokens.refreshToken };
          expectStatus(await session.call('sipgate.logout', { params: paramsOf(client), form }), 204);
          expectInactive(await introspectBy(session, client, idTokenOf(tokens)));
          expectInactive(await introspectBy(session, client, tokens.refreshToken, REFRESH));
        }),
    },
    {
      id: 'sipgate.INT-02f',
      title: "Another client's tokens are inactive",
      level: 'MUST',
      clause: 'RFC 7662 §2.2, §4',
      run: (session) =>
        withUserTokens(session, (tokens, owner) =>
          withLoginClient(session, async (client) => {
            expectActive(await introspectBy(session, owner, idTokenOf(tokens)));
            expectInactive(await introspectBy(session, client, idTokenOf(tokens)));
            expectInactive(await introspectBy(session, client, tokens.refreshToken, REFRESH));
          }),
        ),
    },
  ],
);
