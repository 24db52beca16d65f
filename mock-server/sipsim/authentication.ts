/** SIPSIM's one credential: the access token, by Bearer or in the query. */
import { splitAuthorization } from '../credentials.ts';
import type { ApiRequest, Authentication } from '../provider.ts';
import type { SipsimState } from './state.ts';
import { verifyToken } from './tokens.ts';

export async function authenticate(request: ApiRequest, state: SipsimState): Promise<Authentication> {
  const token = tokenOf(request);
  if (token === undefined) return { kind: 'absent' };
  const verified = await verifyToken(state, token);
  return 'principal' in verified
    ? { kind: 'accepted', principal: verified.principal }
    : { kind: 'refused', ...verified.refusal };
}

/** Doorkeeper's order: header, `access_token`, `bearer_token`; all three by default. */
export function tokenOf({ authorization, query }: ApiRequest): string | undefined {
  const { scheme, credentials } = splitAuthorization(authorization[0] ?? '');
  if (scheme === 'bearer') return credentials;
  return query.get('access_token') || query.get('bearer_token') || undefined;
}
