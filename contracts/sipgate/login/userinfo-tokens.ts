/** sipgate's login server: tokens that tell userinfo nothing, and the challenge to each (RFC 6750 §3, measured). */
import { type Check, checksOf } from '../../check.ts';
import type { Reply } from '../../client.ts';
import { expectChallenge, expectEmptyBody, expectEqual, expectMember, expectStatus } from '../../expect.ts';
import { bearer, type CallOptions, type Session } from '../../session.ts';
import { signedByAnother, withChangedSignature, withClaims, withoutAlgorithm } from '../forged-tokens.ts';
import { KEYCLOAK } from './endpoint.ts';
import { APP, type Login, sharedLogin } from './own-session.ts';
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
    id: 'sipgate.USR-03d',
    title: 'Credentials of another scheme are no token',
    level: 'MUST',
    clause: BEARER_ERROR,
    request: () => ({ authorization: 'Basic c2lkZXRvbmU6c2lkZXRvbmU=' }),
    status: 401,
    error: undefined,
  },
  {
    id: 'sipgate.USR-03e',
    title: 'Bearer with two words behind it is no token',
    level: 'PARITY',
    clause: `${KEYCLOAK}; RFC 6750 §2.1 has one`,
    request: ({ accessToken }) => ({ authorization: `Bearer sidetone ${accessToken}` }),
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
export function expectRefused(reply: Reply, status: number, error: string | undefined): void {
  expectStatus(reply, status);
  expectEqual(reply, 'the error attribute', expectChallenge(reply, 'Bearer').parameters.error, error);
  expectEmptyBody(reply);
}

/** Checks of tokens that are missing, bad, of another kind, or in the wrong place. */
export const loginUserinfoTokenChecks: Check[] = checksOf(
  { provider: 'sipgate', operation: USERINFO, evidence: 'engine', risk: 'read', needs: ['sipgate.user'] },
  [
    ...refusals.map(({ request, status, error, ...described }) => ({
      ...described,
      run: async (session: Session) => {
        const options = { params: APP, ...request(await sharedLogin(session)) };
        expectRefused(await session.call(described.operation ?? USERINFO, options), status, error);
      },
    })),
  ],
);
