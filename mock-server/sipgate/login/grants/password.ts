/** RFC 6749 §4.3: the user's e-mail address and password, as the vendor's guide uses it with `sipgate-app-web`. */
import {
  accountDisabled,
  directAccessNotAllowed,
  invalidUserCredentials,
  missingUsername,
  userConsentRequired,
} from '../errors.ts';
import { joinSession, startSession } from '../sessions.ts';
import { isOffline } from '../tokens.ts';
import { authenticateUser } from '../users.ts';
import type { GrantType } from './index.ts';
import { grantedScopes } from './scope.ts';

export const password: GrantType = {
  name: 'password',
  issue: async ({ form, client, realm, origin, state, tokens }) => {
    if (!client.directAccessGrants) throw directAccessNotAllowed();
    if (client.consentRequired) throw userConsentRequired();
    const scopes = grantedScopes(form.get('scope'), client, state);
    const username = form.get('username');
    if (username === undefined) throw missingUsername();
    const user = await authenticateUser(username, form.get('password') ?? '', state);
    if (typeof user === 'string') {
      throw user === 'disabled' ? accountDisabled() : invalidUserCredentials(user, state);
    }
    const session = await startSession({ realm, user }, state);
    await joinSession(session, client, { offline: isOffline(scopes), interactive: false }, state);
    const login = { session, user, scopes, interactive: false };
    return tokens.issue({ type: 'password', origin, realm, client, scopes, login });
  },
};
