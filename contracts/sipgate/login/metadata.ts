/** sipgate's login server: discovery (OpenID Connect Discovery 1.0, RFC 8414), and whether what it says is so. */
import { CheckFailure, checksOf } from '../../check.ts';
import type { Reply } from '../../client.ts';
import { expectEqual, expectHeader, expectMember, expectOAuthError, expectStatus, expectThat } from '../../expect.ts';
import { clientBasic, required, type Session } from '../../session.ts';
import { requestByHeader, requestToken } from '../../token-endpoint/endpoint.ts';
import { APP_REALM, KEYCLOAK, loginEndpoint } from './endpoint.ts';

const endpoint = loginEndpoint;
const DISCOVERY = 'sipgate.getOpenIdConfiguration';

/** Grants that no token endpoint has (RFC 6749 §4.2), though Keycloak advertises it. */
const IMPLICIT = 'implicit';
const GRANTS = [
  'authorization_code',
  'client_credentials',
  'password',
  'refresh_token',
  'urn:ietf:params:oauth:grant-type:device_code',
  'urn:ietf:params:oauth:grant-type:jwt-bearer',
  'urn:ietf:params:oauth:grant-type:token-exchange',
  'urn:openid:params:grant-type:ciba',
];

/** Discovery document of a realm; the client's own if absent. */
export async function discover(session: Session, realm?: string): Promise<Reply> {
  const params = realm === undefined ? {} : { params: { realm } };
  const reply = await session.once(`${DISCOVERY} ${realm ?? ''}`, () => session.call(DISCOVERY, params));
  if (reply.status !== 200) throw new CheckFailure(`prerequisite: no discovery document: ${reply.status}`);
  return reply;
}

/** Issuer of the realm that a token endpoint belongs to. */
export const issuerOf = (tokenUrl: string) => tokenUrl.replace(/\/protocol\/.*$/, '');

const tokenUrlOf = ({ target }: Session) => required(target.sipgate).tokenUrl;
export const supported = (reply: Reply, what: string) => expectMember(reply, `${what}_supported`, 'array') as string[];

/** Checks of the discovery document against the server that serves it. */
export const loginMetadataChecks = checksOf(
  { provider: 'sipgate', operation: DISCOVERY, evidence: 'engine', risk: 'read', needs: [] },
  [
    {
      id: 'sipgate.MET-01',
      title: 'The discovery document is 200 and application/json',
      level: 'MUST',
      clause: 'OpenID Connect Discovery §4.2, RFC 8414 §3.2',
      run: async (session) => {
        const reply = await session.call(DISCOVERY);
        expectStatus(reply, 200);
        const mediaType = expectHeader(reply, 'Content-Type').split(';')[0];
        expectEqual(reply, 'the media type', mediaType, 'application/json');
      },
    },
    {
      id: 'sipgate.MET-16',
      title: 'Caches may not keep the discovery document, and must ask again for the key set',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: async (session) => {
        const rows: [operation: string, directives: string][] = [
          [DISCOVERY, 'no-cache, must-revalidate, no-transform, no-store'],
          ['sipgate.getCerts', 'no-cache'],
        ];
        for (const [operation, directives] of rows) {
          const reply = await session.call(operation);
          expectEqual(reply, 'Cache-Control', expectHeader(reply, 'Cache-Control'), directives);
        }
      },
    },
    {
      id: 'sipgate.MET-02a',
      title: "The issuer is the URL that the document's own path continues",
      level: 'MUST',
      clause: 'OpenID Connect Discovery §4.3, RFC 8414 §3.3',
      run: async (session) => {
        const reply = await discover(session);
        expectEqual(reply, '"issuer"', reply.json().issuer, issuerOf(tokenUrlOf(session)));
      },
    },
    {
      id: 'sipgate.MET-02b',
      title: 'Each realm is an issuer of its own',
      level: 'MUST',
      clause: 'OpenID Connect Discovery §4.3',
      run: async (session) => {
        const own = issuerOf(tokenUrlOf(session));
        const realm = own.endsWith(`/${APP_REALM}`) ? 'third-party' : APP_REALM;
        const reply = await discover(session, realm);
        expectEqual(reply, '"issuer"', reply.json().issuer, own.replace(/[^/]+$/, realm));
      },
    },
    {
      id: 'sipgate.MET-03',
      title: 'No member of the discovery document is an empty list',
      level: 'MUST',
      clause: 'RFC 8414 §3.2',
      run: async (session) => {
        const reply = await discover(session);
        const empty = Object.entries(reply.json()).filter(([, value]) => Array.isArray(value) && value.length === 0);
        expectEqual(reply, 'the empty members', Object.keys(Object.fromEntries(empty)), []);
      },
    },
    {
      id: 'sipgate.MET-04a',
      title: 'Each grant that is advertised is known to the token endpoint, and client credentials get a token',
      level: 'MUST',
      clause: 'RFC 8414 §2 (grant_types_supported)',
      needs: endpoint.needs,
      run: async (session) => {
        const advertised = supported(await discover(session), 'grant_types');
        for (const grant_type of advertised.filter((name) => name !== IMPLICIT)) {
          const reply = await requestToken(endpoint, session, { grant_type });
          if (grant_type === 'client_credentials') expectStatus(reply, 200);
          const refused = reply.json().error === 'unsupported_grant_type';
          expectThat(!refused, reply, `expected the advertised grant "${grant_type}" to be known`);
        }
      },
    },
    {
      id: 'sipgate.MET-04b',
      title: 'A grant that is not advertised is 400 unsupported_grant_type',
      level: 'MUST',
      clause: 'RFC 8414 §2, RFC 6749 §5.2',
      needs: endpoint.needs,
      run: async (session) => {
        const advertised = supported(await discover(session), 'grant_types');
        for (const grant_type of ['sidetone_nothing', ...GRANTS].filter((name) => !advertised.includes(name))) {
          const reply = await requestToken(endpoint, session, { grant_type });
          expectOAuthError(reply, 400, 'unsupported_grant_type');
        }
      },
    },
    {
      id: 'sipgate.MET-04c',
      title: 'client_secret_basic and client_secret_post are advertised, and both work',
      level: 'MUST',
      clause: 'RFC 8414 §2 (token_endpoint_auth_methods_supported)',
      needs: endpoint.needs,
      run: async (session) => {
        const reply = await discover(session);
        const methods = supported(reply, 'token_endpoint_auth_methods');
        const missing = ['client_secret_basic', 'client_secret_post'].filter((method) => !methods.includes(method));
        expectEqual(reply, 'the methods that are missing', missing, []);
        const authorization = clientBasic(endpoint.client(session.target));
        expectStatus(await requestByHeader(endpoint, session, authorization), 200);
        expectStatus(await requestToken(endpoint, session), 200);
      },
    },
    {
      id: 'sipgate.MET-06',
      title: 'jwks_uri is of the same origin, and a key set is there',
      level: 'MUST',
      clause: 'OpenID Connect Discovery §3, RFC 7517 §5',
      run: async (session) => {
        const reply = await discover(session);
        const { origin } = new URL(tokenUrlOf(session));
        const url = expectMember(reply, 'jwks_uri', 'string');
        expectThat(url.startsWith(`${origin}/`), reply, `expected jwks_uri to be under ${origin}, got ${url}`);
        const keys = await session.client.send({ method: 'GET', url, headers: {} });
        expectStatus(keys, 200);
        expectMember(keys, 'keys', 'array');
      },
    },
    {
      id: 'sipgate.MET-08',
      title: 'token_endpoint is where tokens are asked for',
      level: 'PARITY',
      clause: 'sipgate API documentation: URL of the token endpoint',
      evidence: 'documented',
      run: async (session) => {
        const reply = await discover(session);
        expectEqual(reply, '"token_endpoint"', reply.json().token_endpoint, tokenUrlOf(session));
      },
    },
  ],
);
