/** Proof Key for Code Exchange (RFC 7636). */
import { createHash } from 'node:crypto';
import { sameSecret } from '../../credentials.ts';

export const challengeMethods = ['plain', 'S256'] as const;
export type ChallengeMethod = (typeof challengeMethods)[number];

export interface Challenge {
  value: string;
  method: ChallengeMethod;
}

/** RFC 7636 §4.1, §4.2: verifier and challenge have the same alphabet and length. */
export const isVerifier = (text: string) => /^[A-Za-z0-9._~-]{43,128}$/.test(text);

export function verifies(verifier: string, { value, method }: Challenge): boolean {
  const given = method === 'plain' ? verifier : createHash('sha256').update(verifier).digest('base64url');
  return sameSecret(given, value);
}
