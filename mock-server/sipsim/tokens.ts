/** SIPSIM's access tokens: HS256 JWTs that clients must treat as opaque; verified here and not looked up. */
import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { NOT_OURS } from '../errors.ts';
import type { Claims, MintedToken, Principal } from '../provider.ts';
import type { StaticTokenRecord } from './seed.ts';
import type { SipsimState } from './state.ts';

export type Verification = { principal: Principal } | { refusal: TokenRefusal };

/** Texts of Doorkeeper's challenge, with the reason for the developer. */
export interface TokenRefusal {
  description: 'The access token is invalid' | 'The access token expired' | 'The access token was revoked';
  reason: string;
}

const refuse = (description: TokenRefusal['description'], reason: string) => ({ refusal: { description, reason } });

export async function issueToken(
  state: SipsimState,
  clientId: string,
  scopes: string[],
  life?: number,
): Promise<MintedToken> {
  const createdAt = state.clock.seconds();
  const expiresIn = life ?? state.settings.accessTokenLife;
  const accessToken = await new SignJWT({ client_id: clientId, scope: scopes.join(' ') })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer('sipsim')
    .setIssuedAt(createdAt)
    .setExpirationTime(createdAt + expiresIn)
    .setJti(state.ids.uuid())
    .sign(state.tokenSecret);
  return { accessToken, expiresIn, scopes, createdAt };
}

export async function verifyToken(state: SipsimState, token: string): Promise<Verification> {
  const fixed = await state.staticTokens.get(token);
  if (fixed) return fixedPrincipal(fixed, state);
  const verified = await verifyJwt(state, token);
  if ('refusal' in verified) return verified;
  const { jti, client_id: clientId, scope } = verified.claims;
  if (await state.revokedTokens.get(String(jti)))
    return refuse('The access token was revoked', 'the token was revoked');
  const client = await state.integrations.get(String(clientId));
  if (!client) return refuse('The access token is invalid', CLIENT_GONE);
  const scopes = String(scope)
    .split(' ')
    .filter((name) => name !== '');
  return { principal: { provider: 'sipsim', client: client.clientId, scopes } };
}

/** A token known by its value dies as others do: by its time, and with its integration. */
async function fixedPrincipal(token: StaticTokenRecord, state: SipsimState): Promise<Verification> {
  const { client, scopes, expiresAt } = token;
  const ago = expiresAt === undefined ? -1 : state.clock.now() - Date.parse(expiresAt);
  if (ago >= 0) return refuse('The access token expired', `the token expired ${Math.floor(ago / 1000)} s ago`);
  if (!(await state.integrations.get(client))) return refuse('The access token is invalid', CLIENT_GONE);
  return { principal: { provider: 'sipsim', client, scopes: [...scopes] } };
}

const CLIENT_GONE = 'the integration of the token was deleted';

/** False if the token is not a living one of ours. */
export async function revokeToken(state: SipsimState, token: string): Promise<boolean> {
  if (await state.staticTokens.remove(token)) return true;
  const verified = await verifyJwt(state, token);
  if ('refusal' in verified) return false;
  const { jti = '', exp = 0 } = verified.claims;
  return state.revokedTokens.insert(jti, { jti }, { expiresAt: exp * 1000 });
}

/** The same token with other claims; undefined for a token that is not ours. */
export async function resignToken(
  state: SipsimState,
  token: string,
  change: (claims: Claims) => Claims,
): Promise<string | undefined> {
  const verified = await verifyJwt(state, token);
  if ('refusal' in verified) return undefined;
  return new SignJWT(change({ ...verified.claims }))
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .sign(state.tokenSecret);
}

async function verifyJwt(
  state: SipsimState,
  token: string,
): Promise<{ claims: JWTPayload } | { refusal: TokenRefusal }> {
  try {
    const currentDate = new Date(state.clock.now());
    const options = { algorithms: ['HS256'], issuer: 'sipsim', currentDate, clockTolerance: 0 };
    return { claims: (await jwtVerify(token, state.tokenSecret, options)).payload };
  } catch (error) {
    if (error instanceof errors.JWTExpired) {
      const ago = state.clock.seconds() - Number(error.payload.exp);
      return refuse('The access token expired', `the token expired ${ago} s ago`);
    }
    if (error instanceof errors.JOSEError) return refuse('The access token is invalid', NOT_OURS);
    throw error;
  }
}
