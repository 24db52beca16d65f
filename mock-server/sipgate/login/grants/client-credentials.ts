/** RFC 6749 §4.4: a client in its own name, its service account. No session, no refresh token. */
import { publicClientNotAllowed, serviceAccountOff } from '../errors.ts';
import type { GrantType } from './index.ts';
import { grantedScopes } from './scope.ts';

export const clientCredentials: GrantType = {
  name: 'client_credentials',
  issue: async ({ form, client, realm, origin, state, tokens }) => {
    if (client.clientSecret === undefined) throw publicClientNotAllowed();
    if (!client.serviceAccount) throw serviceAccountOff();
    const scopes = grantedScopes(form.get('scope'), client, state);
    return tokens.issue({ type: 'client_credentials', origin, realm, client, scopes });
  },
};
