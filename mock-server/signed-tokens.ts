/**
 * Signs tokens and remembers whose signature is known to be good: those signed here, and those verified once. What a token
 * may do is not known here. jose is the measure: the quick way makes the same bytes.
 */
import { createHmac, hash, KeyObject, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { SignJWT } from 'jose';
import { createRecent } from './remembered/recent.ts';

export interface SignedTokens {
  /** Whether the signature was made, or found good, with this key. */
  has(token: string, key: object): boolean;
  add(token: string, key: object): void;
  /** Compact serialization (RFC 7515 §7.1). */
  sign(claims: Record<string, unknown>, header: TokenHeader, keys: TokenKeys): Promise<string>;
}

/** In the order in which it is written. */
export interface TokenHeader {
  alg: 'RS256' | 'HS256' | 'HS512';
  typ: 'JWT';
  kid?: string;
}

export interface TokenKeys {
  sign: KeyObject | Uint8Array;
  /** The same for HS256 and HS512. */
  verify: KeyObject | Uint8Array;
}

/** No token is kept, but what tells it from every other one. */
const BOUNDS = { count: 20_000, size: Number.POSITIVE_INFINITY };

export function createSignedTokens(): SignedTokens {
  const keys = createRecent<object>(BOUNDS);
  const digest = (token: string) => hash('sha256', token, 'base64url');
  const add = (token: string, key: object) => keys.keep(digest(token), key, 0);
  return {
    has: (token, key) => keys.get(digest(token)) === key,
    add,
    sign: async (claims, header, { sign: key, verify }) => {
      const text = `${encoded(header)}.${encoded(claims)}`;
      const token = `${text}.${await signatureOf(text, header.alg, key)}`;
      add(token, verify);
      return token;
    },
  };
}

/** For who wants every signature made and verified by jose. */
export const plainlySigned = (): SignedTokens => ({
  has: () => false,
  add: () => {},
  sign: (claims, header, { sign: key }) => new SignJWT(claims).setProtectedHeader({ ...header }).sign(key),
});

const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');

// In another thread: RSA takes longer than all else that a request does.
const signElsewhere = promisify(sign);

/** RFC 7518 §3.2 and §3.3. */
async function signatureOf(text: string, algorithm: TokenHeader['alg'], key: KeyObject | Uint8Array): Promise<string> {
  if (algorithm !== 'RS256')
    return createHmac(`sha${algorithm.slice(2)}`, key)
      .update(text)
      .digest('base64url');
  if (!(key instanceof KeyObject)) throw new Error('RS256 needs a private key');
  return (await signElsewhere('sha256', Buffer.from(text), key)).toString('base64url');
}
