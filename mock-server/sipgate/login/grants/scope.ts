/** Which scopes a token gets (RFC 6749 §3.3), by Keycloak's rules. */
import type { ClientRecord } from '../../seed.ts';
import { allowedScopes, type SipgateState } from '../../state.ts';
import { invalidScopes } from '../errors.ts';
import { withoutControls } from '../parameters.ts';

/**
 * The client's default scopes and the requested ones, each once, `openid` first. One scope that the client may not
 * have refuses the request whole, and the description repeats all that was asked for.
 */
export function grantedScopes(requested: string | undefined, client: ClientRecord, state: SipgateState): string[] {
  if (requested === undefined) return [...client.defaultScopes];
  const scope = withoutControls(requested);
  // Java's split(" "): empty strings at the end are dropped, others are (unknown) scopes.
  const names = scope.split(' ');
  while (names.length > 1 && names.at(-1) === '') names.pop();
  const allowed = ['openid', ...allowedScopes(state, client)];
  const refused = scope.trim() === '' && scope !== '' ? undefined : names.find((name) => !allowed.includes(name));
  if (refused !== undefined) {
    throw invalidScopes(scope, `the client may not have the scope "${refused}" (scopes are separated by one space)`);
  }
  const granted = new Set([...client.defaultScopes, ...names.filter((name) => name !== '')]);
  return granted.delete('openid') ? ['openid', ...granted] : [...granted];
}
