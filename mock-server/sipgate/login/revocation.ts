/** POST …/protocol/openid-connect/revoke (RFC 7009): ends what a token stands for, at once. */
import type { JWTPayload } from 'jose';
import type { Answer, Operation } from '../../provider.ts';
import type { ClientRecord } from '../seed.ts';
import type { SipgateState } from '../state.ts';
import { isDead, revokeById } from './access-tokens.ts';
import { authenticateClient } from './client-authentication.ts';
import { clientCors, withCors } from './cors.ts';
import { duplicatedParameter, tokenNotProvided, tokenOfAnotherClient, unsupportedTokenType } from './errors.ts';
import { readForm } from './form-body.ts';
import type { LoginServer } from './login-server.ts';
import { realmOf } from './realm.ts';
import { readRefreshToken } from './refresh-tokens.ts';
import { endSession, findClientSession, leaveSession } from './sessions.ts';

export function createRevocation(server: LoginServer): Operation {
  return async (request) => {
    const realm = realmOf(request);
    const form = readForm(request);
    const client = await authenticateClient(request, form, realm, server.state);
    return withCors(clientCors(request, client), async () => {
      if (form.duplicate !== undefined) throw duplicatedParameter(`the parameter "${form.duplicate}" is sent twice`);
      const token = form.get('token');
      if (token === undefined) throw tokenNotProvided();
      return revoke(token, client, server);
    });
  };
}

/** 200 with an error inside: Keycloak's way to say that the token was none (RFC 7009 §2.2 asks for the 200). */
const INVALID: Answer = { status: 200, body: { error: 'invalid_token', error_description: 'Invalid token' } };

async function revoke(token: string, { clientId, realm }: ClientRecord, server: LoginServer): Promise<Answer> {
  const { state, signatures, accessTokens } = server;
  const refresh = await readRefreshToken(token, realm, signatures);
  if (refresh) return revokeRefreshToken(refresh, clientId, state);
  const verified = await signatures.verify(token, realm);
  if (verified.kind === 'foreign' && !(await state.staticTokens.get(token))) return INVALID;
  if (verified.kind === 'expired') return INVALID;
  const claims = verified.kind === 'good' ? verified.claims : { azp: (await state.staticTokens.get(token))?.client };
  if (claims.azp !== clientId) throw tokenOfAnotherClient();
  if (verified.kind === 'good' && claims.typ !== 'Bearer') throw unsupportedTokenType();
  if (verified.kind === 'foreign') await accessTokens.revoke(token);
  else if (!(await state.revokedTokens.get(verified.claims.jti ?? ''))) {
    if (isDead(await accessTokens.inspect(token))) return INVALID;
    await revokeById(verified.claims, state);
  }
  return { status: 200 };
}

/** The client's part in the session ends with its refresh token, and the session with its last client. */
async function revokeRefreshToken(claims: JWTPayload, clientId: string, state: SipgateState): Promise<Answer> {
  const [sid, offline] = [String(claims.sid), claims.typ === 'Offline'];
  if (!(await findClientSession(sid, String(claims.azp), offline, state))) return INVALID;
  if (claims.azp !== clientId) throw tokenOfAnotherClient();
  await leaveSession(sid, clientId, offline, state);
  const others = (await state.clientSessions.all()).some((part) => part.id === sid && part.offline === offline);
  if (!others) await endSession(sid, state, offline);
  return { status: 200 };
}
