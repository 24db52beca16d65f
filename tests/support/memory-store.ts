import type { Store } from '../../mock-server/index.ts';
import { createMemoryStore } from '../../mock-server/store/memory.ts';

/** The default store, by the time alone that a driver of somebody else's is given. */
export const memoryStoreBy = (now: () => number): Store =>
  createMemoryStore({ reached: (instant) => now() >= instant });
