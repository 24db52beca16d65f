/** SIPSIM's access tokens: HS256 JWTs that clients must treat as opaque; verified here and not looked up. */
import type { JWTPayload } from 'jose';
import { NOT_OURS } from '../errors.ts';
import { readJwt } from '../jwt.ts';
import type { Claims, MintedToken, Principal } from '../provider.ts';
import { scopeNames } from '../scopes.ts';
import type { SipsimState } from './state.ts';

/** A token that this server issued, whatever became of it. */
export interface KnownToken {
  /** By which it is revoked. */
  id: string;
  client: string;
  scopes: string[];
  /** Unix seconds. */
  issuedAt: number;
  /** Unix seconds; never if absent. */
  expiresAt?: number;
  fate: 'alive' | 'expired' | 'revoked';
}

export type Verification = { principal: Principal } | { refusal: TokenRefusal };

/** Texts of Doorkeeper's challenge, with the reason for the developer. */
export interface TokenRefusal {
  description: 'The access token is invalid' | 'The access token expired' | 'The access token was revoked';
  reason: string;
}

export async function issueToken(
  state: SipsimState,
  clientId: string,
  scopes: string[],
  life?: number,
): Promise<MintedToken> {
  const createdAt = state.clock.seconds();
  const expiresIn = life ?? state.settings.accessTokenLife;
  const times = { iat: createdAt, exp: createdAt + expiresIn };
  const claims = { client_id: clientId, scope: scopes.join(' '), iss: 'sipsim', ...times, jti: state.ids.uuid() };
  const accessToken = await sign(claims, state);
  return { accessToken, expiresIn, scopes, createdAt };
}

const sign = (claims: JWTPayload, { tokenSecret, signed }: SipsimState): Promise<string> =>
  signed.sign(claims, { alg: 'HS256', typ: 'JWT' }, { sign: tokenSecret, verify: tokenSecret });

/** Undefined for what is no token of this server, or of an integration that is gone. */
export async function readToken(state: SipsimState, token: string): Promise<KnownToken | undefined> {
  const issued = (await readStaticToken(state, token)) ?? (await readSigned(state, token));
  if (!issued || !(await state.integrations.get(issued.client))) return undefined;
  return { ...issued, fate: await fateOf(state, issued) };
}

type IssuedToken = Omit<KnownToken, 'fate'>;

async function fateOf({ revokedTokens, clock }: SipsimState, token: IssuedToken): Promise<KnownToken['fate']> {
  if (await revokedTokens.get(token.id)) return 'revoked';
  return token.expiresAt !== undefined && clock.reached(token.expiresAt * 1000) ? 'expired' : 'alive';
}

async function readStaticToken({ staticTokens }: SipsimState, token: string): Promise<IssuedToken | undefined> {
  const fixed = await staticTokens.get(token);
  if (!fixed) return undefined;
  const { client, scopes, issuedAt, expiresAt } = fixed;
  const expiry = expiresAt === undefined ? {} : { expiresAt: Math.ceil(Date.parse(expiresAt) / 1000) };
  return { id: `static ${token}`, client, scopes: [...scopes], issuedAt, ...expiry };
}

/** The same token with other claims; undefined for a token that is not ours. */
export async function resignToken(
  state: SipsimState,
  token: string,
  change: (claims: Claims) => Claims,
): Promise<string | undefined> {
  const claims = await verifiedClaims(state, token);
  if (!claims) return undefined;
  return sign(change({ ...claims }), state);
}

async function readSigned(state: SipsimState, token: string): Promise<IssuedToken | undefined> {
  const claims = await verifiedClaims(state, token);
  if (!claims) return undefined;
  const { jti = '', client_id: client, scope, iat: issuedAt = 0, exp: expiresAt = 0 } = claims;
  return { id: jti, client: String(client), scopes: scopeNames(String(scope)), issuedAt, expiresAt };
}

async function verifiedClaims({ tokenSecret, signed }: SipsimState, token: string): Promise<JWTPayload | undefined> {
  const jwt = readJwt(token);
  if (jwt && (await signed.isGood(token, jwt, 'HS256', tokenSecret))) return asVerified(jwt.claims);
  // Loaded for what is odd alone, which is rare.
  const { errors, jwtVerify } = await import('jose');
  try {
    // Time is judged by `fateOf`: of an expired token it must be known whose it was.
    const options = { algorithms: ['HS256'], issuer: 'sipsim', currentDate: new Date(0) };
    const { payload } = await jwtVerify(token, tokenSecret, options);
    return payload;
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}

/** What is signed as it should be may still not be what it should be: faults issue such tokens. As jose judges it. */
const asVerified = (claims: JWTPayload | undefined) =>
  claims?.iss === 'sipsim' && (claims.exp ?? 1) > 0 && (claims.nbf ?? 0) <= 0 ? claims : undefined;

export async function verifyToken(state: SipsimState, token: string): Promise<Verification> {
  const known = await readToken(state, token);
  if (known?.fate !== 'alive') return { refusal: refusalOf(state, known) };
  return { principal: { provider: 'sipsim', client: known.client, scopes: known.scopes } };
}

/** Why a token opens nothing. */
export function refusalOf({ clock }: SipsimState, known: KnownToken | undefined): TokenRefusal {
  switch (known?.fate) {
    case 'revoked':
      return { description: 'The access token was revoked', reason: 'the token was revoked' };
    case 'expired': {
      const ago = clock.seconds() - (known.expiresAt ?? 0);
      return { description: 'The access token expired', reason: `the token expired ${ago} s ago` };
    }
    default:
      return { description: 'The access token is invalid', reason: NOT_OURS };
  }
}

/** False if the token is not a living one of ours. */
export async function revokeToken(state: SipsimState, token: string): Promise<boolean> {
  const known = await readToken(state, token);
  if (known?.fate !== 'alive') return false;
  const expiry = known.expiresAt === undefined ? {} : { expiresAt: known.expiresAt * 1000 };
  return state.revokedTokens.insert(known.id, { jti: known.id }, expiry);
}
