import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    exclude: ['tests/clients/**', 'tests/browser/**', 'tests/recipes/**'],
    testTimeout: 60_000,
  },
});
