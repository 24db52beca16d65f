/**
 * Signs tokens and remembers whose signature is known to be good: those signed here, and those verified once. What a token
 * may do is not known here. jose is the measure: the quick way makes the same bytes.
 */
import { KeyObject, sign, timingSafeEqual, verify } from 'node:crypto';
import { promisify } from 'node:util';
import { type Digest, hmac } from './hmac.ts';
import type { Jwt } from './jwt.ts';
import { createSeals } from './remembered/seals.ts';

export interface SignedTokens {
  /**
   * Whether the signature is good; `jwt` is what is in the token. False leaves the verdict, and what is wrong, to jose.
   * Of what is known nobody has to wait.
   */
  isGood(token: string, jwt: Jwt, algorithm: Algorithm, key: VerifyKey): boolean | Promise<boolean>;
  /** Compact serialization (RFC 7515 §7.1). */
  sign(claims: Record<string, unknown>, header: TokenHeader, keys: TokenKeys): Promise<string>;
}

export type Algorithm = 'RS256' | 'HS256' | 'HS512';
type VerifyKey = KeyObject | Uint8Array;

/** In the order in which it is written. */
export interface TokenHeader {
  alg: Algorithm;
  typ: 'JWT';
  kid?: string;
}

export interface TokenKeys {
  sign: KeyObject | Uint8Array;
  /** The same for HS256 and HS512. */
  verify: VerifyKey;
}

export function createSignedTokens(): SignedTokens {
  const good = createSeals();
  return {
    isGood: (token, jwt, algorithm, key) => {
      const seal = good.sealOf(token, key);
      if (good.has(seal)) return true;
      if (!isPlain(token, jwt, algorithm)) return false;
      const remember = (signed: boolean) => {
        if (signed) good.add(seal);
        return signed;
      };
      const signed = isSigned(token, algorithm, key);
      return typeof signed === 'boolean' ? remember(signed) : signed.then(remember);
    },
    sign: async (claims, header, { sign: key, verify }) => {
      const text = `${encoded(header)}.${encoded(claims)}`;
      const token = `${text}.${await signatureOf(text, header.alg, key)}`;
      good.add(good.sealOf(token, verify));
      return token;
    },
  };
}

/** For who wants every signature made and verified by jose. */
export const plainlySigned = (): SignedTokens => ({
  isGood: () => false,
  sign: async (claims, header, { sign: key }) => {
    const { SignJWT } = await import('jose');
    return new SignJWT(claims).setProtectedHeader({ ...header }).sign(key);
  },
});

/** RFC 7518 §3.2. */
const DIGEST: Record<'HS256' | 'HS512', Digest> = { HS256: 'sha256', HS512: 'sha512' };

const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');

/** Of a token of the plainest kind. */
function isSigned(token: string, algorithm: Algorithm, key: VerifyKey): boolean | Promise<boolean> {
  const end = token.lastIndexOf('.');
  const text = token.slice(0, end);
  const bytes = Buffer.from(token.slice(end + 1), 'base64url');
  if (algorithm === 'RS256')
    return key instanceof KeyObject && verifyElsewhere('sha256', Buffer.from(text), key, bytes);
  const expected = hmac(DIGEST[algorithm], key, text);
  return expected.length === bytes.length && timingSafeEqual(expected, bytes);
}

/**
 * Such a token jose judges by its signature alone: three parts, no extension in the header (RFC 7515 §4.1.11, RFC 7797),
 * and times that are numbers (RFC 7519 §4.1.4 to §4.1.6).
 */
function isPlain(token: string, { header, claims }: Jwt, algorithm: Algorithm): boolean {
  if (header.alg !== algorithm || header.crit !== undefined || header.b64 !== undefined) return false;
  if (![claims.exp, claims.nbf, claims.iat].every((time) => time === undefined || typeof time === 'number'))
    return false;
  // Node takes more spellings of the same bytes than jose.
  return SPELLED.test(token);
}

/** Base64url (RFC 4648 §5) without padding and without bits to spare in the last character. */
const PART = '(?:[\\w-]{4})*(?:[\\w-][AQgw]|[\\w-]{2}[AEIMQUYcgkosw048])?';
const SPELLED = new RegExp(`^${PART}\\.${PART}\\.${PART}$`);

// In another thread: RSA takes longer than all else that a request does.
const signElsewhere = promisify(sign);
const verifyElsewhere = promisify(verify);

/** RFC 7518 §3.2 and §3.3. */
async function signatureOf(text: string, algorithm: TokenHeader['alg'], key: KeyObject | Uint8Array): Promise<string> {
  if (algorithm !== 'RS256') return hmac(DIGEST[algorithm], key, text).toString('base64url');
  if (!(key instanceof KeyObject)) throw new Error('RS256 needs a private key');
  return (await signElsewhere('sha256', Buffer.from(text), key)).toString('base64url');
}
