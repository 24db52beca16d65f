/** sipgate's login server: what it lets pages of other origins do (Fetch standard), as Keycloak does (measured). */
import { checksOf } from '../../check.ts';
import { expectEqual, expectHeader, expectNoHeader, expectOAuthError, expectStatus } from '../../expect.ts';
import { required, type Session } from '../../session.ts';
import { clientForm, requestToken } from '../../token-endpoint/endpoint.ts';
import { clientInput, type OwnClient, withClient } from '../own-client.ts';
import { KEYCLOAK, loginEndpoint } from './endpoint.ts';

const endpoint = loginEndpoint;
export const FOREIGN = { origin: 'https://page.sidetone-foreign.example' };
/** One of the web origins of the fake's own client. */
export const REGISTERED = { origin: 'http://localhost:4200' };
export const ALLOWED = 'Access-Control-Allow-Origin';

/** Checks of the Origin header at the token endpoint and at the two public documents. */
export const loginCrossOriginChecks = checksOf(
  {
    provider: 'sipgate',
    operation: endpoint.operation,
    evidence: 'engine',
    risk: 'read',
    needs: endpoint.needs,
  },
  [
    {
      id: 'sipgate.LGN-10',
      title: 'A right request from an origin that the client has not registered is 403 and gets no token',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: async (session) => {
        const reply = await requestToken(endpoint, session, {}, { headers: FOREIGN });
        expectOAuthError(reply, 403, 'Invalid origin');
        expectEqual(reply, 'the body', reply.json(), { error: 'Invalid origin' });
        expectNoHeader(reply, ALLOWED);
      },
    },
    {
      id: 'sipgate.LGN-10b',
      title: 'The alias does likewise',
      operation: 'sipgate.createTokenByAlias',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: async (session) => {
        const form = clientForm(endpoint, session);
        const reply = await session.call('sipgate.createTokenByAlias', { form, headers: FOREIGN });
        expectOAuthError(reply, 403, 'Invalid origin');
        expectNoHeader(reply, ALLOWED);
      },
    },
    {
      id: 'sipgate.LGN-11',
      title: 'A registered origin gets its token, and may read it',
      level: 'MUST',
      clause: 'Fetch standard §3.2.3 (CORS and HTTP responses)',
      risk: 'mock-only',
      needs: [...endpoint.needs, 'control'],
      run: async (session) => {
        const reply = await requestToken(endpoint, session, {}, { headers: REGISTERED });
        expectStatus(reply, 200);
        expectEqual(reply, ALLOWED, expectHeader(reply, ALLOWED), REGISTERED.origin);
        expectEqual(reply, 'credentials', expectHeader(reply, 'Access-Control-Allow-Credentials'), 'true');
      },
    },
    {
      id: 'sipgate.LGN-12',
      title: 'A wrong client is told before a foreign origin, which may read the refusal',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: async (session) => {
        const change = { client_id: 'sidetone-no-such-client' };
        const reply = await requestToken(endpoint, session, change, { headers: FOREIGN });
        expectOAuthError(reply, 401, 'invalid_client');
        expectEqual(reply, ALLOWED, expectHeader(reply, ALLOWED), FOREIGN.origin);
        const exposed = expectHeader(reply, 'Access-Control-Expose-Headers');
        expectEqual(reply, 'the exposed headers', exposed, 'Access-Control-Allow-Methods');
      },
    },
    {
      id: 'sipgate.LGN-13',
      title: "The login server's own origin needs no registration, and no leave to read its token",
      level: 'PARITY',
      clause: KEYCLOAK,
      run: async (session) => {
        const { origin } = new URL(required(session.target.sipgate).tokenUrl);
        const reply = await requestToken(endpoint, session, {}, { headers: { origin } });
        expectStatus(reply, 200);
        expectNoHeader(reply, ALLOWED);
      },
    },
    {
      id: 'sipgate.LGN-17',
      title: 'The web origin + stands for the origins of the redirect URIs, but for those with a wildcard',
      level: 'PARITY',
      clause: KEYCLOAK,
      // Whether sipgate's API lets a client have it is not known.
      risk: 'mock-only',
      needs: ['sipgate.pat'],
      run: (session) => {
        const redirectUris = ['https://page.sidetone.example/callback', 'https://*.sidetone.example/callback'];
        const ask = ({ id, secret }: OwnClient, origin: string) => {
          const form = { grant_type: 'client_credentials', client_id: id, client_secret: secret };
          return session.call(endpoint.operation, { ...realmParams(id), form, headers: { origin } });
        };
        const prove = async (client: OwnClient) => {
          const reply = await ask(client, 'https://page.sidetone.example');
          expectStatus(reply, 200);
          expectEqual(reply, ALLOWED, expectHeader(reply, ALLOWED), 'https://page.sidetone.example');
          expectOAuthError(await ask(client, 'https://other.sidetone.example'), 403, 'Invalid origin');
        };
        return withClient(session, prove, clientInput(session, { redirectUris, webOrigins: ['+'] }));
      },
    },
    {
      id: 'sipgate.LGN-14',
      title: 'A refusal for its grant_type is for no other origin to read',
      level: 'PARITY',
      clause: KEYCLOAK,
      needs: [],
      run: async (session) => {
        const form = { grant_type: 'sidetone_nothing' };
        const reply = await session.call(endpoint.operation, { form, headers: REGISTERED });
        expectOAuthError(reply, 400, 'unsupported_grant_type');
        expectNoHeader(reply, ALLOWED);
      },
    },
    {
      id: 'sipgate.LGN-15',
      title: 'A preflight of any origin is 200: it may POST, with credentials',
      level: 'PARITY',
      clause: `${KEYCLOAK}; Fetch standard §3.2.2`,
      needs: [],
      run: async (session) => {
        const headers = { ...FOREIGN, 'access-control-request-method': 'POST' };
        const reply = await session.call(endpoint.operation, { method: 'OPTIONS', headers });
        expectStatus(reply, 200);
        expectEqual(reply, ALLOWED, expectHeader(reply, ALLOWED), FOREIGN.origin);
        const methods = expectHeader(reply, 'Access-Control-Allow-Methods').split(/\s*,\s*/);
        expectEqual(reply, 'whether POST is allowed', methods.includes('POST'), true);
        expectEqual(reply, 'credentials', expectHeader(reply, 'Access-Control-Allow-Credentials'), 'true');
        expectEqual(reply, 'how long it is good', expectHeader(reply, 'Access-Control-Max-Age'), '3600');
      },
    },
    ...['sipgate.getOpenIdConfiguration', 'sipgate.getCerts'].map((operation, index) => ({
      id: `sipgate.LGN-16${'ab'[index]}`,
      title: `${operation} is for every origin to read`,
      operation,
      level: 'PARITY' as const,
      clause: KEYCLOAK,
      needs: [],
      run: async (session: Session) => {
        const reply = await session.call(operation, { headers: FOREIGN });
        expectStatus(reply, 200);
        expectEqual(reply, ALLOWED, expectHeader(reply, ALLOWED), FOREIGN.origin);
        expectEqual(reply, 'credentials', expectHeader(reply, 'Access-Control-Allow-Credentials'), 'true');
      },
    })),
  ],
);

/** The realm that the end of a client's id names. */
function realmParams(clientId: string): { params?: Record<string, string> } {
  const realm = /:(sipgate-apps|third-party)$/.exec(clientId)?.[1];
  return realm === undefined ? {} : { params: { realm } };
}
