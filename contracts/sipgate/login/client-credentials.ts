/** sipgate's login server: the client credentials grant (RFC 6749 §4.4), Keycloak's service accounts. */
import { checksOf } from '../../check.ts';
import { expectEqual, expectMember, expectOAuthError } from '../../expect.ts';
import type { Session } from '../../session.ts';
import { tokenAnswer } from '../../token-endpoint/endpoint.ts';
import { requestToken as requestOwnToken, withClient } from '../own-client.ts';
import { APP_REALM, KEYCLOAK, loginEndpoint, PUBLIC_CLIENT } from './endpoint.ts';

const endpoint = loginEndpoint;

/** Checks of who may use the grant, and of what a service account's token comes with. */
export const loginClientCredentialsChecks = checksOf(
  {
    provider: 'sipgate',
    operation: endpoint.operation,
    evidence: 'engine',
    risk: 'read',
    needs: endpoint.needs,
  },
  [
    {
      id: 'sipgate.CCR-03',
      title: 'A public client may not use client credentials: 401 unauthorized_client, whatever secret it shows',
      operation: 'sipgate.createTokenByAlias',
      level: 'MUST',
      clause: `RFC 6749 §4.4; the status as ${KEYCLOAK}`,
      needs: [],
      run: async (session) => {
        const plain = { grant_type: 'client_credentials', client_id: PUBLIC_CLIENT };
        for (const form of [plain, { ...plain, client_secret: 'sidetone-wrong-secret' }]) {
          const reply = await session.call('sipgate.createTokenByAlias', { params: { realm: APP_REALM }, form });
          expectOAuthError(reply, 401, 'unauthorized_client');
          const { error_description } = reply.json();
          expectEqual(reply, 'the text', error_description, 'Public client not allowed to retrieve service account');
        }
      },
    },
    {
      id: 'sipgate.CCR-05a',
      title: 'Client credentials start no session: refresh_expires_in is 0, and there is no session_state',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: async (session) => {
        const reply = await tokenAnswer(endpoint, session);
        expectEqual(reply, '"refresh_expires_in"', reply.json().refresh_expires_in, 0);
        expectEqual(reply, '"session_state"', reply.json().session_state, undefined);
      },
    },
    {
      id: 'sipgate.CCR-05b',
      title: 'The scope openid brings an ID token behind token_type, and openid into the scope member',
      level: 'PARITY',
      clause: `${KEYCLOAK}; OpenID Connect Core §3.1.3.3`,
      run: async (session) => {
        const reply = await tokenAnswer(endpoint, session, { scope: 'openid account:read' });
        const names = Object.keys(reply.json());
        expectEqual(reply, 'the member behind token_type', names[names.indexOf('token_type') + 1], 'id_token');
        expectEqual(reply, '"scope"', expectMember(reply, 'scope', 'string').split(' ').includes('openid'), true);
      },
    },
    {
      id: 'sipgate.CCR-06',
      title: 'A client without a service account is 401 unauthorized_client',
      level: 'MUST',
      clause: `RFC 6749 §5.2 for the code; the status as ${KEYCLOAK}`,
      risk: 'mock-only',
      needs: ['sipgate.pat', 'control'],
      run: (session) =>
        withoutServiceAccounts(session, () =>
          withClient(session, async (client) => {
            expectOAuthError(await requestOwnToken(session, client), 401, 'unauthorized_client');
          }),
        ),
    },
  ],
);

/** Clients made meanwhile may not use the grant. */
async function withoutServiceAccounts(session: Session, prove: () => Promise<void>): Promise<void> {
  const switched = (createdClientsHaveServiceAccount: unknown) =>
    session.control('/settings', 'PATCH', { sipgate: { createdClientsHaveServiceAccount } });
  const before = (await session.control('/settings', 'GET')).json().sipgate as Record<string, unknown>;
  try {
    await switched(false);
    await prove();
  } finally {
    await switched(before.createdClientsHaveServiceAccount);
  }
}
