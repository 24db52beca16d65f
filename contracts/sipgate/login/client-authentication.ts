/** sipgate's login server: how a client proves who it is (RFC 6749 §2.3), where Keycloak has its own ways (measured). */
import { CheckFailure, checksOf } from '../../check.ts';
import { expectNoHeader, expectOAuthError, expectStatus } from '../../expect.ts';
import { basic, clientBasic } from '../../session.ts';
import { percentEncoded, requestByHeader, requestToken } from '../../token-endpoint/endpoint.ts';
import { APP_REALM, KEYCLOAK, loginEndpoint } from './endpoint.ts';

const endpoint = loginEndpoint;
const WRONG = 'sidetone-wrong-secret';

/** Checks of client credentials by form and by Basic, right, wrong and both at once. */
export const loginClientAuthenticationChecks = checksOf(
  {
    provider: 'sipgate',
    operation: endpoint.operation,
    evidence: 'engine',
    risk: 'read',
    needs: endpoint.needs,
  },
  [
    {
      id: 'sipgate.CAU-02a',
      title: 'A wrong secret by Basic is 401 unauthorized_client',
      level: 'PARITY',
      clause: `${KEYCLOAK}; deviates from RFC 6749 §5.2, which has it invalid_client`,
      run: async (session) => {
        const { id } = endpoint.client(session.target);
        const reply = await requestByHeader(endpoint, session, clientBasic({ id, secret: WRONG }));
        expectOAuthError(reply, 401, 'unauthorized_client');
      },
    },
    {
      id: 'sipgate.CAU-17',
      title:
        'Basic is read without padding, and with a percent sign that encodes nothing it is 400 unauthorized_client',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: async (session) => {
        const { id, secret } = endpoint.client(session.target);
        // Three characters for each byte, and a colon: of a length that wants padding.
        const padded = basic({ id: percentEncoded(id), secret: percentEncoded(secret) });
        expectStatus(await requestByHeader(endpoint, session, padded.replace(/=+$/, '')), 200);
        const broken = basic({ id: `${percentEncoded(id)}%`, secret: percentEncoded(secret) });
        const refused = await requestByHeader(endpoint, session, broken);
        expectOAuthError(refused, 400, 'unauthorized_client');
      },
    },
    {
      id: 'sipgate.CAU-02b',
      title: 'A 401 of the token endpoint has no WWW-Authenticate, even where Basic was tried',
      level: 'PARITY',
      clause: `${KEYCLOAK}; deviates from RFC 6749 §5.2 and RFC 9110 §15.5.2`,
      run: async (session) => {
        const { id } = endpoint.client(session.target);
        for (const client of [id, 'sidetone-no-such-client']) {
          const reply = await requestByHeader(endpoint, session, clientBasic({ id: client, secret: WRONG }));
          expectStatus(reply, 401);
          expectNoHeader(reply, 'WWW-Authenticate');
        }
      },
    },
    {
      id: 'sipgate.CAU-03',
      title: 'A wrong secret in the form is 401 unauthorized_client',
      level: 'PARITY',
      clause: `${KEYCLOAK}; deviates from RFC 6749 §5.2, which has it invalid_client`,
      run: async (session) =>
        expectOAuthError(await requestToken(endpoint, session, { client_secret: WRONG }), 401, 'unauthorized_client'),
    },
    {
      id: 'sipgate.CAU-03b',
      title: 'The alias at api.sipgate.com refuses a wrong secret as well',
      level: 'PARITY',
      clause: KEYCLOAK,
      operation: 'sipgate.createTokenByAlias',
      run: async (session) => {
        const { id } = endpoint.client(session.target);
        const form = { grant_type: 'client_credentials', client_id: id, client_secret: WRONG };
        expectOAuthError(await session.call('sipgate.createTokenByAlias', { form }), 401, 'unauthorized_client');
      },
    },
    {
      id: 'sipgate.CAU-05b',
      title: 'A confidential client without a secret, or with an empty one, is 401 unauthorized_client',
      level: 'PARITY',
      clause: `${KEYCLOAK}; deviates from RFC 6749 §5.2, which has it invalid_client`,
      run: async (session) => {
        for (const client_secret of [undefined, '']) {
          const reply = await requestToken(endpoint, session, { client_secret });
          expectOAuthError(reply, 401, 'unauthorized_client');
        }
      },
    },
    {
      id: 'sipgate.CAU-06a',
      title: 'Wrong credentials by Basic do not matter beside right ones in the form',
      level: 'PARITY',
      clause: `${KEYCLOAK}; RFC 6749 §2.3 forbids clients to use two methods`,
      run: async (session) => {
        const { id } = endpoint.client(session.target);
        const authorization = clientBasic({ id, secret: WRONG });
        expectStatus(await requestToken(endpoint, session, {}, { authorization }), 200);
      },
    },
    {
      id: 'sipgate.CAU-06b',
      title: 'Right credentials by Basic do not help against a wrong secret in the form: 401 unauthorized_client',
      level: 'PARITY',
      clause: `${KEYCLOAK}; RFC 6749 §2.3 forbids clients to use two methods`,
      run: async (session) => {
        const authorization = clientBasic(endpoint.client(session.target));
        const reply = await requestToken(endpoint, session, { client_secret: WRONG }, { authorization });
        expectOAuthError(reply, 401, 'unauthorized_client');
      },
    },
    {
      id: 'sipgate.CAU-07',
      title: 'Right credentials by Basic do not help an unknown client_id in the form: 401 invalid_client',
      level: 'MUST',
      clause: 'RFC 6749 §2.3, §3.2.1',
      run: async (session) => {
        const authorization = clientBasic(endpoint.client(session.target));
        const reply = await requestByHeader(endpoint, session, authorization, { client_id: 'sidetone-no-such-client' });
        expectOAuthError(reply, 401, 'invalid_client');
      },
    },
    {
      id: 'sipgate.CAU-10',
      title: 'Basic credentials are form-urldecoded, whatever of them is encoded',
      level: 'MUST',
      clause: 'RFC 6749 §2.3.1, App. B',
      run: async (session) => {
        const { id, secret } = endpoint.client(session.target);
        const authorization = basic({ id: percentEncoded(id), secret: percentEncoded(secret) });
        expectStatus(await requestByHeader(endpoint, session, authorization), 200);
      },
    },
    {
      id: 'sipgate.CAU-14',
      title: 'A client id with a colon that is not percent-encoded in Basic is 401 invalid_client',
      level: 'PARITY',
      clause: `${KEYCLOAK}; RFC 7617 §2 (the first colon ends the user-id)`,
      run: async (session) => {
        const { id, secret } = endpoint.client(session.target);
        if (!id.includes(':')) throw new CheckFailure('prerequisite: the client id of the target has no colon');
        const authorization = basic({ id, secret: percentEncoded(secret) });
        expectOAuthError(await requestByHeader(endpoint, session, authorization), 401, 'invalid_client');
      },
    },
    {
      id: 'sipgate.CAU-16',
      title: 'A client is unknown in another realm than its own: 401 invalid_client',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: async (session) => {
        const own = session.target.sipgate?.tokenUrl.includes(`/${APP_REALM}/`);
        const params = { realm: own ? 'third-party' : APP_REALM };
        expectOAuthError(await requestToken(endpoint, session, {}, { params }), 401, 'invalid_client');
      },
    },
  ],
);
