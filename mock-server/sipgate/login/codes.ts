/** Authorization codes (RFC 6749 §4.1.2): one use, a short life, bound to client, redirect URI and PKCE challenge. */

import type { SipgateState } from '../state.ts';
import { clientUuid } from './client-uuid.ts';
import type { Challenge } from './pkce.ts';

export interface CodeRecord {
  session: string;
  client: string;
  realm: string;
  /** As sent to the authorization endpoint; absent if it was not. */
  redirectUri?: string;
  scopes: string[];
  nonce?: string;
  challenge?: Challenge;
}

/** Keycloak's form: three parts, the second the session, the third the client. */
export async function createCode(record: CodeRecord, state: SipgateState): Promise<string> {
  const code = `${state.ids.uuid()}.${record.session}.${clientUuid(record.client)}`;
  const expiresAt = state.clock.now() + state.settings.codeLife * 1000;
  if (!(await state.codes.insert(code, record, { expiresAt }))) throw new Error('a fresh code is taken');
  return code;
}

/** Takes the code out of the world: of many callers exactly one gets what it stands for. */
export const spendCode = (code: string, { codes }: SipgateState) => codes.remove(code);

/** Session and client that a code names, spent or not; the client, if there still is one. */
export async function partsOf(code: string, state: SipgateState): Promise<{ session: string; client?: string }> {
  const [, session = '', uuid] = code.split('.');
  const client = (await state.clients.all()).find(({ clientId }) => clientUuid(clientId) === uuid);
  return { session, ...(client && { client: client.clientId }) };
}
