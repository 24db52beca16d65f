import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    exclude: ['tests/clients/**', 'tests/browser/**', 'tests/recipes/**'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // What is waited for comes in a moment, but not on a machine that has other things to do.
    expect: { poll: { timeout: 20_000 } },
  },
});
