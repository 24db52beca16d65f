/** Tokens whose signature is known to be good: they were verified once, or signed here. What they may do is not known. */
import { hash } from 'node:crypto';
import { createRecent } from './remembered/recent.ts';

export interface ProvenTokens {
  has(token: string, key: object): boolean;
  add(token: string, key: object): void;
}

/** No token is kept, but what tells it from every other one. */
const BOUNDS = { count: 20_000, size: Number.POSITIVE_INFINITY };

export function createProvenTokens(): ProvenTokens {
  const keys = createRecent<object>(BOUNDS);
  const digest = (token: string) => hash('sha256', token, 'base64url');
  return {
    has: (token, key) => keys.get(digest(token)) === key,
    add: (token, key) => keys.keep(digest(token), key, 0),
  };
}

/** For who wants every signature verified. */
export const nothingProven = (): ProvenTokens => ({ has: () => false, add: () => {} });
