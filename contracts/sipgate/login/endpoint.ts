/** sipgate's login server as a token endpoint: Keycloak's. */
import { clientBasic, required } from '../../session.ts';
import type { TokenEndpoint } from '../../token-endpoint/endpoint.ts';

export const KEYCLOAK = 'Keycloak 26.7.1, measured';

/** The realm of the vendor's own app, and of the public client that the vendor's guide uses. */
export const APP_REALM = 'sipgate-apps';
export const PUBLIC_CLIENT = 'sipgate-app-web';

export const loginEndpoint: TokenEndpoint = {
  provider: 'sipgate',
  operation: 'sipgate.createToken',
  needs: ['sipgate.client'],
  client: ({ sipgate }) => required(sipgate?.client),
  basic: clientBasic,
  resource: 'sipgate.getAccount',
  scope: 'account:read',
  otherScope: 'balance:read',
  members: ['access_token', 'expires_in', 'refresh_expires_in', 'token_type', 'not-before-policy', 'scope'],
  expiresIn: 300,
  basicInAnyCase: true,
  tabDividesScopes: false,
  engine: KEYCLOAK,
  evidence: 'engine',
};
