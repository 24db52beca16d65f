/** Finds secrets in a text, in every encoding and in encodings within encodings. */
import { type Decoded, decodedRun, percentDecodings, unescaped, wordsWith } from './encodings.ts';
import { createNeedles, type Hit } from './needles.ts';

export interface Search {
  /** A value of bytes, see `bytesOf`. */
  add(value: string, secret: number): void;
  /** In no order; they may touch each other. */
  find(text: string): Hit[];
}

/** Such as a JWT's part in Base64 in a percent-encoded form in JSON. */
const DEPTH = 4;

/** A JWT is a credential whoever signed it. `eyJ` is what `{"` begins with in Base64url. */
const JWT = /eyJ[\w-]{8,}(?:\.[\w-]*)*/g;

/** @param secretOf number of a token that was found by its form. */
export function createSearch(secretOf: (token: string) => number): Search {
  const needles = createNeedles();
  const characters = new Set<string>();
  /** What was found in words and runs, by depth: most of them come again. */
  let found: Map<string, Hit[]>[] = [];

  const remembered = (text: string, depth: number, decode: (text: string) => Decoded[]): Hit[] => {
    found[depth] ??= new Map();
    const before = found[depth].get(text);
    if (before) return before;
    const hits = behind(decode(text), depth);
    found[depth].set(text, hits);
    return hits;
  };
  const behind = (all: Decoded[], depth: number): Hit[] =>
    all.flatMap(({ text, origin }) => find(text, depth - 1).map((hit) => ({ ...origin(hit), secret: hit.secret })));

  const find = (text: string, depth: number): Hit[] => {
    if (!text.includes('eyJ')) return findBeside(text, depth);
    const hits: Hit[] = [];
    let from = 0;
    const beside = (end: number) => {
      for (const hit of findBeside(text.slice(from, end), depth)) hits.push(moved(hit, from));
    };
    for (const { index, 0: token } of text.matchAll(JWT)) {
      beside(index);
      from = index + token.length;
      hits.push({ start: index, end: from, secret: secretOf(token) });
    }
    beside(text.length);
    return hits;
  };

  /** In a text that has no JWT. */
  const findBeside = (text: string, depth: number): Hit[] => {
    const encoded: Hit[] = [];
    const hits = needles.find(text, (start, end) => {
      if (depth === 0) return;
      for (const hit of remembered(text.slice(start, end), depth, decodedRun)) {
        encoded.push(withPadding(text, moved(hit, start)));
      }
    });
    if (depth === 0) return hits;
    for (const { start, end } of wordsWith(text, characters)) {
      const decode = (word: string) => percentDecodings(word, characters);
      for (const hit of remembered(text.slice(start, end), depth, decode)) encoded.push(moved(hit, start));
    }
    return [...hits, ...encoded, ...behind(unescaped(text, characters), depth)];
  };

  return {
    add: (value, secret) => {
      found = [];
      for (const character of value) characters.add(character);
      needles.add(value, secret);
    },
    find: (text) => find(text, DEPTH),
  };
}

const moved = ({ start, end, secret }: Hit, by: number): Hit => ({ start: start + by, end: end + by, secret });

function withPadding(text: string, { start, end, secret }: Hit): Hit {
  let after = end;
  while (text[after] === '=') after += 1;
  return { start, end: after, secret };
}
