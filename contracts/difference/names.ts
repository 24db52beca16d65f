/** Names for values that two servers make up, given in order of appearance: the same story has the same names. */

export interface Names {
  /** `<sid 1>` for the first sid that was met, and again whenever it is met. */
  of(kind: string, value: string): string;
}

export function createNames(): Names {
  const known = new Map<string, string>();
  const counts = new Map<string, number>();
  return {
    of(kind, value) {
      const key = `${kind} ${value}`;
      const before = known.get(key);
      if (before !== undefined) return before;
      const count = (counts.get(kind) ?? 0) + 1;
      counts.set(kind, count);
      known.set(key, `<${kind} ${count}>`);
      return `<${kind} ${count}>`;
    },
  };
}
