/** Values by name, the recently used ones: no more of them than a number and a size allow. */

export interface Recent<Value> {
  get(name: string): Value | undefined;
  /** @param size roughly, in bytes. */
  keep(name: string, value: Value, size: number): void;
  clear(): void;
  readonly count: number;
  /** Bytes of what is kept, as far as they were told. */
  readonly size: number;
}

export interface RecentBounds {
  count: number;
  /** Bytes. */
  size: number;
}

interface Kept<Value> {
  value: Value;
  size: number;
}

interface Generation<Value> {
  entries: Map<string, Kept<Value>>;
  size: number;
}

/**
 * Two generations: what is used in the older one moves to the younger, and when the younger has half of what is allowed,
 * the older one goes. So nothing has to be sorted, and a value that is used costs one look.
 */
export function createRecent<Value>(bounds: RecentBounds): Recent<Value> {
  const empty = (): Generation<Value> => ({ entries: new Map(), size: 0 });
  let [young, old] = [empty(), empty()];

  const take = ({ entries }: Generation<Value>, name: string) => {
    const kept = entries.get(name);
    return kept && entries.delete(name) ? kept : undefined;
  };
  const forget = (name: string) => {
    young.size -= take(young, name)?.size ?? 0;
    old.size -= take(old, name)?.size ?? 0;
  };
  const put = (name: string, kept: Kept<Value>) => {
    const full = (young.entries.size + 1) * 2 > bounds.count || (young.size + kept.size) * 2 > bounds.size;
    if (full) [young, old] = [empty(), young];
    young.size += kept.size;
    young.entries.set(name, kept);
  };
  return {
    get: (name) => {
      const known = young.entries.get(name);
      if (known) return known.value;
      const older = take(old, name);
      if (!older) return undefined;
      old.size -= older.size;
      put(name, older);
      return older.value;
    },
    keep: (name, value, size) => {
      // What is too large for half of the room would push out everything else.
      forget(name);
      if (size * 2 <= bounds.size) put(name, { value, size });
    },
    clear: () => {
      [young, old] = [empty(), empty()];
    },
    get count() {
      return young.entries.size + old.entries.size;
    },
    get size() {
      return young.size + old.size;
    },
  };
}
