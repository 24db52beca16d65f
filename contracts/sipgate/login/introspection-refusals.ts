/** sipgate's login server: who is told nothing by introspection (RFC 7662 §2.3), as Keycloak refuses it (measured). */
import { type Check, checksOf } from '../../check.ts';
import { expectMember, expectNoHeader, expectOAuthError, expectStatus } from '../../expect.ts';
import { bearer, type CallOptions, type Session } from '../../session.ts';
import { tokenAnswer } from '../../token-endpoint/endpoint.ts';
import { ALLOWED, FOREIGN } from './cross-origin.ts';
import { clientMembers } from './dead-tokens.ts';
import { KEYCLOAK, loginEndpoint, PUBLIC_CLIENT } from './endpoint.ts';
import { INTROSPECT } from './introspection.ts';
import { APP } from './own-session.ts';

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
    id: 'sipgate.INT-03a',
    title: 'No client is 401 invalid_client',
    level: 'MUST',
    clause: 'RFC 7662 §2.3',
    request: () => ({ form: GARBAGE }),
    status: 401,
    error: 'invalid_client',
  },
  {
    id: 'sipgate.INT-03b',
    title: 'A wrong secret is 401 invalid_client, unlike at the token endpoint',
    level: 'MUST',
    clause: 'RFC 7662 §2.3, RFC 6749 §5.2',
    request: (client) => ({ form: { ...client, client_secret: WRONG, ...GARBAGE } }),
    status: 401,
    error: 'invalid_client',
  },
  {
    id: 'sipgate.INT-03c',
    title: 'An unknown client is 401 invalid_client',
    level: 'MUST',
    clause: 'RFC 7662 §2.3, RFC 6749 §5.2',
    request: (client) => ({ form: { ...client, client_id: 'sidetone-no-such-client', ...GARBAGE } }),
    status: 401,
    error: 'invalid_client',
  },
  {
    id: 'sipgate.INT-03d',
    title: 'A public client is 403 invalid_request: who cannot prove itself is told nothing',
    level: 'MUST',
    clause: `RFC 7662 §2.1 for the refusal; status and code as ${KEYCLOAK}`,
    request: () => ({ params: APP, form: { client_id: PUBLIC_CLIENT, ...GARBAGE } }),
    status: 403,
    error: 'invalid_request',
  },
  {
    id: 'sipgate.INT-03f',
    title: 'A wrong secret is told before a missing token',
    level: 'PARITY',
    clause: `${KEYCLOAK}: order of its checks`,
    request: (client) => ({ form: { ...client, client_secret: WRONG } }),
    status: 401,
    error: 'invalid_client',
  },
  {
    id: 'sipgate.INT-05a',
    title: 'Without a token the answer is 400 invalid_request',
    level: 'MUST',
    clause: 'RFC 7662 §2.1, RFC 6749 §5.2',
    request: (client) => ({ form: client }),
    status: 400,
    error: 'invalid_request',
  },
  {
    id: 'sipgate.INT-05b',
    title: 'A token sent twice is 400 invalid_request',
    level: 'MUST',
    clause: 'RFC 6749 §3.2, §5.2',
    request: (client) => ({ form: [...Object.entries(client), ['token', 'a'], ['token', 'b']] }),
    status: 400,
    error: 'invalid_request',
  },
  {
    id: 'sipgate.INT-06',
    title: 'A hint that nobody knows is 400 invalid_request',
    level: 'PARITY',
    clause: `${KEYCLOAK}; RFC 7662 §2.1 would have it ignored`,
    request: (client) => ({ form: { ...client, ...GARBAGE, token_type_hint: 'sidetone_unknown' } }),
    status: 400,
    error: 'invalid_request',
  },
  {
    id: 'sipgate.INT-07a',
    title: 'A JSON body is not read: 401 invalid_client',
    level: 'PARITY',
    clause: `${KEYCLOAK}; RFC 7662 §2.1 (form-urlencoded)`,
    request: (client) => ({ json: { ...client, ...GARBAGE } }),
    status: 401,
    error: 'invalid_client',
  },
];

/** Checks of refusals. */
export const loginIntrospectionRefusalChecks: Check[] = checksOf(
  { provider: 'sipgate', operation: INTROSPECT, evidence: 'engine', risk: 'read', needs: loginEndpoint.needs },
  [
    ...refusals.map(({ request, status, error, ...described }) => ({
      ...described,
      run: async (session: Session) =>
        expectOAuthError(await session.call(INTROSPECT, request(clientMembers(session))), status, error),
    })),
    {
      id: 'sipgate.INT-03g',
      title: 'An access token does not stand for its client: 401 invalid_client',
      level: 'PARITY',
      clause: `${KEYCLOAK}; RFC 7662 §2.1 would allow it`,
      run: async (session) => {
        const token = expectMember(await tokenAnswer(loginEndpoint, session), 'access_token', 'string');
        const reply = await session.call(INTROSPECT, { form: { token }, authorization: bearer(token) });
        expectOAuthError(reply, 401, 'invalid_client');
      },
    },
    {
      id: 'sipgate.INT-09',
      title: 'A preflight allows no page anything',
      level: 'PARITY',
      clause: `${KEYCLOAK}; Fetch standard §3.2.2`,
      needs: [],
      run: async (session) => {
        const headers = { ...FOREIGN, 'access-control-request-method': 'POST' };
        const reply = await session.call(INTROSPECT, { method: 'OPTIONS', headers });
        expectStatus(reply, 200);
        expectNoHeader(reply, ALLOWED);
      },
    },
  ],
);
