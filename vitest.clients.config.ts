import { defineConfig } from 'vitest/config';

/** Other people's client libraries, and programs in other languages: they need curl, python3, ruby, go and a JDK on the machine. */
export default defineConfig({
  test: {
    include: ['tests/clients/**/*.test.ts'],
    globalSetup: ['tests/clients/python-home.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
  },
});
