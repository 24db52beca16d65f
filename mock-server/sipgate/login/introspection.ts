/** POST …/protocol/openid-connect/token/introspect (RFC 7662): is the token good, and what is in it? */
import type { JWTPayload } from 'jose';
import { ApiError } from '../../errors.ts';
import type { Answer, Operation } from '../../provider.ts';
import type { ClientRecord } from '../seed.ts';
import type { SipgateState } from '../state.ts';
import { isDead } from './access-tokens.ts';
import { authenticateClient } from './client-authentication.ts';
import {
  clientAuthenticationFailed,
  duplicatedParameter,
  introspectionTokenMissing,
  publicClientMayNotIntrospect,
  unsupportedTokenHint,
} from './errors.ts';
import { readForm } from './form-body.ts';
import type { LoginServer } from './login-server.ts';
import { realmOf } from './realm.ts';
import { readRefreshToken } from './refresh-tokens.ts';
import { findClientSession } from './sessions.ts';

const HINTS = ['access_token', 'refresh_token', 'requesting_party_token'];

export function createIntrospection(server: LoginServer): Operation {
  return async (request) => {
    const realm = realmOf(request);
    const form = readForm(request);
    const client = await authenticateClient(request, form, realm, server.state).catch(inOtherWords);
    if (client.clientSecret === undefined) throw publicClientMayNotIntrospect();
    if (form.duplicate !== undefined) throw duplicatedParameter(`the parameter "${form.duplicate}" is sent twice`);
    const hint = form.get('token_type_hint') ?? 'access_token';
    if (!HINTS.includes(hint)) throw unsupportedTokenHint(`token_type_hint is one of ${HINTS.join(', ')}`);
    const token = form.get('token');
    if (token === undefined) throw introspectionTokenMissing();
    const claims = await activeClaims(token, { hint, client }, server);
    return answer(claims ? await describe(claims, server.state) : { active: false });
  };
}

function inOtherWords(error: unknown): never {
  if (error instanceof ApiError && error.code === 'unauthorized_client') throw clientAuthenticationFailed(error.reason);
  throw error;
}

const answer = (body: object): Answer => ({ status: 200, headers: { 'cache-control': 'no-cache' }, body });

async function activeClaims(
  token: string,
  { hint, client: { clientId, realm } }: { hint: string; client: ClientRecord },
  { state, signatures, accessTokens }: LoginServer,
): Promise<JWTPayload | undefined> {
  if (hint === 'refresh_token') {
    const claims = await readRefreshToken(token, realm, signatures);
    const spent = claims && (await state.revokedTokens.get(claims.jti ?? ''));
    return claims && !spent && claims.azp === clientId && (await isOpen(claims, state)) ? claims : undefined;
  }
  if (hint !== 'access_token') return undefined;
  const verified = await signatures.verify(token, realm);
  if (verified.kind !== 'good') return undefined;
  const { claims } = verified;
  if (claims.typ === 'ID') return claims.aud === clientId && (await isOpen(claims, state)) ? claims : undefined;
  if (isDead(await accessTokens.inspect(token))) return undefined;
  // Measured: a token that does not name the client in `aud` is nothing to it, its own included.
  const named = [claims.aud ?? []].flat().includes(clientId);
  return named || state.settings.introspectionAudience === 'any' ? claims : undefined;
}

/** Whether the session of a token goes on. */
const isOpen = async ({ sid, azp, typ }: JWTPayload, state: SipgateState) =>
  sid === undefined || (await findClientSession(String(sid), String(azp), typ === 'Offline', state)) !== undefined;

/** Claims first, then what RFC 7662 §2.2 adds (order measured). */
async function describe(claims: JWTPayload, state: SipgateState): Promise<object> {
  const {
    prov: _,
    reuse_id: __,
    at_hash: ___,
    exp,
    iat,
    auth_time = await authTimeOf(claims, state),
    ...others
  } = claims;
  const user = (await state.users.all()).find(({ subject }) => subject === claims.sub);
  return {
    ...(exp !== undefined && { exp }),
    iat,
    ...(auth_time !== undefined && { auth_time }),
    ...others,
    client_id: claims.azp,
    username: claims.sid === undefined ? `service-account-${claims.azp}` : user?.email,
    token_type: claims.typ,
    active: true,
  };
}

/** A refresh token does not say it itself. */
async function authTimeOf({ sid, azp, typ }: JWTPayload, state: SipgateState): Promise<number | undefined> {
  if (sid === undefined || typ === 'ID') return undefined;
  const part = await findClientSession(String(sid), String(azp), typ === 'Offline', state);
  return part?.interactive ? part.authTime : undefined;
}
