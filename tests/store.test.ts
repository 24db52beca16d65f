import { defineStoreSuite } from './store.suite.ts';
import { memoryStoreBy } from './support/memory-store.ts';

defineStoreSuite('memory', memoryStoreBy);
