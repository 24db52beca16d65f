/** RFC 6749 §4.3: the user's e-mail address and password, as the vendor's guide uses it with `sipgate-app-web`. */
import { sameSecret } from '../../../credentials.ts';
import { accountDisabled, directAccessNotAllowed, invalidUserCredentials, missingUsername } from '../errors.ts';
import { findUser } from '../users.ts';
import type { GrantRequest, GrantType } from './index.ts';
import { grantedScopes } from './scope.ts';

export const password: GrantType = {
  name: 'password',
  issue: async ({ form, client, realm, origin, state, tokens }: GrantRequest) => {
    if (!client.directAccessGrants) throw directAccessNotAllowed();
    const scopes = grantedScopes(form.get('scope'), client, state);
    const username = form.get('username');
    if (username === undefined) throw missingUsername();
    const user = await findUser(state, username);
    // An unknown user costs a comparison too, and gets the same answer.
    if (!sameSecret(form.get('password') ?? '', user?.password ?? '') || !user) {
      throw invalidUserCredentials(user ? 'wrong password' : `no user has the e-mail address "${username}"`);
    }
    if (!user.enabled) throw accountDisabled();
    return tokens.issue({ origin, realm, client, scopes, user });
  },
};
