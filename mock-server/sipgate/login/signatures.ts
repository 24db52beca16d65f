/** Signs and verifies the login server's JWTs: RS256 for those that others read, HS512 for those that only it reads. */
import { hash, type KeyObject } from 'node:crypto';
import type { JWTPayload } from 'jose';
import type { Clock } from '../../clock.ts';
import { type Jwt, readJwt } from '../../jwt.ts';
import type { Keys } from '../../keys.ts';
import type { Claims } from '../../provider.ts';
import type { Algorithm } from '../../signed-tokens.ts';
import { REALMS } from '../seed.ts';
import type { SipgateState } from '../state.ts';
import { isOurs } from './token-ids.ts';

export interface Signatures {
  /** Key id under which a realm's key is published. */
  keyId(realm: string): Promise<string>;
  sign(realm: string, claims: JWTPayload): Promise<string>;
  /** A token of another realm is foreign where one is named. */
  verify(token: string, realm?: string): Promise<Verified>;
  /** The same token with other claims; undefined for a token that is not ours. */
  resign(token: string, change: (claims: Claims) => Claims): Promise<string | undefined>;
  /** `iss` names the realm. */
  signOwn(claims: JWTPayload & { iss: string }): Promise<string>;
  verifyOwn(token: string, realm: string): Promise<Verified>;
}

/** `expired` has claims as well: the signature was good. */
export type Verified = { kind: 'good' | 'expired'; claims: JWTPayload } | { kind: 'foreign' };

export const issuerOf = (origin: string, realm: string) => `${origin}/auth/realms/${realm}`;

export function createSignatures(state: SipgateState, keys: Keys): Signatures {
  const keyIds = new Map<string, string>();
  const keyId = async (realm: string) => {
    const { thumbprint } = await keys.rsa();
    const name = `${thumbprint}/${realm}`;
    const id = keyIds.get(name) ?? hash('sha256', name, 'base64url');
    keyIds.set(name, id);
    return id;
  };
  const sign = async (realm: string, claims: JWTPayload) => {
    const { privateKey, publicKey } = await keys.rsa();
    const header = { alg: 'RS256', typ: 'JWT', kid: await keyId(realm) } as const;
    return state.signed.sign(claims, header, { sign: privateKey, verify: publicKey });
  };
  return {
    keyId,
    sign,
    resign: async (token, change) => {
      const jwt = readJwt(token);
      const realm = realmOf(jwt);
      if (!jwt || realm === undefined || jwt.header.kid !== (await keyId(realm))) return undefined;
      return sign(realm, change(jwt.claims));
    },
    verify: async (token, wanted) => {
      const jwt = readJwt(token);
      const realm = realmOf(jwt);
      if (!jwt || realm === undefined || (wanted !== undefined && wanted !== realm)) return { kind: 'foreign' };
      if (jwt.header.kid !== (await keyId(realm))) return { kind: 'foreign' };
      const verified = await verifyWith((await keys.rsa()).publicKey, 'RS256', { token, jwt }, state);
      return verified.kind !== 'foreign' && !isOurs(verified.claims.jti ?? '', state) ? { kind: 'foreign' } : verified;
    },
    signOwn: (claims) => {
      const { ownSecret, signed } = state;
      return signed.sign(
        claims,
        { alg: 'HS512', typ: 'JWT', kid: ownKeyId(state) },
        { sign: ownSecret, verify: ownSecret },
      );
    },
    verifyOwn: async (token, realm) => {
      const jwt = readJwt(token);
      if (!jwt || realmOf(jwt) !== realm) return { kind: 'foreign' };
      return verifyWith(state.ownSecret, 'HS512', { token, jwt }, state);
    },
  };
}

const ownKeyId = ({ generation }: SipgateState) => hash('sha256', generation, 'base64url');

async function verifyWith(
  key: KeyObject | Uint8Array,
  algorithm: Algorithm,
  { token, jwt }: { token: string; jwt: Jwt },
  { clock, signed }: SipgateState,
): Promise<Verified> {
  if (await signed.isGood(token, jwt, algorithm, key)) return judged(jwt.claims, clock);
  // Loaded for what is odd alone, which is rare.
  const { errors, jwtVerify } = await import('jose');
  try {
    const options = { algorithms: [algorithm], currentDate: new Date(clock.seconds() * 1000), clockTolerance: 0 };
    const { payload: claims } = await jwtVerify(token, key, options);
    return { kind: 'good', claims };
  } catch (error) {
    if (error instanceof errors.JWTExpired) return { kind: 'expired', claims: error.payload };
    if (error instanceof errors.JOSEError) return { kind: 'foreign' };
    throw error;
  }
}

/** As jose judges the time of a token whose signature is good (RFC 7519 §4.1.4, §4.1.5). */
function judged(claims: JWTPayload, { reached }: Clock): Verified {
  const { nbf, exp } = claims;
  // jose compares whole seconds of the time with the claim as it is.
  const past = (second: number) => reached(Math.ceil(second) * 1000);
  if (nbf !== undefined && !past(nbf)) return { kind: 'foreign' };
  return { kind: exp !== undefined && past(exp) ? 'expired' : 'good', claims };
}

/** Realm that the token claims as its issuer; undefined for what is no JWT of a realm of ours. */
function realmOf(jwt: Jwt | undefined): string | undefined {
  const issuer = String(jwt?.claims.iss ?? '');
  // In front stands an origin, and perhaps the prefix of a namespace.
  return REALMS.find((realm) => issuer.endsWith(`/auth/realms/${realm}`));
}
