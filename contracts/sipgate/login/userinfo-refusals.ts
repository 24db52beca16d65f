/** sipgate's login server: who is told nothing by userinfo, and by which challenge (RFC 6750 §3, measured). */
import { type Check, checksOf } from '../../check.ts';
import type { Reply } from '../../client.ts';
import {
  expectChallenge,
  expectEmptyBody,
  expectEqual,
  expectHeader,
  expectMember,
  expectNoHeader,
  expectOAuthError,
  expectStatus,
} from '../../expect.ts';
import { bearer, type CallOptions, type Session } from '../../session.ts';
import { signedByAnother, withChangedSignature, withClaims, withoutAlgorithm } from '../forged-tokens.ts';
import { ALLOWED, FOREIGN } from './cross-origin.ts';
import { APP_REALM, KEYCLOAK } from './endpoint.ts';
import { APP, type Login, sharedLogin, withSession } from './own-session.ts';
import { USERINFO, USERINFO_FORM } from './userinfo.ts';

interface Refusal {
  id: string;
  title: string;
  level: Check['level'];
  clause: string;
  operation?: string;
  /** What is asked with the tokens of a living login. */
  request(login: Login): CallOptions;
  status: number;
  /** The challenge's error attribute; none if undefined. */
  error: string | undefined;
}

const BEARER_ERROR = 'RFC 6750 §3, §3.1';
const idTokenOf = ({ reply }: Login) => expectMember(reply, 'id_token', 'string');

const refusals: Refusal[] = [
  {
    id: 'sipgate.USR-03a',
    title: 'No token is 401 with a Bearer challenge that names no error',
    level: 'MUST',
    clause: BEARER_ERROR,
    request: () => ({}),
    status: 401,
    error: undefined,
  },
  {
    id: 'sipgate.USR-03b',
    title: 'No token is the same by POST',
    operation: USERINFO_FORM,
    level: 'MUST',
    clause: BEARER_ERROR,
    request: () => ({ form: {} }),
    status: 401,
    error: undefined,
  },
  {
    id: 'sipgate.USR-03c',
    title: 'Bearer with nothing behind it is no token',
    level: 'PARITY',
    clause: `${KEYCLOAK}; RFC 6750 §3.1 would have it invalid_request`,
    request: () => ({ authorization: 'Bearer' }),
    status: 401,
    error: undefined,
  },
  {
    id: 'sipgate.USR-04a',
    title: 'What is no token is 401 invalid_token',
    level: 'MUST',
    clause: BEARER_ERROR,
    request: () => ({ authorization: bearer('sidetone') }),
    status: 401,
    error: 'invalid_token',
  },
  {
    id: 'sipgate.USR-04b',
    title: 'What is no token is 401 invalid_token in the form too, and so is an empty one',
    operation: USERINFO_FORM,
    level: 'MUST',
    clause: BEARER_ERROR,
    request: () => ({ form: { access_token: '' } }),
    status: 401,
    error: 'invalid_token',
  },
  {
    id: 'sipgate.USR-05a',
    title: 'A refresh token is no access token: 401 invalid_token',
    level: 'MUST',
    clause: `RFC 6749 §1.5; ${BEARER_ERROR}`,
    request: ({ refreshToken }) => ({ authorization: bearer(refreshToken) }),
    status: 401,
    error: 'invalid_token',
  },
  {
    id: 'sipgate.USR-05b',
    title: 'An ID token is no access token: 401 invalid_token',
    level: 'MUST',
    clause: `OpenID Connect Core §5.3.1; ${BEARER_ERROR}`,
    request: (login) => ({ authorization: bearer(idTokenOf(login)) }),
    status: 401,
    error: 'invalid_token',
  },
  {
    id: 'sipgate.USR-07',
    title: 'A token in the query is not read: 401 without an error',
    level: 'SHOULD',
    clause: 'RFC 9700 §4.3.2',
    request: ({ accessToken }) => ({ query: { access_token: accessToken } }),
    status: 401,
    error: undefined,
  },
  {
    id: 'sipgate.USR-08a',
    title: 'A token in the header and in the form is 400 invalid_request',
    operation: USERINFO_FORM,
    level: 'MUST',
    clause: 'RFC 6750 §2, §3.1',
    request: ({ accessToken }) => ({ authorization: bearer(accessToken), form: { access_token: accessToken } }),
    status: 400,
    error: 'invalid_request',
  },
  {
    id: 'sipgate.USR-08b',
    title: 'A token twice in the form is 400 invalid_request',
    operation: USERINFO_FORM,
    level: 'MUST',
    clause: 'RFC 6750 §3.1',
    request: ({ accessToken }) => ({
      form: [
        ['access_token', accessToken],
        ['access_token', accessToken],
      ],
    }),
    status: 400,
    error: 'invalid_request',
  },
  {
    id: 'sipgate.USR-09',
    title: 'A token of another realm is 401 invalid_token',
    level: 'MUST',
    clause: BEARER_ERROR,
    request: ({ accessToken }) => ({ params: { realm: 'third-party' }, authorization: bearer(accessToken) }),
    status: 401,
    error: 'invalid_token',
  },
  ...[
    { suffix: 'a', what: 'A changed signature', forge: withChangedSignature },
    { suffix: 'b', what: 'alg none without a signature', forge: withoutAlgorithm },
    {
      suffix: 'c',
      what: 'Another subject under the same signature',
      forge: (token: string) => withClaims(token, { sub: 'f:0:1' }),
    },
    { suffix: 'd', what: 'A signature by a key that is not published', forge: signedByAnother },
  ].map(({ suffix, what, forge }) => ({
    id: `sipgate.USR-14${suffix}`,
    title: `${what} is 401 invalid_token`,
    level: 'MUST' as const,
    clause: `RFC 7515 §5.2, RFC 8725 §3.1; ${BEARER_ERROR}`,
    request: ({ accessToken }: Login) => ({ authorization: bearer(forge(accessToken)) }),
    status: 401,
    error: 'invalid_token',
  })),
];

/** The whole of a refusal is in its challenge. */
function expectRefused(reply: Reply, status: number, error: string | undefined): void {
  expectStatus(reply, status);
  expectEqual(reply, 'the error attribute', expectChallenge(reply, 'Bearer').parameters.error, error);
  expectEmptyBody(reply);
}

/** Checks of refusals. */
export const loginUserinfoRefusalChecks: Check[] = checksOf(
  { provider: 'sipgate', operation: USERINFO, evidence: 'engine', risk: 'read', needs: ['sipgate.user'] },
  [
    ...refusals.map(({ request, status, error, ...described }) => ({
      ...described,
      run: async (session: Session) => {
        const options = { params: APP, ...request(await sharedLogin(session)) };
        expectRefused(await session.call(described.operation ?? USERINFO, options), status, error);
      },
    })),
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
      id: 'sipgate.USR-11a',
      title: 'PUT and DELETE are 405 without Allow',
      level: 'PARITY',
      clause: `${KEYCLOAK}; deviates from RFC 9110 §15.5.6, which demands Allow`,
      needs: [],
      run: async (session) => {
        for (const method of ['PUT', 'DELETE']) {
          const reply = await session.call(USERINFO, { method });
          expectStatus(reply, 405);
          expectNoHeader(reply, 'Allow');
        }
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
    {
      id: 'sipgate.USR-11c',
      title: 'An unknown realm is 404, before the token is looked for',
      level: 'PARITY',
      clause: KEYCLOAK,
      needs: [],
      run: async (session) => {
        for (const operation of [USERINFO, USERINFO_FORM]) {
          const reply = await session.call(operation, { params: { realm: 'sidetone-no-such-realm' } });
          expectOAuthError(reply, 404, 'Realm does not exist');
        }
      },
    },
  ],
);
