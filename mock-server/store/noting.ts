/** A store that tells of every value that goes in, and of every change. */
import type { Collection, Store } from './store.ts';

export function notingStore(store: Store, note: (value: object) => void, changes: () => void): Store {
  return {
    save: () => store.save(),
    clear: () => {
      changes();
      return store.clear();
    },
    restore: (values) => {
      changes();
      for (const { value } of values) note(value);
      return store.restore(values);
    },
    collection: <T extends object>(name: string): Collection<T> => {
      const inner = store.collection<T>(name);
      return {
        ...{ get: (key) => inner.get(key), all: () => inner.all() },
        range: (wanted) => inner.range(wanted),
        remove: (key) => {
          changes();
          return inner.remove(key);
        },
        insert: (key, value, options) => {
          changes();
          note(value);
          return inner.insert(key, value, options);
        },
        replace: (key, value, options) => {
          changes();
          note(value);
          return inner.replace(key, value, options);
        },
      };
    },
  };
}
