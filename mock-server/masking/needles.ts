/** Finds any of many values in bytes, in one pass. */

/** A part of some bytes: from `start`, up to and without `end`. */
export interface Range {
  start: number;
  end: number;
}

export interface Needles {
  size: number;
  add(value: Buffer): void;
  find(bytes: Buffer): Range[];
}

/** Shorter ones would be found everywhere. */
export const SHORTEST_NEEDLE = 6;

const TABLE = 65_536;
const FEW = 16;

/** Four bytes select the few candidates that are compared: the pass costs the same for one needle as for a thousand. */
export function createNeedles(): Needles {
  // Few need no table, and most sets are of few.
  let possible: Uint8Array | undefined;
  const byStart = new Map<number, Buffer[]>();
  let size = 0;
  return {
    get size() {
      return size;
    },
    add: (value) => {
      if (value.length < SHORTEST_NEEDLE) return;
      const start = value.readInt32BE(0);
      const candidates = byStart.get(start) ?? [];
      if (candidates.some((candidate) => candidate.equals(value))) return;
      byStart.set(start, [...candidates, value]);
      size += 1;
      if (size === FEW) {
        possible = new Uint8Array(TABLE);
        for (const known of byStart.keys()) possible[slotOf(known)] = 1;
      } else if (possible) possible[slotOf(start)] = 1;
    },
    find: (bytes) => {
      const ranges: Range[] = [];
      if (size === 0) return ranges;
      let window = 0;
      for (let index = 0; index < bytes.length; index += 1) {
        window = (window << 8) | (bytes[index] as number);
        if (index < 3 || (possible && possible[slotOf(window)] === 0)) continue;
        for (const candidate of byStart.get(window) ?? []) {
          const start = index - 3;
          const end = start + candidate.length;
          if (end <= bytes.length && candidate.compare(bytes, start, end) === 0) ranges.push({ start, end });
        }
      }
      return ranges;
    },
  };
}

const slotOf = (window: number) => (window ^ (window >>> 16)) & (TABLE - 1);
