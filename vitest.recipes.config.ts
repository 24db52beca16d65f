import { defineConfig } from 'vitest/config';

/** The fake beside other test runners: these are installed on first use. */
export default defineConfig({
  test: { include: ['tests/recipes/*.test.ts'], testTimeout: 300_000, hookTimeout: 300_000 },
});
