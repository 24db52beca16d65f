/** sipgate's login server: revocations that end nothing (RFC 7009 §2.2), as Keycloak refuses them (measured). */
import { type Check, checksOf } from '../../check.ts';
import { expectEqual, expectHeader, expectNoHeader, expectOAuthError, expectStatus } from '../../expect.ts';
import type { CallOptions, Session } from '../../session.ts';
import { ALLOWED, FOREIGN, REGISTERED } from './cross-origin.ts';
import { clientMembers, expectAlive } from './dead-tokens.ts';
import { KEYCLOAK, loginEndpoint } from './endpoint.ts';
import { ownToken, REVOKE, revokeByClient } from './revocation.ts';

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
        const missing = await session.call(REVOKE, { form: clientMembers(session), headers: REGISTERED });
        expectStatus(missing, 400);
        expectEqual(missing, ALLOWED, expectHeader(missing, ALLOWED), REGISTERED.origin);
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
