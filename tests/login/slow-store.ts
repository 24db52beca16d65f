/** A store whose answers take their time, each another one: what a database across a network does to the order of things. */
import { setImmediate } from 'node:timers/promises';
import type { Collection, Store } from '../../mock-server/index.ts';
import { createMemoryStore } from '../../mock-server/store/memory.ts';
import { createRandom } from './random.ts';

/** @param seed same seed, same delays */
export function createSlowStore(now: () => number, seed: number): Store {
  const store = createMemoryStore(now);
  const random = createRandom(seed);
  const pause = async () => {
    for (let turns = random.below(4); turns > 0; turns -= 1) await setImmediate();
  };
  const slow =
    <Args extends unknown[], Result>(act: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      await pause();
      const result = await act(...args);
      await pause();
      return result;
    };
  return {
    ...{ clear: slow(store.clear), save: slow(store.save), restore: slow(store.restore) },
    collection<T extends object>(name: string): Collection<T> {
      const { get, all, insert, replace, remove, range } = store.collection<T>(name);
      return {
        ...{ get: slow(get), all: slow(all), range: slow(range) },
        ...{ insert: slow(insert), replace: slow(replace), remove: slow(remove) },
      };
    },
  };
}
