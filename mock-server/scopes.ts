/** Names in a `scope` text (RFC 6749 §3.3). */
import { createRecent } from './remembered/recent.ts';

// Of few texts there are many tokens, and a text may name some sixty scopes. The lists are kept by the journal too.
const known = createRecent<string[]>({ count: 200, size: 1_000_000 });

/** Frozen, and for the same text mostly the same list. */
export function scopeNames(text: string): string[] {
  const before = known.get(text);
  if (before) return before;
  const names = Object.freeze(text.split(' ').filter((name) => name !== '')) as string[];
  known.keep(text, names, text.length * 4);
  return names;
}
