/** sipgate's login server: what the tokens for a code say of the user and the login (OpenID Connect Core §2, §3.1.3). */
import { createHash } from 'node:crypto';
import { checksOf } from '../../check.ts';
import type { Reply } from '../../client.ts';
import { expectEqual, expectMember, expectThat } from '../../expect.ts';
import { atFrozenTime } from '../../frozen-time.ts';
import type { Session } from '../../session.ts';
import type { FormChange } from '../../token-endpoint/endpoint.ts';
import { freshCode, obtain, redeem, refreshTokens } from './authorization-flow.ts';
import { seededClient } from './authorization-request.ts';
import { createBrowser } from './browser.ts';
import { KEYCLOAK, loginEndpoint } from './endpoint.ts';
import { issuerOf } from './metadata.ts';
import { claimsOf } from './own-session.ts';

const OPENID = { scope: 'openid account:read' };

/** Tokens for a new code of a request that is right but for `change`. */
const tokens = async (session: Session, change: FormChange = {}): Promise<Reply> =>
  redeem(session, await freshCode(session, change));

const claimsIn = (reply: Reply, member: 'access_token' | 'id_token') => claimsOf(expectMember(reply, member, 'string'));

/** Checks of the ID token, and of the access token beside it. */
export const loginCodeTokenChecks = checksOf(
  {
    provider: 'sipgate',
    operation: loginEndpoint.operation,
    evidence: 'engine',
    risk: 'write',
    needs: ['sipgate.client', 'sipgate.pat', 'sipgate.user'],
  },
  [
    {
      id: 'sipgate.ACG-10a',
      title: 'An ID token comes with the scope openid, behind token_type, and only with it',
      level: 'MUST',
      clause: `OpenID Connect Core §3.1.2.1, §3.1.3.3; its place as ${KEYCLOAK}`,
      run: async (session) => {
        const reply = await tokens(session, OPENID);
        const names = Object.keys(reply.json());
        expectEqual(reply, 'the member behind token_type', names[names.indexOf('token_type') + 1], 'id_token');
        const without = await tokens(session);
        expectEqual(without, '"id_token"', without.json().id_token, undefined);
      },
    },
    {
      id: 'sipgate.ACG-10b',
      title: 'The ID token is of the issuer, for the client, and about the user of the access token',
      level: 'MUST',
      clause: 'OpenID Connect Core §2, §3.1.3.7',
      run: async (session) => {
        const reply = await tokens(session, OPENID);
        const { id } = await seededClient(session);
        const { iss, aud, azp, sub, typ } = claimsIn(reply, 'id_token');
        const issuer = issuerOf(session.target.sipgate?.tokenUrl ?? '');
        expectEqual(reply, 'iss, aud, azp, typ', [iss, aud, azp, typ], [issuer, id, id, 'ID']);
        expectEqual(reply, 'sub', sub, claimsIn(reply, 'access_token').sub);
        expectThat(typeof sub === 'string' && sub !== '', reply, 'expected a subject');
      },
    },
    {
      id: 'sipgate.ACG-10c',
      title: 'The nonce of the request stands in the ID token, also an empty one, and none where none was sent',
      level: 'MUST',
      clause: 'OpenID Connect Core §2, §3.1.2.1',
      run: async (session) => {
        for (const nonce of ['n-0S6_WzA2Mj', '', undefined]) {
          const reply = await tokens(session, { ...OPENID, nonce });
          expectEqual(reply, 'nonce', claimsIn(reply, 'id_token').nonce, nonce);
        }
      },
    },
    {
      id: 'sipgate.ACG-10d',
      title: 'at_hash is the left half of the SHA-256 of the access token that comes with it',
      level: 'MUST',
      clause: 'OpenID Connect Core §3.1.3.6',
      run: async (session) => {
        const reply = await tokens(session, OPENID);
        const digest = createHash('sha256')
          .update(expectMember(reply, 'access_token', 'string'))
          .digest();
        const half = digest.subarray(0, 16).toString('base64url');
        expectEqual(reply, 'at_hash', claimsIn(reply, 'id_token').at_hash, half);
      },
    },
    {
      id: 'sipgate.ACG-10e',
      title: 'ID token and access token name the session and the time of the login',
      level: 'PARITY',
      clause: `${KEYCLOAK}; OpenID Connect Core §2 (auth_time), Front-Channel Logout 1.0 §3 (sid)`,
      run: async (session) => {
        const reply = await tokens(session, OPENID);
        const sid = expectMember(reply, 'session_state', 'string');
        for (const member of ['id_token', 'access_token'] as const) {
          const claims = claimsIn(reply, member);
          expectEqual(reply, `sid of the ${member}`, claims.sid, sid);
          const early = Number(claims.auth_time) <= Number(claims.iat);
          expectEqual(reply, `whether auth_time of the ${member} is no later than iat`, early, true);
        }
      },
    },
    {
      id: 'sipgate.ACG-10f',
      title: 'auth_time is when the user logged in, not when the token was asked for or refreshed',
      level: 'MUST',
      clause: 'OpenID Connect Core §2, §12.2',
      risk: 'mock-only',
      needs: ['sipgate.client', 'sipgate.pat', 'sipgate.user', 'control'],
      run: (session) =>
        atFrozenTime(session, async () => {
          const browser = createBrowser(session);
          const client = await seededClient(session);
          const login = async () =>
            claimsIn(await redeem(session, await obtain(session, browser, client, OPENID)), 'id_token');
          const first = await login();
          await session.control('/clock', 'PUT', { advance: '10s' });
          const reply = await redeem(session, await obtain(session, browser, client, OPENID));
          const later = claimsIn(reply, 'id_token');
          expectEqual(reply, 'auth_time', later.auth_time, first.auth_time);
          expectEqual(reply, 'iat', later.iat, Number(first.iat) + 10);
          const refreshed = await refreshTokens(session, client, reply);
          expectEqual(refreshed, 'auth_time', claimsIn(refreshed, 'id_token').auth_time, first.auth_time);
        }),
    },
    {
      id: 'sipgate.ACG-11',
      title: 'The access token is for the client, with the scopes that were asked for',
      level: 'PARITY',
      clause: `${KEYCLOAK}; RFC 6749 §3.3`,
      run: async (session) => {
        const reply = await tokens(session, { scope: 'balance:read account:read' });
        const { id } = await seededClient(session);
        const { azp, typ, scope, exp, iat, jti } = claimsIn(reply, 'access_token');
        expectEqual(reply, 'azp and typ', [azp, typ], [id, 'Bearer']);
        expectEqual(reply, 'the beginning of the id', String(jti).split(':')[0], 'onrtac');
        expectEqual(reply, 'the scopes', String(scope).split(' ').sort(), ['account:read', 'balance:read']);
        expectEqual(reply, 'its life', Number(exp) - Number(iat), expectMember(reply, 'expires_in', 'number'));
      },
    },
    {
      id: 'sipgate.ACG-19',
      title: 'A refresh token comes with a code, good for 2592000 seconds',
      level: 'PARITY',
      clause: 'sipgate API documentation: refresh_token, refresh_expires_in',
      evidence: 'documented',
      run: async (session) => {
        // Of a new session: where one has an end of its own, the refresh token has it too.
        const code = await obtain(session, createBrowser(session), await seededClient(session));
        const reply = await redeem(session, code);
        expectThat(expectMember(reply, 'refresh_token', 'string') !== '', reply, 'expected a refresh token');
        expectEqual(reply, '"refresh_expires_in"', reply.json().refresh_expires_in, 2_592_000);
      },
    },
  ],
);
