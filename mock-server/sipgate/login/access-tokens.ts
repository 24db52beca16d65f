/** Judges access tokens: whom one speaks for, or why it speaks for nobody. */
import type { JWTPayload } from 'jose';
import { NOT_OURS } from '../../errors.ts';
import type { Principal } from '../../provider.ts';
import { scopeNames } from '../../scopes.ts';
import type { ClientRecord, StaticTokenRecord, UserRecord } from '../seed.ts';
import type { SipgateState } from '../state.ts';
import { findClientSession } from './sessions.ts';
import type { Signatures } from './signatures.ts';
import { serviceUser } from './users.ts';

export interface AccessTokens {
  /** Who the token speaks for, or the reason why it speaks for nobody. */
  verify(token: string): Promise<Principal | string>;
  inspect(token: string): Promise<LivingToken | DeadToken>;
  /** False if the token is not a living one of ours. */
  revoke(token: string): Promise<boolean>;
}

export interface LivingToken {
  claims: JWTPayload;
  client: ClientRecord;
  /** In whose name the client acts. */
  user: UserRecord;
}

export interface DeadToken {
  /** For the developer. */
  reason: string;
  /** Keycloak's, at userinfo (measured). */
  description: string;
  /** Where the token itself was good: what ended is its session, client or user, or it was revoked. */
  claims?: JWTPayload;
}

const UNVERIFIED = 'Token verification failed';
const NO_SESSION = 'user_session_not_found';
const CLIENT_GONE: DeadToken = { reason: 'the client of the token was deleted', description: UNVERIFIED };
const CLIENT_DISABLED: DeadToken = { reason: 'the client of the token is disabled', description: 'Client disabled' };
const USER_GONE: DeadToken = { reason: 'the user of the token is gone', description: NO_SESSION };
const USER_DISABLED: DeadToken = { reason: 'the user of the token is disabled', description: 'User disabled' };
const SESSION_OVER: DeadToken = { reason: 'the session of the token has ended', description: NO_SESSION };
const REVOKED: DeadToken = { reason: 'the token was revoked', description: UNVERIFIED };

export const isDead = (token: LivingToken | DeadToken): token is DeadToken => 'reason' in token;

export function createAccessTokens(state: SipgateState, signatures: Signatures): AccessTokens {
  const inspect = async (token: string): Promise<LivingToken | DeadToken> => {
    const fixed = await state.staticTokens.get(token);
    if (fixed) return inspectStatic(fixed, state);
    const verified = await signatures.verify(token);
    if (verified.kind === 'foreign') return { reason: NOT_OURS, description: UNVERIFIED };
    if (verified.kind === 'expired') return { reason: whenExpired(verified.claims, state), description: UNVERIFIED };
    const found = await inspectClaims(verified.claims, state);
    return isDead(found) && verified.claims.typ === 'Bearer' ? { ...found, claims: verified.claims } : found;
  };
  return {
    inspect,
    verify: async (token) => {
      const found = await inspect(token);
      if (isDead(found)) return found.reason;
      const { client, user, claims } = found;
      return { provider: 'sipgate', client: client.clientId, user: user.id, scopes: scopesOf(claims) };
    },
    revoke: async (token) => {
      if (await state.staticTokens.remove(token)) return true;
      const verified = await signatures.verify(token);
      return verified.kind === 'good' && revokeById(verified.claims, state);
    },
  };
}

/** False if it was revoked before. */
export async function revokeById({ jti, exp = 0 }: JWTPayload, state: SipgateState): Promise<boolean> {
  return jti !== undefined && state.revokedTokens.insert(jti, { jti }, { expiresAt: exp * 1000 });
}

const whenExpired = ({ exp = 0 }: JWTPayload, { clock }: SipgateState) =>
  `the token expired ${clock.seconds() - exp} s ago`;

async function inspectClaims(claims: JWTPayload, state: SipgateState): Promise<LivingToken | DeadToken> {
  if (claims.typ !== 'Bearer') {
    return { reason: `a token of type "${String(claims.typ)}" is no access token`, description: UNVERIFIED };
  }
  if (await state.revokedTokens.get(claims.jti ?? '')) return REVOKED;
  const client = await state.clients.get(String(claims.azp));
  if (!client) return CLIENT_GONE;
  if (!client.enabled) return CLIENT_DISABLED;
  if (claims.sid === undefined) return living(claims, client, await serviceUser(state));
  const user = (await state.users.all()).find(({ subject }) => subject === claims.sub);
  if (user && !user.enabled) return USER_DISABLED;
  const offline = claims.jti?.startsWith('of') ?? false;
  if (!(await findClientSession(String(claims.sid), client.clientId, offline, state))) return SESSION_OVER;
  return living(claims, client, user);
}

const living = (claims: JWTPayload, client: ClientRecord, user: UserRecord | undefined) =>
  user ? { claims, client, user } : USER_GONE;

/** A token known by its value dies as others do: by its time, with its client and with its user. */
async function inspectStatic(token: StaticTokenRecord, state: SipgateState): Promise<LivingToken | DeadToken> {
  const { client: clientId, scopes, expiresAt } = token;
  const exp = expiresAt === undefined ? undefined : Math.floor(Date.parse(expiresAt) / 1000);
  if (exp !== undefined && state.clock.reached(Date.parse(expiresAt ?? ''))) {
    return { reason: whenExpired({ exp }, state), description: UNVERIFIED };
  }
  const client = await state.clients.get(clientId);
  if (!client) return CLIENT_GONE;
  if (!client.enabled) return CLIENT_DISABLED;
  const user = token.user === undefined ? await serviceUser(state) : await state.users.get(token.user);
  if (user && !user.enabled) return USER_DISABLED;
  const claims = { ...(exp !== undefined && { exp }), ...(user && { sub: user.subject }), typ: 'Bearer' };
  return living({ ...claims, azp: clientId, scope: scopes.join(' ') }, client, user);
}

export const scopesOf = ({ scope }: JWTPayload) => scopeNames(String(scope ?? ''));
