/** sipgate's login server: what a refresh gives (RFC 6749 §6), as Keycloak does it (measured). */
import { createHash } from 'node:crypto';
import { checksOf } from '../../check.ts';
import { expectEqual, expectMember, expectThat } from '../../expect.ts';
import { expectUncacheable } from '../../token-endpoint/endpoint.ts';
import { expectAlive, expectRefreshes } from './dead-tokens.ts';
import { KEYCLOAK, loginEndpoint } from './endpoint.ts';
import { claimsOf, loginOf, refresh, withSession } from './own-session.ts';

const MEMBERS = [
  'access_token',
  'expires_in',
  'refresh_expires_in',
  'refresh_token',
  'token_type',
  'id_token',
  'not-before-policy',
  'session_state',
  'scope',
];

/** Checks of the answer to a refresh. */
export const loginRefreshTokenChecks = checksOf(
  {
    provider: 'sipgate',
    operation: loginEndpoint.operation,
    evidence: 'engine',
    risk: 'write',
    needs: ['sipgate.user'],
  },
  [
    {
      id: 'sipgate.RFT-01a',
      title: 'A refresh token gets an access token that is another one, and good at the API',
      level: 'MUST',
      clause: 'RFC 6749 §6',
      run: (session) =>
        withSession(session, async ({ accessToken, refreshToken }) => {
          const reply = await expectRefreshes(session, refreshToken);
          const renewed = loginOf(reply).accessToken;
          expectThat(renewed !== accessToken, reply, 'expected another access token than the one before');
          await expectAlive(session, renewed);
        }),
    },
    {
      id: 'sipgate.RFT-01b',
      title: `The answer has the members ${MEMBERS.join(', ')}, in this order`,
      level: 'PARITY',
      clause: KEYCLOAK,
      run: (session) =>
        withSession(session, async ({ refreshToken }) => {
          const reply = await expectRefreshes(session, refreshToken);
          expectEqual(reply, 'the members', Object.keys(reply.json()), MEMBERS);
        }),
    },
    {
      id: 'sipgate.RFT-01c',
      title: 'The session is the same, with all of its life before it',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: (session) =>
        withSession(session, async (login) => {
          const reply = await expectRefreshes(session, login.refreshToken);
          for (const member of ['session_state', 'refresh_expires_in', 'expires_in']) {
            expectEqual(reply, `"${member}"`, reply.json()[member], login.reply.json()[member]);
          }
        }),
    },
    {
      id: 'sipgate.RFT-01d',
      title: 'New tokens may not be stored by caches',
      level: 'MUST',
      clause: 'RFC 6749 §5.1',
      run: (session) =>
        withSession(session, async ({ refreshToken }) =>
          expectUncacheable(await expectRefreshes(session, refreshToken)),
        ),
    },
    {
      id: 'sipgate.RFT-01e',
      title: 'The access token of before a refresh lives on',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: (session) =>
        withSession(session, async ({ accessToken, refreshToken }) => {
          loginOf(await refresh(session, refreshToken));
          await expectAlive(session, accessToken);
        }),
    },
    {
      id: 'sipgate.RFT-01f',
      title:
        'The ID token of a refresh is for the same user and session, has no nonce, and its at_hash is of the new token',
      level: 'MUST',
      clause: 'OpenID Connect Core §12.2, §3.1.3.6',
      run: (session) =>
        withSession(session, async (login) => {
          const reply = await expectRefreshes(session, login.refreshToken);
          const [before, after] = [login.reply, reply].map((one) => claimsOf(expectMember(one, 'id_token', 'string')));
          for (const name of ['iss', 'sub', 'aud', 'sid']) expectEqual(reply, name, after?.[name], before?.[name]);
          expectEqual(reply, 'the nonce', after?.nonce, undefined);
          expectEqual(reply, 'at_hash', after?.at_hash, leftHalf(loginOf(reply).accessToken));
        }),
    },
    {
      id: 'sipgate.RFT-01g',
      title: 'Where openid was not granted, a refresh brings no ID token',
      level: 'MUST',
      clause: 'OpenID Connect Core §3.1.2.1, §12.2',
      run: (session) =>
        withSession(
          session,
          async ({ refreshToken }) => {
            const reply = await expectRefreshes(session, refreshToken);
            expectEqual(reply, '"id_token"', reply.json().id_token, undefined);
          },
          'account:read',
        ),
    },
  ],
);

/** OpenID Connect Core §3.1.3.6, for RS256. */
const leftHalf = (token: string) => createHash('sha256').update(token).digest().subarray(0, 16).toString('base64url');
