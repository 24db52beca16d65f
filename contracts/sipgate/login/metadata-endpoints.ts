/** sipgate's login server: whether the endpoints and methods that discovery names are there (RFC 8414 §2). */
import { decodeProtectedHeader } from 'jose';
import { checksOf } from '../../check.ts';
import type { Reply } from '../../client.ts';
import { expectEmptyBody, expectEqual, expectHeader, expectMember, expectStatus, expectThat } from '../../expect.ts';
import { clientBasic, required, type Session } from '../../session.ts';
import { tokenAnswer } from '../../token-endpoint/endpoint.ts';
import { clientMembers } from './dead-tokens.ts';
import { APP_REALM, KEYCLOAK, loginEndpoint } from './endpoint.ts';
import { discover, issuerOf, supported } from './metadata.ts';
import { sharedLogin } from './own-session.ts';

const DISCOVERY = 'sipgate.getOpenIdConfiguration';
const CERTS = 'sipgate.getCerts';
const METHODS = ['client_secret_basic', 'client_secret_post'];

/** What each says to GET without anything: nothing is changed by it. An unknown path would be 404. */
const endpoints: [suffix: string, member: string, status: number][] = [
  ['a', 'authorization_endpoint', 400],
  ['b', 'token_endpoint', 405],
  ['c', 'introspection_endpoint', 405],
  ['d', 'userinfo_endpoint', 401],
  ['e', 'end_session_endpoint', 200],
  ['f', 'revocation_endpoint', 405],
];

/** The URL of an endpoint, and what is there. */
async function visit(session: Session, member: string): Promise<{ discovered: Reply; url: string; reply: Reply }> {
  const discovered = await discover(session);
  const url = expectMember(discovered, member, 'string');
  const reply = await session.once(`GET ${url}`, () => session.client.send({ method: 'GET', url, headers: {} }));
  return { discovered, url, reply };
}

/** Ids of the keys of a realm. */
async function keyIdsOf(session: Session, realm: string): Promise<unknown[]> {
  const reply = await session.once(`${CERTS} ${realm}`, () => session.call(CERTS, { params: { realm } }));
  expectStatus(reply, 200);
  return expectMember(reply, 'keys', 'array').map((key) => (key as { kid?: unknown }).kid);
}

/** Checks of endpoints, client authentication at them, and keys. */
export const loginMetadataEndpointChecks = checksOf(
  { provider: 'sipgate', operation: DISCOVERY, evidence: 'engine', risk: 'read', needs: [] },
  [
    ...endpoints.map(([suffix, member, status]) => ({
      id: `sipgate.MET-09${suffix}`,
      title: `${member} is under the issuer, and answers GET with ${status}`,
      level: 'MUST' as const,
      clause: `RFC 8414 §2; the status as ${KEYCLOAK}`,
      run: async (session: Session) => {
        const { discovered, url, reply } = await visit(session, member);
        const issuer = issuerOf(required(session.target.sipgate).tokenUrl);
        expectThat(url.startsWith(`${issuer}/`), discovered, `expected ${member} to be under ${issuer}, got ${url}`);
        expectStatus(reply, status);
      },
    })),
    ...['revocation', 'introspection'].map((name, index) => ({
      id: `sipgate.MET-11${'ab'[index]}`,
      title: `At the ${name} endpoint client_secret_basic and client_secret_post are advertised, and both work`,
      level: 'MUST' as const,
      clause: `RFC 8414 §2 (${name}_endpoint_auth_methods_supported)`,
      needs: loginEndpoint.needs,
      run: async (session: Session) => {
        const reply = await discover(session);
        const methods = supported(reply, `${name}_endpoint_auth_methods`);
        expectEqual(
          reply,
          'the methods that are missing',
          METHODS.filter((method) => !methods.includes(method)),
          [],
        );
        const operation = name === 'revocation' ? 'sipgate.revoke' : 'sipgate.introspect';
        const authorization = clientBasic(loginEndpoint.client(session.target));
        expectStatus(await session.call(operation, { form: { token: 'sidetone' }, authorization }), 200);
        expectStatus(await session.call(operation, { form: { token: 'sidetone', ...clientMembers(session) } }), 200);
      },
    })),
    {
      id: 'sipgate.LGN-05',
      title: 'Whatever an endpoint answers, it is not indexed, not sniffed, and names no referrer',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: async (session) => {
        for (const [, member] of endpoints) {
          const { reply } = await visit(session, member);
          expectEqual(reply, 'Referrer-Policy', expectHeader(reply, 'Referrer-Policy'), 'no-referrer');
          expectEqual(reply, 'X-Content-Type-Options', expectHeader(reply, 'X-Content-Type-Options'), 'nosniff');
          expectEqual(reply, 'X-Robots-Tag', expectHeader(reply, 'X-Robots-Tag'), 'none');
          expectHeader(reply, 'Strict-Transport-Security');
        }
      },
    },
    {
      id: 'sipgate.MET-12',
      title: 'openid is among the scopes that are advertised, and so is every scope of a token',
      level: 'MUST',
      clause: 'OpenID Connect Discovery §3 (scopes_supported)',
      needs: loginEndpoint.needs,
      run: async (session) => {
        const granted = await tokenAnswer(loginEndpoint, session, { scope: 'openid account:read' });
        const reply = await discover(session);
        const advertised = supported(reply, 'scopes');
        const scopes = ['openid', ...expectMember(granted, 'scope', 'string').split(' ')];
        expectEqual(
          reply,
          'the scopes that are missing',
          scopes.filter((scope) => !advertised.includes(scope)),
          [],
        );
        expectEqual(
          reply,
          'what can be no scope',
          advertised.filter((scope) => !/^[!#-[\]-~]+$/.test(scope)),
          [],
        );
      },
    },
    {
      id: 'sipgate.MET-13',
      title: 'RS256 is advertised for ID tokens, and so is what one is signed with',
      level: 'MUST',
      clause: 'OpenID Connect Discovery §3 (id_token_signing_alg_values_supported)',
      needs: loginEndpoint.needs,
      run: async (session) => {
        const granted = await tokenAnswer(loginEndpoint, session, { scope: 'openid account:read' });
        const { alg = '' } = decodeProtectedHeader(expectMember(granted, 'id_token', 'string'));
        const reply = await discover(session);
        const advertised = supported(reply, 'id_token_signing_alg_values');
        const missing = ['RS256', alg].filter((name) => !advertised.includes(name));
        expectEqual(reply, 'the algorithms that are missing', missing, []);
      },
    },
    {
      id: 'sipgate.MET-15',
      title: 'HEAD gets the discovery document without its body',
      level: 'MUST',
      clause: 'RFC 9110 §9.3.2',
      run: async (session) => {
        const reply = await session.call(DISCOVERY, { method: 'HEAD' });
        expectStatus(reply, 200);
        expectEmptyBody(reply);
      },
    },
    {
      id: 'sipgate.KEY-08',
      title: "A user's token names a key of its own realm, and of no other",
      operation: CERTS,
      level: 'MUST',
      clause: `RFC 7515 §4.1.4; ${KEYCLOAK}: each realm has keys of its own`,
      needs: ['sipgate.user'],
      run: async (session) => {
        const { reply, accessToken } = await sharedLogin(session);
        const { kid } = decodeProtectedHeader(accessToken);
        const [own, other] = [await keyIdsOf(session, APP_REALM), await keyIdsOf(session, 'third-party')];
        expectEqual(reply, 'whether the own realm has the key', own.includes(kid), true);
        expectEqual(reply, 'whether the other realm has the key', other.includes(kid), false);
      },
    },
  ],
);
