/** A store that tells of every value that goes in. */
import type { Collection, Store } from './store.ts';

export function notingStore(store: Store, note: (value: object) => void): Store {
  return {
    ...{ clear: () => store.clear(), save: () => store.save() },
    restore: (values) => {
      for (const { value } of values) note(value);
      return store.restore(values);
    },
    collection: <T extends object>(name: string): Collection<T> => {
      const inner = store.collection<T>(name);
      return {
        ...{ get: (key) => inner.get(key), all: () => inner.all(), remove: (key) => inner.remove(key) },
        range: (wanted) => inner.range(wanted),
        insert: (key, value, options) => {
          note(value);
          return inner.insert(key, value, options);
        },
        replace: (key, value, options) => {
          note(value);
          return inner.replace(key, value, options);
        },
      };
    },
  };
}
