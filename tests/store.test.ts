import { createMemoryStore } from '../mock-server/store/memory.ts';
import { defineStoreSuite } from './store.suite.ts';

defineStoreSuite('memory', (now) => createMemoryStore({ reached: (instant) => now() >= instant }));
