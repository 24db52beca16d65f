/** Tokens that nobody issued, made from a real one: what a server that verifies carelessly would take. */
import { createHmac, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { CheckFailure } from '../check.ts';

/** A key of a JWK Set (RFC 7517 §4). */
export type PublicKey = Record<string, string>;

interface Parts {
  header: Record<string, unknown>;
  payload: Record<string, unknown>;
  signature: string;
}

/** `alg: none` without a signature (RFC 8725 §2.1). */
export const withoutAlgorithm = (token: string): string => {
  const { header, payload } = partsOf(token);
  return `${signingInput({ ...header, alg: 'none' }, payload)}.`;
};

/** One character of the signature is another. */
export function withChangedSignature(token: string): string {
  const { signature } = partsOf(token);
  // In the middle: bits of the last character may be padding.
  const middle = Math.floor(signature.length / 2);
  const changed = signature.slice(0, middle) + (signature[middle] === 'A' ? 'B' : 'A') + signature.slice(middle + 1);
  return `${token.slice(0, token.lastIndexOf('.'))}.${changed}`;
}

/** Claims changed, signature kept. */
export function withClaims(token: string, claims: Record<string, unknown>): string {
  const { header, payload, signature } = partsOf(token);
  return `${signingInput(header, { ...payload, ...claims })}.${signature}`;
}

/** Same header and claims, signed with a key that the server does not know. */
export function signedByAnother(token: string): string {
  const { header, payload } = partsOf(token);
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const input = signingInput(header, payload);
  return `${input}.${sign('sha256', Buffer.from(input), privateKey).toString('base64url')}`;
}

/** HS256 with the server's public key as the secret (RFC 8725 §2.1, key confusion). */
export function signedWithPublicKey(token: string, key: PublicKey): string {
  const { header, payload } = partsOf(token);
  const pem = createPublicKey({ key, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
  const input = signingInput({ ...header, alg: 'HS256' }, payload);
  return `${input}.${createHmac('sha256', pem).update(input).digest('base64url')}`;
}

const signingInput = (header: object, payload: object) => `${encode(header)}.${encode(payload)}`;
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

function partsOf(token: string): Parts {
  const [header = '', payload = '', signature = ''] = token.split('.');
  try {
    const decode = (text: string) => JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    return { header: decode(header), payload: decode(payload), signature };
  } catch {
    throw new CheckFailure('prerequisite: the access token is no JWT that could be forged');
  }
}
