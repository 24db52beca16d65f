/** Finds any of thousands of values in a text of bytes, in one pass. */

/** A part of a text: from `start`, up to and without `end`. */
export interface Range {
  start: number;
  end: number;
}

/** A range that stands for a secret, by its number. */
export interface Hit extends Range {
  secret: number;
}

export interface Needles {
  /** @param secret number of the secret that the value gives away. */
  add(value: string, secret: number): void;
  /** @param onRun told of each run that may be Base64, Base64url or hexadecimal, and is long enough to hold a value. */
  find(text: string, onRun: (start: number, end: number) => void): Hit[];
}

/** Shorter ones would be found everywhere. */
export const SHORTEST = 4;

/** A password that is a word, such as `sidetone`, is none where it is a part of a longer name: `x-sidetone-reason`. */
const WORD = /^[a-z]{4,11}$/i;
const IN_WORD = /[\w.-]/;

const BITS = 20;
const slotOf = (window: number) => Math.imul(window, 0x9e3779b1) >>> (32 - BITS);
const ALPHABET = new Uint8Array(256);
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_') {
  ALPHABET[character.charCodeAt(0)] = 1;
}

interface Needle {
  value: string;
  secret: number;
  isWord: boolean;
  /** Where in the value the four characters stand that select it. */
  offset: number;
}

/**
 * Four characters select the few candidates that are compared. They are taken from the value's beginning, middle or end,
 * wherever fewest others have the same: tokens of one issuer begin alike.
 */
export function createNeedles(): Needles {
  const possible = new Uint32Array(2 ** (BITS - 5));
  const byWindow = new Map<number, Needle[]>();
  let shortestRun = Number.POSITIVE_INFINITY;
  return {
    add: (value, secret) => {
      // Base64 without padding.
      shortestRun = Math.min(shortestRun, Math.ceil((value.length * 4) / 3));
      const offsets = [0, (value.length - SHORTEST) >> 1, value.length - SHORTEST];
      const crowd = (offset: number) => byWindow.get(windowAt(value, offset))?.length ?? 0;
      const offset = offsets.reduce((best, other) => (crowd(other) < crowd(best) ? other : best));
      const window = windowAt(value, offset);
      const slot = slotOf(window);
      possible[slot >>> 5] = (possible[slot >>> 5] as number) | (1 << (slot & 31));
      const candidates = byWindow.get(window) ?? [];
      candidates.push({ value, secret, isWord: WORD.test(value), offset });
      byWindow.set(window, candidates);
    },
    find: (text, onRun) => {
      const hits: Hit[] = [];
      let [window, runStart] = [0, 0];
      for (let index = 0; index < text.length; index += 1) {
        const code = text.charCodeAt(index);
        if (ALPHABET[code] === 0) {
          if (index - runStart >= shortestRun) onRun(runStart, index);
          runStart = index + 1;
        }
        window = (window << 8) | code;
        if (index < SHORTEST - 1) continue;
        const slot = slotOf(window);
        if (((possible[slot >>> 5] as number) & (1 << (slot & 31))) === 0) continue;
        for (const needle of byWindow.get(window) ?? []) {
          const start = index - (SHORTEST - 1) - needle.offset;
          if (isAt(text, start, needle)) hits.push({ start, end: start + needle.value.length, secret: needle.secret });
        }
      }
      if (text.length - runStart >= shortestRun) onRun(runStart, text.length);
      return hits;
    },
  };
}

function isAt(text: string, start: number, { value, isWord }: Needle): boolean {
  if (start < 0 || !text.startsWith(value, start)) return false;
  return !isWord || !(IN_WORD.test(text[start - 1] ?? ' ') || IN_WORD.test(text[start + value.length] ?? ' '));
}

/** The four characters there, which are bytes, as one number. */
function windowAt(text: string, index: number): number {
  let window = 0;
  for (let next = index; next < index + SHORTEST; next += 1) window = (window << 8) | text.charCodeAt(next);
  return window;
}
