import { defineConfig } from 'vitest/config';

/** Programs in other languages: they need curl, python3 and ruby on the machine. */
export default defineConfig({
  test: { include: ['tests/clients/**/*.test.ts'], testTimeout: 60_000 },
});
