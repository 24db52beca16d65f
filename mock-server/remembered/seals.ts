/** Pairs of a text and a key that belong together, the recent ones of any number of them, in a room that does not grow. */
import { hash, randomFillSync } from 'node:crypto';

/** What tells a pair from every other one. */
export type Seal = readonly [number, number, number, number];

export interface Seals {
  sealOf(text: string, key: object): Seal;
  has(seal: Seal): boolean;
  /** What had its place before is forgotten. */
  add(seal: Seal): void;
}

/** Half a megabyte, of which only what was ever used is taken. */
const PLACES = 32_768;

export function createSeals(): Seals {
  const seals = new Uint32Array(4 * PLACES);
  const marks = new WeakMap<object, Uint32Array>();
  const markOf = (key: object): Uint32Array => {
    const mark = marks.get(key) ?? randomFillSync(new Uint32Array(4));
    marks.set(key, mark);
    return mark;
  };
  const placeOf = ([first]: Seal) => (first % PLACES) * 4;
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
      const place = placeOf(seal);
      return seal.every((word, index) => seals[place + index] === word);
    },
    add: (seal) => seals.set(seal, placeOf(seal)),
  };
}
