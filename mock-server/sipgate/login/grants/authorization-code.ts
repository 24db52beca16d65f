/** RFC 6749 §4.1.3: a code for tokens. Whatever goes wrong after the client is known spends the code. */
import type { UserRecord } from '../../seed.ts';
import type { SipgateState } from '../../state.ts';
import { type CodeRecord, partsOf, spendCode } from '../codes.ts';
import {
  codeNotValid,
  codeOfAnotherClient,
  incorrectRedirectUri,
  missingCode,
  sessionNotActive,
  userDisabled,
  userSessionNotFound,
  verifierMalformed,
  verifierMismatch,
  verifierMissing,
  verifierUnasked,
} from '../errors.ts';
import { isVerifier, verifies } from '../pkce.ts';
import { findClientSession, findSession, joinSession, leaveSession, touchSession } from '../sessions.ts';
import { isOffline } from '../tokens.ts';
import type { GrantRequest, GrantType } from './index.ts';

export const authorizationCode: GrantType = {
  name: 'authorization_code',
  issue: async (request) => {
    const { form, client, realm, origin, state, tokens } = request;
    const code = form.get('code');
    if (code === undefined) throw missingCode();
    const { record, session, user } = await redeem(code, state);
    checkBinding(record, request);
    const { scopes, nonce } = record;
    await touchSession(session.id, state);
    if (isOffline(scopes)) await joinSession(session, client, { offline: true, interactive: true }, state);
    const login = { session, user, scopes, interactive: true, ...(nonce !== undefined && { nonce }) };
    return tokens.issue({ type: 'authorization_code', origin, realm, client, scopes, login });
  },
};

async function redeem(code: string, state: SipgateState) {
  // Before the code is spent: whoever spends it finds the session as it was, not as a replay has left it.
  const { session: sid, client } = await partsOf(code, state);
  const session = await findSession(sid, state);
  const clientSession = client === undefined ? undefined : await findClientSession(sid, client, false, state);
  const record = await spendCode(code, state);
  if (!record) {
    // RFC 6749 §4.1.2: a replayed code takes the tokens with it that were issued for it. Measured: even a forged one.
    if (client !== undefined) await leaveSession(sid, client, false, state);
    throw codeNotValid(`no such code: it was used, or is older than ${state.settings.codeLife} s, or never was`);
  }
  if (!session) throw codeNotValid('the session of the code has ended');
  if (!clientSession) throw userSessionNotFound('the session ended for this client');
  const user = await state.users.get(session.user);
  if (!user?.enabled) throw userDisabled();
  return { record, session, user: user satisfies UserRecord };
}

/** In Keycloak's order: redirect URI, client, PKCE. */
function checkBinding(record: CodeRecord, { form, client, realm }: GrantRequest): void {
  if (record.redirectUri !== undefined && record.redirectUri !== form.get('redirect_uri')) {
    throw incorrectRedirectUri(`the code was asked for with redirect_uri "${record.redirectUri}"`);
  }
  if (record.client !== client.clientId) throw codeOfAnotherClient();
  if (record.realm !== realm) throw sessionNotActive('the code is of another realm');
  const verifier = form.get('code_verifier');
  if (record.challenge === undefined) {
    if (verifier !== undefined) throw verifierUnasked();
    return;
  }
  if (verifier === undefined) throw verifierMissing();
  if (!isVerifier(verifier)) throw verifierMalformed('a verifier has 43 to 128 characters of A-Z a-z 0-9 - . _ ~');
  if (!verifies(verifier, record.challenge)) throw verifierMismatch();
}
