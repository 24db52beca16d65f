/** Issues access, refresh and id tokens with Keycloak's claims, in its order (measured on 26.7.1). */
import { createHash } from 'node:crypto';
import type { JWTPayload } from 'jose';
import type { ClientRecord, UserRecord } from '../seed.ts';
import type { SipgateState } from '../state.ts';
import { clientUuid } from './client-uuid.ts';
import type { SessionRecord } from './sessions.ts';
import { issuerOf, type Signatures } from './signatures.ts';
import { newTokenId } from './token-ids.ts';

export interface Tokens {
  issue(grant: Grant): Promise<IssuedTokens>;
}

export interface Grant {
  /** Scheme and authority for `iss`. */
  origin: string;
  realm: string;
  client: ClientRecord;
  /** `grant_type`, for the token's id. */
  type: GrantTypeName;
  /** Of the access token. */
  scopes: string[];
  /** Absent for a service account: then there is no refresh token. */
  login?: Login;
  /** Seconds; the setting if absent. */
  expiresIn?: number;
}

export type GrantTypeName = 'authorization_code' | 'client_credentials' | 'password' | 'refresh_token';

/** The user's part of a grant. */
export interface Login {
  session: SessionRecord;
  user: UserRecord;
  /** Of the refresh token: all that was ever granted. */
  scopes: string[];
  nonce?: string;
  /** Whether the user logged in at the authorization endpoint, in which case the tokens say when. */
  interactive: boolean;
}

export interface IssuedTokens {
  accessToken: string;
  /** Seconds. */
  expiresIn: number;
  /** Unix seconds. */
  issuedAt: number;
  scopes: string[];
  refreshToken?: string;
  /** Seconds; 0 for one without end. */
  refreshExpiresIn: number;
  idToken?: string;
  sessionState?: string;
}

export const isOffline = (scopes: string[]) => scopes.includes('offline_access');

export function createTokens(state: SipgateState, signatures: Signatures): Tokens {
  return {
    issue: async (grant) => {
      const { realm, scopes, login } = grant;
      const expiresIn = grant.expiresIn ?? state.settings.accessTokenLife;
      // Read once: every token of the grant, and its answer, is of the same second.
      const issuedAt = state.clock.seconds();
      const claims = createClaims(grant, state, issuedAt);
      const accessToken = await signatures.sign(realm, claims.access(issuedAt + expiresIn));
      // Measured: an offline token's answer names all that the login was for, whatever is in the access token.
      const shown = login && isOffline(login.scopes) ? login.scopes : scopes;
      const issued: IssuedTokens = { accessToken, expiresIn, issuedAt, scopes: shown, refreshExpiresIn: 0 };
      // A narrower access token takes nothing from what the login was for (measured).
      if ((login?.scopes ?? scopes).includes('openid')) {
        issued.idToken = await signatures.sign(realm, claims.id(issuedAt + expiresIn, accessToken));
      }
      if (!login) return issued;
      const life = isOffline(login.scopes) ? undefined : state.settings.refreshTokenLife;
      issued.refreshToken = await signatures.signOwn(claims.refresh(life === undefined ? undefined : issuedAt + life));
      return { ...issued, refreshExpiresIn: life ?? 0, sessionState: login.session.id };
    },
  };
}

/** First part of an access token's id: kind of session, kind of token, grant. */
const GRANT_CODES = { authorization_code: 'ac', client_credentials: 'cc', password: 'ro', refresh_token: 'rt' };

function createClaims(grant: Grant, state: SipgateState, iat: number) {
  const { ids, settings } = state;
  const { client, login, scopes, type } = grant;
  const iss = issuerOf(grant.origin, grant.realm);
  const sub = login?.user.subject ?? clientUuid(client.clientId);
  const times = (exp: number | undefined) => ({
    ...(exp !== undefined && { exp }),
    iat,
  });
  const authTime = login?.interactive ? { auth_time: login.session.authTime } : {};
  const sid = login?.session.id;
  const kind = login === undefined ? 'tr' : isOffline(login.scopes) ? 'of' : 'on';
  return {
    access: (exp: number): JWTPayload => ({
      ...times(exp),
      ...authTime,
      jti: `${kind}rt${GRANT_CODES[type]}:${newTokenId(state)}`,
      iss,
      sub,
      typ: 'Bearer',
      azp: client.clientId,
      // `session_state` went in Keycloak 24; sipgate's documents still show it.
      ...(sid !== undefined && { sid, session_state: sid }),
      scope: scopes.join(' '),
      featureScope: 'CLASSIC_PBX',
    }),
    id: (exp: number, accessToken: string): JWTPayload => ({
      ...times(exp),
      ...authTime,
      jti: newTokenId(state),
      iss,
      aud: client.clientId,
      sub,
      typ: 'ID',
      azp: client.clientId,
      ...(login?.nonce !== undefined && { nonce: login.nonce }),
      ...(sid !== undefined && { sid }),
      at_hash: accessTokenHash(accessToken),
    }),
    refresh: (exp: number | undefined) => ({
      ...times(exp),
      jti: ids.uuid(),
      iss,
      aud: iss,
      sub,
      typ: exp === undefined ? 'Offline' : 'Refresh',
      azp: client.clientId,
      ...(sid !== undefined && { sid }),
      scope: (login?.scopes ?? scopes).join(' '),
      prov: 'default',
      ...(settings.refreshTokenRotation && { reuse_id: ids.uuid() }),
    }),
  };
}

/** OpenID Connect Core §3.1.3.6: the left half of the hash. */
const accessTokenHash = (token: string) =>
  createHash('sha256').update(token).digest().subarray(0, 16).toString('base64url');
