/** The default store: in this process, gone with it. */
import type { Clock } from '../clock.ts';
import { frozenCopy } from './frozen.ts';
import { createKeyOrder } from './key-order.ts';
import type { Collection, Keyed, Store, StoredValue } from './store.ts';

/** Says whether an instant, in milliseconds since the epoch, is here or past. */
type ExpiryClock = Pick<Clock, 'reached'>;

interface Entry<T> {
  value: T;
  expiresAt: number;
}

/** @param clock by which values expire. */
export function createMemoryStore(clock: ExpiryClock): Store {
  const collections = new Map<string, MemoryCollection>();
  const collectionOf = (name: string) => {
    const made = collections.get(name) ?? createCollection(clock);
    collections.set(name, made);
    return made;
  };
  const clear = async () => {
    for (const { clear } of collections.values()) clear();
  };
  return {
    collection: <T extends object>(name: string) => collectionOf(name).collection as unknown as Collection<T>,
    clear,
    save: async () =>
      [...collections].flatMap(([name, { save }]) => save().map((saved) => ({ collection: name, ...saved }))),
    restore: async (values) => {
      await clear();
      for (const { collection, key, value, expiresAt } of values) {
        await collectionOf(collection).collection.insert(key, value, expiresAt === undefined ? {} : { expiresAt });
      }
    },
  };
}

interface MemoryCollection {
  collection: Collection<object>;
  clear(): void;
  save(): Omit<StoredValue, 'collection'>[];
}

function createCollection({ reached }: ExpiryClock): MemoryCollection {
  const entries = new Map<string, Entry<object>>();
  const order = createKeyOrder(() => entries.keys());
  const drop = (key: string) => {
    if (entries.delete(key)) order.remove(key);
  };
  let sweepAt = 64;

  const living = (key: string) => {
    // A key may be a long token, which V8 copies to look it up.
    const entry = entries.size === 0 ? undefined : entries.get(key);
    // Not deleted for being looked at: the mock's time may be set back.
    // Nor is time asked for what has no end.
    return entry && (entry.expiresAt === Number.POSITIVE_INFINITY || !reached(entry.expiresAt)) ? entry : undefined;
  };
  // Twice the survivors of the last sweep: the cost per insertion is constant and expired values cannot pile up.
  const sweep = () => {
    for (const key of entries.keys()) if (!living(key)) drop(key);
    sweepAt = Math.max(64, entries.size * 2);
  };

  // Values are copied once on their way in and frozen, so that reading needs no copy; thousands of namespaces share the
  // same seed.
  const collection: Collection<object> = {
    get: async (key) => living(key)?.value,
    all: async () => {
      const values: object[] = [];
      for (const key of entries.keys()) {
        const entry = living(key);
        if (entry) values.push(entry.value);
      }
      return values;
    },
    insert: async (key, value, options = {}) => {
      if (living(key)) return false;
      if (entries.size >= sweepAt) sweep();
      // An expired value may still hold the key.
      if (!entries.has(key)) order.add(key);
      entries.set(key, { value: frozenCopy(value), expiresAt: options.expiresAt ?? Number.POSITIVE_INFINITY });
      return true;
    },
    replace: async (key, value, options = {}) => {
      const entry = living(key);
      if (!entry) return false;
      entry.value = frozenCopy(value);
      entry.expiresAt = options.expiresAt ?? entry.expiresAt;
      return true;
    },
    remove: async (key) => {
      const entry = living(key);
      drop(key);
      return entry?.value;
    },
    range: async ({ limit, ...bounds }) => {
      const found: Keyed<object>[] = [];
      for (const key of order.walk(bounds)) {
        if (found.length >= limit) break;
        const entry = living(key);
        if (entry) found.push({ key, value: entry.value });
      }
      return found;
    },
  };
  const save = () =>
    [...entries].map(([key, { value, expiresAt }]) => ({
      ...{ key, value },
      ...(expiresAt !== Number.POSITIVE_INFINITY && { expiresAt }),
    }));
  const clear = () => {
    entries.clear();
    order.clear();
  };
  return { collection, clear, save };
}
