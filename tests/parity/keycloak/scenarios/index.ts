/** All scenarios, by topic. */
import type { Scenario } from '../../scenario.ts';
import { authorizationAddresses } from './authorization-addresses.ts';
import { authorizationErrors } from './authorization-errors.ts';
import { authorizationRequests } from './authorization-requests.ts';
import { clientAuthentication } from './client-authentication.ts';
import { clientChanges } from './client-changes.ts';
import { codeExchange } from './code-exchange.ts';
import { consent } from './consent.ts';
import { introspection } from './introspection.ts';
import { login } from './login.ts';
import { logout } from './logout.ts';
import { metadata } from './metadata.ts';
import { ownGrants } from './own-grants.ts';
import { refreshing } from './refreshing.ts';
import { revocation } from './revocation.ts';
import { singleSignOn } from './single-sign-on.ts';
import { tokenEndpoint } from './token-endpoint.ts';
import { userInfo } from './user-info.ts';

export const scenarios: Scenario[] = [
  ...metadata,
  ...tokenEndpoint,
  ...clientAuthentication,
  ...ownGrants,
  ...authorizationAddresses,
  ...authorizationErrors,
  ...authorizationRequests,
  ...login,
  ...consent,
  ...singleSignOn,
  ...codeExchange,
  ...refreshing,
  ...userInfo,
  ...introspection,
  ...revocation,
  ...logout,
  ...clientChanges,
];
