/** What users have allowed which client, remembered until more is asked for. */
import type { ClientRecord, UserRecord } from '../../seed.ts';
import type { SipgateState } from '../../state.ts';

export interface ConsentRecord {
  scopes: string[];
}

const keyOf = (user: UserRecord, client: ClientRecord) => `${user.id}/${client.clientId}`;

/** Scopes that the user has still to be asked for by a client that asks. `openid` is no scope of a client: it is never asked for. */
export async function missingConsent(
  user: UserRecord,
  client: ClientRecord,
  scopes: string[],
  state: SipgateState,
): Promise<string[]> {
  const given = (await state.consents.get(keyOf(user, client)))?.scopes ?? [];
  return scopes.filter((scope) => scope !== 'openid' && !given.includes(scope));
}

export async function rememberConsent(
  user: UserRecord,
  client: ClientRecord,
  scopes: string[],
  state: SipgateState,
): Promise<void> {
  const key = keyOf(user, client);
  const before = (await state.consents.get(key))?.scopes ?? [];
  const consent = { scopes: [...new Set([...before, ...scopes])] };
  if (!(await state.consents.insert(key, consent))) await state.consents.replace(key, consent);
}

/** What the page says of a scope: its description in the document. */
export const describeScope = (scope: string, { declaredScopes }: SipgateState) =>
  scope === 'offline_access' ? 'Offline Access' : (declaredScopes[scope] ?? scope);
