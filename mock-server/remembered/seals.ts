/** Pairs of a text and a key that belong together, the recent ones of any number of them, in a room that does not grow. */
import { hash, randomFillSync } from 'node:crypto';

/** What tells a pair from every other one. */
export type Seal = readonly [number, number, number, number];

export interface Seals {
  sealOf(text: string, key: object): Seal;
  has(seal: Seal): boolean;
  /** Of those that belong where it does, the one that was longest not asked for is forgotten. */
  add(seal: Seal): void;
}

/** In all half a megabyte, of which only what was ever used is taken. */
const SHELVES = 8_192;
/** Seals on a shelf: the one that was added or asked for last is the first. */
const PLACES = 4;
const WORDS = 4;

export function createSeals(): Seals {
  const seals = new Uint32Array(SHELVES * PLACES * WORDS);
  const marks = new WeakMap<object, Uint32Array>();
  const markOf = (key: object): Uint32Array => {
    const known = marks.get(key);
    if (known) return known;
    const mark = randomFillSync(new Uint32Array(4));
    marks.set(key, mark);
    return mark;
  };
  const shelfOf = ([first]: Seal) => (first % SHELVES) * PLACES * WORDS;
  const isAt = (place: number, [first, second, third, fourth]: Seal) =>
    seals[place] === first && seals[place + 1] === second && seals[place + 2] === third && seals[place + 3] === fourth;
  /** @param nth place that becomes free. */
  const putFirst = (shelf: number, nth: number, seal: Seal) => {
    seals.copyWithin(shelf + WORDS, shelf, shelf + nth * WORDS);
    seals.set(seal, shelf);
  };
  return {
    sealOf: (text, key) => {
      // Each character of it is a byte: made and read more quickly than a buffer.
      const digest = hash('sha256', text, 'latin1');
      const mark = markOf(key);
      const word = (index: number) => {
        const at = 4 * index;
        const [one, two] = [digest.charCodeAt(at), digest.charCodeAt(at + 1)];
        const [three, four] = [digest.charCodeAt(at + 2), digest.charCodeAt(at + 3)];
        return ((one | (two << 8) | (three << 16) | (four << 24)) ^ (mark[index] as number)) >>> 0;
      };
      return [word(0), word(1), word(2), word(3)];
    },
    has: (seal) => {
      const shelf = shelfOf(seal);
      for (let nth = 0; nth < PLACES; nth += 1) {
        if (!isAt(shelf + nth * WORDS, seal)) continue;
        if (nth > 0) putFirst(shelf, nth, seal);
        return true;
      }
      return false;
    },
    add: (seal) => putFirst(shelfOf(seal), PLACES - 1, seal),
  };
}
