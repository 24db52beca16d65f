/** Access, refresh and id tokens of the login server: RS256 JWTs with Keycloak's claims, verified and not looked up. */
import { createHash } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { NOT_OURS } from '../../errors.ts';
import type { Keys } from '../../keys.ts';
import type { Principal } from '../../provider.ts';
import { type ClientRecord, REALMS, type StaticTokenRecord, type UserRecord } from '../seed.ts';
import type { SipgateState } from '../state.ts';
import { serviceUser } from './users.ts';

export interface AccessTokens {
  issue(grant: Grant): Promise<IssuedTokens>;
  /** Who the token speaks for, or the reason why it speaks for nobody. */
  verify(token: string): Promise<Principal | string>;
  /** False if the token is not a living one of ours. */
  revoke(token: string): Promise<boolean>;
  /** Key id under which the realm's key is published. */
  keyId(realm: string): Promise<string>;
}

export interface Grant {
  /** Scheme and authority for `iss`. */
  origin: string;
  realm: string;
  client: ClientRecord;
  scopes: string[];
  /** Absent for a service account: then there is no session and no refresh token. */
  user?: UserRecord;
  /** Seconds; the setting if absent. */
  expiresIn?: number;
}

export interface IssuedTokens {
  accessToken: string;
  expiresIn: number;
  issuedAt: number;
  scopes: string[];
  refreshToken?: string;
  refreshExpiresIn: number;
  idToken?: string;
  sessionState?: string;
}

export const issuerOf = (origin: string, realm: string) => `${origin}/auth/realms/${realm}`;

export function createAccessTokens(state: SipgateState, keys: Keys): AccessTokens {
  const keyId = async (realm: string) => {
    const { thumbprint } = await keys.rsa();
    return createHash('sha256').update(`${thumbprint}/${realm}/${state.generation}`).digest('base64url');
  };
  const sign = async (realm: string, claims: JWTPayload) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: await keyId(realm) })
      .sign((await keys.rsa()).privateKey);

  return {
    keyId,
    issue: (grant) => issue(grant, state, sign),
    verify: async (token) => {
      const fixed = await state.staticTokens.get(token);
      if (fixed) return fixedPrincipal(fixed, state);
      const claims = await verifyJwt(token, state, keys, keyId);
      return typeof claims === 'string' ? claims : principalOf(claims, state);
    },
    revoke: async (token) => {
      if (await state.staticTokens.remove(token)) return true;
      const claims = await verifyJwt(token, state, keys, keyId);
      if (typeof claims === 'string' || claims.jti === undefined) return false;
      return state.revokedTokens.insert(claims.jti, { jti: claims.jti }, { expiresAt: (claims.exp ?? 0) * 1000 });
    },
  };
}

/** A token known by its value dies as others do: by its time, with its client and with its user. */
async function fixedPrincipal(token: StaticTokenRecord, state: SipgateState): Promise<Principal | string> {
  const { client: clientId, scopes, expiresAt } = token;
  const ago = expiresAt === undefined ? -1 : state.clock.now() - Date.parse(expiresAt);
  if (ago >= 0) return `the token expired ${Math.floor(ago / 1000)} s ago`;
  const client = await state.clients.get(clientId);
  if (!client?.enabled) return CLIENT_GONE;
  const user = token.user === undefined ? await serviceUser(state) : await state.users.get(token.user);
  return user?.enabled ? { provider: 'sipgate', client: clientId, user: user.id, scopes: [...scopes] } : USER_GONE;
}

const CLIENT_GONE = 'the client of the token was deleted or disabled';
const USER_GONE = 'the user of the token is gone or disabled';

type Sign = (realm: string, claims: JWTPayload) => Promise<string>;

async function issue(grant: Grant, state: SipgateState, sign: Sign): Promise<IssuedTokens> {
  const { client, user, realm, scopes } = grant;
  const expiresIn = grant.expiresIn ?? state.settings.accessTokenLife;
  const refreshLife = state.settings.refreshTokenLife;
  const sessionState = user && state.ids.uuid();
  // Read once: every token of the grant, and its answer, is of the same second.
  const issuedAt = state.clock.seconds();
  const claimsOf = createClaims(grant, state, issuedAt, sessionState);
  const scope = scopes.join(' ');

  const accessToken = await sign(realm, claimsOf('Bearer', expiresIn, { scope, featureScope: 'CLASSIC_PBX' }));
  const issued: IssuedTokens = {
    accessToken,
    expiresIn,
    issuedAt,
    scopes,
    refreshExpiresIn: sessionState === undefined ? 0 : refreshLife,
  };
  if (scopes.includes('openid')) {
    const audience = { aud: client.clientId, at_hash: accessTokenHash(accessToken) };
    issued.idToken = await sign(realm, claimsOf('ID', expiresIn, audience));
  }
  if (sessionState !== undefined) {
    const own = { aud: issuerOf(grant.origin, realm), scope };
    issued.sessionState = sessionState;
    issued.refreshToken = await signRefreshToken(claimsOf('Refresh', refreshLife, own), state);
  }
  return issued;
}

/** Claims that every token of one grant shares. */
function createClaims(grant: Grant, { ids }: SipgateState, iat: number, sid: string | undefined) {
  const { origin, realm, client, user } = grant;
  const common = {
    iss: issuerOf(origin, realm),
    azp: client.clientId,
    ...(sid !== undefined && { sid, session_state: sid }),
    sub: user?.subject ?? serviceSubject(client.clientId),
  };
  return (typ: string, life: number, more: JWTPayload): JWTPayload => ({
    exp: iat + life,
    iat,
    jti: ids.uuid(),
    ...common,
    typ,
    ...more,
  });
}

/** Opaque to everyone but this server, so a symmetric key will do; Keycloak signs its own with HS512 too. */
const signRefreshToken = (claims: JWTPayload, { refreshSecret }: SipgateState) =>
  new SignJWT(claims).setProtectedHeader({ alg: 'HS512', typ: 'JWT' }).sign(refreshSecret);

/** OpenID Connect Core §3.1.3.6: the left half of the hash. */
const accessTokenHash = (token: string) =>
  createHash('sha256').update(token).digest().subarray(0, 16).toString('base64url');

/** Keycloak makes a user for each service account; its id only has to be stable. */
const serviceSubject = (clientId: string) =>
  createHash('sha256')
    .update(clientId)
    .digest('hex')
    .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5');

async function verifyJwt(
  token: string,
  state: SipgateState,
  keys: Keys,
  keyId: (realm: string) => Promise<string>,
): Promise<JWTPayload | string> {
  const realm = realmOf(token);
  if (realm === undefined) return NOT_OURS;
  // `kid` first: it names the realm and the generation, so a token of before a reset fails here.
  if (decodeProtectedHeader(token).kid !== (await keyId(realm))) return NOT_OURS;
  try {
    const { publicKey } = await keys.rsa();
    const currentDate = new Date(state.clock.now());
    const { payload } = await jwtVerify(token, publicKey, { algorithms: ['RS256'], currentDate, clockTolerance: 0 });
    return payload;
  } catch (error) {
    return whyRefused(error, state.clock.seconds());
  }
}

/** Realm that the token claims as its issuer; undefined for what is no JWT of a realm of ours. */
function realmOf(token: string): string | undefined {
  try {
    const path = new URL(decodeJwt(token).iss ?? '').pathname;
    decodeProtectedHeader(token);
    return REALMS.find((realm) => path === `/auth/realms/${realm}`);
  } catch {
    return undefined;
  }
}

function whyRefused(error: unknown, now: number): string {
  if (error instanceof errors.JWTExpired) return `the token expired ${now - (error.payload.exp ?? now)} s ago`;
  if (error instanceof errors.JOSEError) return NOT_OURS;
  throw error;
}

async function principalOf(claims: JWTPayload, state: SipgateState): Promise<Principal | string> {
  if (claims.typ !== 'Bearer') return `a token of type "${String(claims.typ)}" is no access token`;
  if (await state.revokedTokens.get(claims.jti ?? '')) return 'the token was revoked';
  const client = await state.clients.get(String(claims.azp));
  if (!client?.enabled) return CLIENT_GONE;
  const user = await userOf(claims, state);
  if (user === undefined) return USER_GONE;
  return { provider: 'sipgate', client: client.clientId, user, scopes: scopesOf(claims) };
}

async function userOf(claims: JWTPayload, state: SipgateState): Promise<string | undefined> {
  if (claims.sid === undefined) return (await serviceUser(state))?.id;
  return (await state.users.all()).find((user) => user.subject === claims.sub && user.enabled)?.id;
}

const scopesOf = (claims: JWTPayload) =>
  String(claims.scope ?? '')
    .split(' ')
    .filter((scope) => scope !== '');
