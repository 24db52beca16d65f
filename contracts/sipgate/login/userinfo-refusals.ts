/** sipgate's login server: who is told nothing by userinfo, and by which challenge (RFC 6750 §3, measured). */
import { type Check, checksOf } from '../../check.ts';
import {
  expectChallenge,
  expectEmptyBody,
  expectEqual,
  expectHeader,
  expectNoHeader,
  expectOAuthError,
  expectStatus,
} from '../../expect.ts';
import { bearer } from '../../session.ts';
import { ALLOWED, FOREIGN } from './cross-origin.ts';
import { APP_REALM, KEYCLOAK } from './endpoint.ts';
import { APP, sharedLogin, withSession } from './own-session.ts';
import { USERINFO, USERINFO_FORM } from './userinfo.ts';
import { expectRefused } from './userinfo-tokens.ts';

/** Checks of scope, realm, origins and methods. */
export const loginUserinfoRefusalChecks: Check[] = checksOf(
  { provider: 'sipgate', operation: USERINFO, evidence: 'engine', risk: 'read', needs: ['sipgate.user'] },
  [
    {
      id: 'sipgate.USR-06',
      title: 'A token without the scope openid is 403 insufficient_scope',
      level: 'MUST',
      clause: `OpenID Connect Core §5.3.1, RFC 6750 §3.1`,
      risk: 'write',
      run: (session) =>
        withSession(
          session,
          async ({ accessToken }) =>
            expectRefused(
              await session.call(USERINFO, { params: APP, authorization: bearer(accessToken) }),
              403,
              'insufficient_scope',
            ),
          'account:read',
        ),
    },
    {
      id: 'sipgate.USR-06b',
      title: 'The same in a form: 403 insufficient_scope',
      operation: USERINFO_FORM,
      level: 'MUST',
      clause: 'OpenID Connect Core §5.3.1, RFC 6750 §3.1',
      risk: 'write',
      run: (session) =>
        withSession(
          session,
          async ({ accessToken }) =>
            expectRefused(
              await session.call(USERINFO_FORM, { params: APP, form: { access_token: accessToken } }),
              403,
              'insufficient_scope',
            ),
          'account:read',
        ),
    },
    {
      id: 'sipgate.USR-10',
      title: 'The challenge names the realm that was asked',
      level: 'PARITY',
      clause: KEYCLOAK,
      needs: [],
      run: async (session) => {
        for (const realm of [APP_REALM, 'third-party']) {
          const reply = await session.call(USERINFO, { params: { realm } });
          expectEqual(reply, 'the realm', expectChallenge(reply, 'Bearer').parameters.realm, realm);
        }
      },
    },
    {
      id: 'sipgate.USR-12b',
      title: 'A page of an origin that the client has not registered is told nothing: 403',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: async (session) => {
        const authorization = bearer((await sharedLogin(session)).accessToken);
        const reply = await session.call(USERINFO, { params: APP, authorization, headers: FOREIGN });
        expectOAuthError(reply, 403, 'Invalid origin');
        expectNoHeader(reply, ALLOWED);
        expectEqual(reply, 'Cache-Control', expectHeader(reply, 'Cache-Control'), 'no-store');
      },
    },
    {
      id: 'sipgate.USR-12c',
      title: 'Why a token is refused, a page of any origin may read',
      level: 'PARITY',
      clause: KEYCLOAK,
      needs: [],
      run: async (session) => {
        const authorization = bearer('sidetone');
        const reply = await session.call(USERINFO, { params: APP, authorization, headers: FOREIGN });
        expectStatus(reply, 401);
        expectEqual(reply, ALLOWED, expectHeader(reply, ALLOWED), FOREIGN.origin);
        const exposed = expectHeader(reply, 'Access-Control-Expose-Headers')
          .toLowerCase()
          .split(/\s*,\s*/);
        expectEqual(reply, 'whether the challenge is exposed', exposed.includes('www-authenticate'), true);
      },
    },
    {
      id: 'sipgate.USR-11b',
      title: 'HEAD without a token is 401 with the challenge, and no body',
      level: 'MUST',
      clause: 'RFC 9110 §9.3.2',
      needs: [],
      run: async (session) => {
        const reply = await session.call(USERINFO, { method: 'HEAD' });
        expectStatus(reply, 401);
        expectChallenge(reply, 'Bearer');
        expectEmptyBody(reply);
      },
    },
  ],
);
