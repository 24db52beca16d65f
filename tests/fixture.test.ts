/** The fixture for vitest, used as its users use it. */
import { afterAll, describe, expect, vi } from 'vitest';
import { createTest, test } from '../mock-server/vitest.ts';
import { basic } from './support/ask.ts';
import { memoryStoreBy } from './support/memory-store.ts';

const seen: string[] = [];
afterAll(() => expect(new Set(seen).size).toBe(3));

const ask = ({ sipgate, credentials }: { sipgate: { baseUrl: string }; credentials: { sipgate: object } }) => {
  const { tokenId = '', token = '' } = credentials.sipgate as { tokenId?: string; token?: string };
  return fetch(`${sipgate.baseUrl}/account`, { headers: { authorization: basic(tokenId, token) } });
};

describe('each test has a world of its own', () => {
  test('one moves its clock and breaks its account', async ({ sidetone }) => {
    seen.push(sidetone.url);
    sidetone.clock.set('2030-01-01T00:00:00Z');
    sidetone.fail({ answer: { status: 503 } });
    expect((await ask(sidetone)).status).toBe(503);
  });
  test.for([1, 2])('the next sees nothing of it (%i)', async (_round, { sidetone }) => {
    seen.push(sidetone.url);
    expect((await ask(sidetone)).status).toBe(200);
    expect(sidetone.requests()).toHaveLength(1);
    expect(Math.abs(sidetone.clock.now() - Date.now())).toBeLessThan(60_000);
  });
  test('a test without it starts nothing', () => {});
});

/** A store that breaks, so that the fake answers 500. */
const broken = createTest({
  store: (now) => {
    const inner = memoryStoreBy(now);
    return {
      ...inner,
      collection: (name) =>
        name === 'sipgate.personalAccessTokens'
          ? { ...inner.collection(name), get: () => Promise.reject(new Error('disk on fire')) }
          : inner.collection(name),
    };
  },
});

broken.fails(
  'a 5xx that nobody asked for fails the test, though the test itself does not look',
  async ({ sidetone }) => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    await ask(sidetone);
  },
);
