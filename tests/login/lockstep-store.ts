/**
 * A store that keeps everybody waiting until nobody else comes, and then serves them in any order: whatever may happen
 * between two steps of one request, happens here between them for all.
 */
import { setImmediate } from 'node:timers/promises';
import type { Collection, Store } from '../../mock-server/index.ts';
import { memoryStoreBy } from '../support/memory-store.ts';
import { createRandom } from './random.ts';

/** Turns of the event loop without a newcomer: time enough for a request that is on its way to get here. */
const QUIET = 10;

/** @param seed same seed, same order */
export function createLockstepStore(now: () => number, seed: number): Store {
  const store = memoryStoreBy(now);
  const random = createRandom(seed);
  const waiting: (() => void)[] = [];
  let running = false;

  const serveAll = async () => {
    running = true;
    while (waiting.length > 0) {
      for (let [turns, known] = [0, waiting.length]; turns < QUIET; turns += 1) {
        await setImmediate();
        if (waiting.length > known) [turns, known] = [0, waiting.length];
      }
      const crowd = waiting.splice(0);
      while (crowd.length > 0) crowd.splice(random.below(crowd.length), 1)[0]?.();
    }
    running = false;
  };
  const inLockstep =
    <Args extends unknown[], Result>(act: (...args: Args) => Promise<Result>) =>
    (...args: Args): Promise<Result> =>
      new Promise((resolve) => {
        waiting.push(() => resolve(act(...args)));
        if (!running) void serveAll();
      });
  return {
    ...{ clear: store.clear, save: store.save, restore: store.restore },
    collection<T extends object>(name: string): Collection<T> {
      const { get, all, insert, replace, remove, range } = store.collection<T>(name);
      return {
        get: inLockstep(get),
        all: inLockstep(all),
        insert: inLockstep(insert),
        replace: inLockstep(replace),
        remove: inLockstep(remove),
        range: inLockstep(range),
      };
    },
  };
}
