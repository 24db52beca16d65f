/** The keys of a collection in the order of their UTF-8 bytes, kept from the first time that anybody asks for it. */
import type { KeyRange } from './store.ts';

export interface KeyOrder {
  add(key: string): void;
  remove(key: string): void;
  clear(): void;
  /** Keys between the bounds, both left out. */
  walk(bounds: Omit<KeyRange, 'limit'>): Generator<string>;
}

/** Up to so many new keys are put into their places one by one; more are sorted in. */
const FEW = 32;

/** @param keys every key there is: read once, at the first walk. Most collections are never walked. */
export function createKeyOrder(keys: () => Iterable<string>): KeyOrder {
  let sorted: string[] | undefined;
  let added: string[] = [];

  const settle = (): string[] => {
    if (!sorted || added.length > FEW) sorted = [...(sorted ? [...sorted, ...added] : keys())].sort(compareKeys);
    else for (const key of added) sorted.splice(firstAtLeast(sorted, key), 0, key);
    added = [];
    return sorted;
  };
  return {
    add: (key) => {
      if (sorted) added.push(key);
    },
    remove: (key) => {
      if (!sorted) return;
      settle();
      const place = firstAtLeast(sorted, key);
      if (sorted[place] === key) sorted.splice(place, 1);
    },
    clear: () => {
      sorted = undefined;
      added = [];
    },
    *walk({ after, before, reverse = false }) {
      const all = settle();
      const from =
        after === undefined ? 0 : firstAtLeast(all, after) + (all[firstAtLeast(all, after)] === after ? 1 : 0);
      const end = before === undefined ? all.length : firstAtLeast(all, before);
      for (let step = 0; step < end - from; step += 1) yield all[reverse ? end - 1 - step : from + step] as string;
    },
  };
}

/** Index of the first key that is not in front of this one. */
function firstAtLeast(sorted: string[], key: string): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareKeys(sorted[middle] as string, key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** UTF-16 puts surrogates (astral characters) in front of U+E000 to U+FFFF; UTF-8 puts them behind. */
function compareKeys(one: string, other: string): number {
  if (one === other) return 0;
  for (let index = 0; index < Math.min(one.length, other.length); index += 1) {
    const [left, right] = [one.charCodeAt(index), other.charCodeAt(index)];
    if (left !== right) return byteOrder(left) - byteOrder(right);
  }
  return one.length - other.length;
}

const byteOrder = (unit: number) => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);
