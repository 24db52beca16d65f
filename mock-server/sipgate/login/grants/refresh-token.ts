/** RFC 6749 §6: new tokens for a refresh token, for the same scopes or fewer. */
import type { ClientRecord } from '../../seed.ts';
import { allowedScopes, type SipgateState } from '../../state.ts';
import { scopesOf } from '../access-tokens.ts';
import { invalidScopes, missingRefreshToken } from '../errors.ts';
import { livingRefreshToken, spendRefreshToken } from '../refresh-tokens.ts';
import { touchSession } from '../sessions.ts';
import type { GrantType } from './index.ts';
import { grantedScopes } from './scope.ts';

export const refreshToken: GrantType = {
  name: 'refresh_token',
  issue: async ({ form, client, realm, origin, state, tokens, signatures }) => {
    const token = form.get('refresh_token');
    if (token === undefined) throw missingRefreshToken();
    const living = await livingRefreshToken(token, client, state, signatures);
    const { claims, session, user } = living;
    const granted = stillAllowed(scopesOf(claims), client, state);
    const scopes = narrowed(form.get('scope'), granted, client, state);
    if (state.settings.refreshTokenRotation) await spendRefreshToken(living, state);
    if (!session.offline) await touchSession(session.id, state);
    const login = { session, user, scopes: granted, interactive: session.interactive };
    return tokens.issue({ type: 'refresh_token', origin, realm, client, scopes, login });
  },
};

/** A scope that was taken from the client since is gone (measured). */
function stillAllowed(scopes: string[], client: ClientRecord, state: SipgateState): string[] {
  const allowed = allowedScopes(state, client);
  return scopes.filter((scope) => scope === 'openid' || allowed.includes(scope));
}

/**
 * RFC 6749 §6 forbids more than was granted. Keycloak drops without a word what the client may have but was not
 * granted, and refuses the rest; the setting chooses.
 */
function narrowed(
  requested: string | undefined,
  granted: string[],
  client: ClientRecord,
  state: SipgateState,
): string[] {
  if (requested === undefined) return granted;
  const wanted = grantedScopes(requested, client, state);
  const wider = wanted.find((scope) => !granted.includes(scope) && !client.defaultScopes.includes(scope));
  if (wider !== undefined && state.settings.refreshWiderScope === 'refuse') {
    throw invalidScopes(requested, `the refresh token was not granted the scope "${wider}"`);
  }
  return granted.filter((scope) => wanted.includes(scope));
}
