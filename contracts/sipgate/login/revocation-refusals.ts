/** sipgate's login server: revocations that end nothing (RFC 7009 §2.2), as Keycloak refuses them (measured). */
import { type Check, checksOf } from '../../check.ts';
import {
  expectEqual,
  expectHeader,
  expectMember,
  expectNoHeader,
  expectOAuthError,
  expectStatus,
} from '../../expect.ts';
import type { CallOptions, Session } from '../../session.ts';
import { requestToken as requestOwnToken, withClient } from '../own-client.ts';
import { ALLOWED, FOREIGN, REGISTERED } from './cross-origin.ts';
import { clientMembers, expectAlive, expectRefreshes } from './dead-tokens.ts';
import { KEYCLOAK, loginEndpoint } from './endpoint.ts';
import { withSession } from './own-session.ts';
import { ownToken, REVOKE, revoke, revokeByClient } from './revocation.ts';

const WRONG = 'sidetone-wrong-secret';
const GARBAGE = { token: 'sidetone' };

interface Refusal {
  id: string;
  title: string;
  level: Check['level'];
  clause: string;
  /** What is sent, by the target's client. */
  request(client: { client_id: string; client_secret: string }): CallOptions;
  status: number;
  error: string;
}

const refusals: Refusal[] = [
  {
    id: 'sipgate.REV-02a',
    title: 'What is no token is 200, with invalid_token inside',
    level: 'MUST',
    clause: `RFC 7009 §2.2 for the status; the body as ${KEYCLOAK}`,
    request: (client) => ({ form: { ...client, ...GARBAGE } }),
    status: 200,
    error: 'invalid_token',
  },
  {
    id: 'sipgate.REV-02b',
    title: 'An empty token is 200, with invalid_token inside',
    level: 'PARITY',
    clause: KEYCLOAK,
    request: (client) => ({ form: { ...client, token: '' } }),
    status: 200,
    error: 'invalid_token',
  },
  {
    id: 'sipgate.REV-03a',
    title: 'No client is 401 invalid_client',
    level: 'MUST',
    clause: 'RFC 7009 §2.1, RFC 6749 §5.2',
    request: () => ({ form: GARBAGE }),
    status: 401,
    error: 'invalid_client',
  },
  {
    id: 'sipgate.REV-03b',
    title: 'A wrong secret is 401 unauthorized_client',
    level: 'PARITY',
    clause: `${KEYCLOAK}; deviates from RFC 6749 §5.2, which has it invalid_client`,
    request: (client) => ({ form: { ...client, client_secret: WRONG, ...GARBAGE } }),
    status: 401,
    error: 'unauthorized_client',
  },
  {
    id: 'sipgate.REV-03c',
    title: 'An unknown client is 401 invalid_client',
    level: 'MUST',
    clause: 'RFC 7009 §2.1, RFC 6749 §5.2',
    request: (client) => ({ form: { ...client, client_id: 'sidetone-no-such-client', ...GARBAGE } }),
    status: 401,
    error: 'invalid_client',
  },
  {
    id: 'sipgate.REV-03d',
    title: 'A wrong secret is told before a missing token',
    level: 'PARITY',
    clause: `${KEYCLOAK}: order of its checks`,
    request: (client) => ({ form: { ...client, client_secret: WRONG } }),
    status: 401,
    error: 'unauthorized_client',
  },
  {
    id: 'sipgate.REV-05',
    title: 'Without a token the answer is 400 invalid_request',
    level: 'MUST',
    clause: 'RFC 7009 §2.1, §2.2.1',
    request: (client) => ({ form: client }),
    status: 400,
    error: 'invalid_request',
  },
  {
    id: 'sipgate.REV-10',
    title: 'A token sent twice is 400 invalid_request',
    level: 'MUST',
    clause: 'RFC 6749 §3.2, §5.2',
    request: (client) => ({ form: [...Object.entries(client), ['token', 'a'], ['token', 'b']] }),
    status: 400,
    error: 'invalid_request',
  },
  {
    id: 'sipgate.REV-11',
    title: 'A JSON body is not read: 401 invalid_client',
    level: 'PARITY',
    clause: `${KEYCLOAK}; RFC 7009 §2.1 (form-urlencoded)`,
    request: (client) => ({ json: { ...client, ...GARBAGE } }),
    status: 401,
    error: 'invalid_client',
  },
  {
    id: 'sipgate.REV-13',
    title: 'An unknown realm is 404, before anything else',
    level: 'PARITY',
    clause: KEYCLOAK,
    request: () => ({ params: { realm: 'sidetone-no-such-realm' }, form: {} }),
    status: 404,
    error: 'Realm does not exist',
  },
];

/** Checks of refusals, and that none of them ends anything. */
export const loginRevocationRefusalChecks: Check[] = checksOf(
  { provider: 'sipgate', operation: REVOKE, evidence: 'engine', risk: 'read', needs: loginEndpoint.needs },
  [
    ...refusals.map(({ request, status, error, ...described }) => ({
      ...described,
      run: async (session: Session) =>
        expectOAuthError(await session.call(REVOKE, request(clientMembers(session))), status, error),
    })),
    {
      id: 'sipgate.REV-04a',
      title: "Another client's access token is 400 invalid_request, and lives on",
      level: 'MUST',
      clause: `RFC 7009 §2.1 for the refusal; the code as ${KEYCLOAK}`,
      risk: 'write',
      needs: ['sipgate.pat'],
      run: (session) =>
        withClient(session, (owner) =>
          withClient(session, async ({ id, secret }) => {
            const granted = await requestOwnToken(session, owner);
            const token = expectMember(granted, 'access_token', 'string');
            const realm = realmOf(granted.request.url);
            const form = { client_id: id, client_secret: secret, token };
            expectOAuthError(await session.call(REVOKE, { params: { realm }, form }), 400, 'invalid_request');
            await expectAlive(session, token);
          }),
        ),
    },
    {
      id: 'sipgate.REV-04b',
      title: "Another client's refresh token is 400 invalid_request, and lives on",
      level: 'MUST',
      clause: `RFC 7009 §2.1 for the refusal; the code as ${KEYCLOAK}`,
      risk: 'write',
      needs: ['sipgate.user', 'sipgate.pat'],
      run: (session) =>
        withSession(session, ({ refreshToken }) =>
          withClient(session, async ({ id, secret }) => {
            const reply = await revoke(session, refreshToken, { client_id: id, client_secret: secret });
            expectOAuthError(reply, 400, 'invalid_request');
            await expectRefreshes(session, refreshToken);
          }),
        ),
    },
    {
      id: 'sipgate.REV-04c',
      title: 'A refresh token of another realm is none: 200 with invalid_token inside, and it lives on',
      level: 'PARITY',
      clause: `RFC 7009 §2.2; ${KEYCLOAK}: each realm has keys of its own`,
      risk: 'write',
      needs: ['sipgate.user', 'sipgate.client'],
      run: (session) =>
        withSession(session, async ({ refreshToken }) => {
          expectOAuthError(await revokeByClient(session, refreshToken), 200, 'invalid_token');
          await expectRefreshes(session, refreshToken);
        }),
    },
    {
      id: 'sipgate.REV-07',
      title: 'An ID token is 400 unsupported_token_type, and ends nothing',
      level: 'MUST',
      clause: 'RFC 7009 §2.2.1',
      risk: 'write',
      needs: ['sipgate.user'],
      run: (session) =>
        withSession(session, async ({ reply, accessToken, refreshToken }) => {
          const idToken = expectMember(reply, 'id_token', 'string');
          expectOAuthError(await revoke(session, idToken), 400, 'unsupported_token_type');
          await expectAlive(session, accessToken);
          await expectRefreshes(session, refreshToken);
        }),
    },
    {
      id: 'sipgate.REV-09',
      title: 'GET and PUT are 405 without Allow',
      level: 'PARITY',
      clause: `${KEYCLOAK}; deviates from RFC 9110 §15.5.6, which demands Allow`,
      needs: [],
      run: async (session) => {
        for (const method of ['GET', 'PUT']) {
          const reply = await session.call(REVOKE, { method, query: GARBAGE });
          expectStatus(reply, 405);
          expectNoHeader(reply, 'Allow');
        }
      },
    },
    {
      id: 'sipgate.REV-12a',
      title: 'A page of an origin that the client has not registered revokes nothing: 403',
      level: 'PARITY',
      clause: KEYCLOAK,
      risk: 'write',
      run: async (session) => {
        const token = await ownToken(session);
        const reply = await revokeByClient(session, token, {}, { headers: FOREIGN });
        expectOAuthError(reply, 403, 'Invalid origin');
        expectNoHeader(reply, ALLOWED);
        await expectAlive(session, token);
      },
    },
    {
      id: 'sipgate.REV-12b',
      title: 'A page of a registered origin may revoke, and read the answer and the refusal',
      level: 'MUST',
      clause: 'Fetch standard §3.2.3 (CORS and HTTP responses)',
      risk: 'mock-only',
      needs: [...loginEndpoint.needs, 'control'],
      run: async (session) => {
        for (const token of [await ownToken(session), GARBAGE.token]) {
          const reply = await revokeByClient(session, token, {}, { headers: REGISTERED });
          expectStatus(reply, 200);
          expectEqual(reply, ALLOWED, expectHeader(reply, ALLOWED), REGISTERED.origin);
        }
      },
    },
    {
      id: 'sipgate.REV-14',
      title: 'A preflight of any origin is 200: it may POST',
      level: 'PARITY',
      clause: `${KEYCLOAK}; Fetch standard §3.2.2`,
      needs: [],
      run: async (session) => {
        const headers = { ...FOREIGN, 'access-control-request-method': 'POST' };
        const reply = await session.call(REVOKE, { method: 'OPTIONS', headers });
        expectStatus(reply, 200);
        expectEqual(reply, ALLOWED, expectHeader(reply, ALLOWED), FOREIGN.origin);
        const methods = expectHeader(reply, 'Access-Control-Allow-Methods').split(/\s*,\s*/);
        expectEqual(reply, 'whether POST is allowed', methods.includes('POST'), true);
      },
    },
  ],
);

const realmOf = (url: string) => /\/realms\/([^/]+)\//.exec(url)?.[1] ?? '';
