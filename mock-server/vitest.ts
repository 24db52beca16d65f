/**
 * A fixture for vitest: each test has a namespace of its own, with its own clients, tokens, clock, faults and journal.
 *
 * @example
 * import { test } from 'sidetone/vitest';
 * test('asks again after a 503', async ({ sidetone }) => {
 *   sidetone.fail({ answer: { status: 503 }, times: 1 });
 *   await myProgram(sidetone.sipgate.baseUrl);
 * });
 */
import { test as base, type TestAPI } from 'vitest';
import { type Exchange, type Mock, type MockNamespace, type MockOptions, startMock } from './index.ts';

export interface SidetoneFixtures {
  /** The namespace of this test. The test fails if the fake answers 5xx unasked: injected ones are asked for. */
  sidetone: MockNamespace;
}

/** As `test` of vitest, with the fixture; one fake for each test file. */
export function createTest(options: MockOptions = {}): TestAPI<SidetoneFixtures> {
  const failures = new Map<string, Exchange[]>();
  let made = 0;
  const onExchange = (exchange: Exchange) => {
    if (exchange.status >= 500 && exchange.fault === undefined) failures.get(exchange.namespace)?.push(exchange);
    options.onExchange?.(exchange);
  };
  const withServer = base.extend<{ sidetoneServer: Mock }>({
    sidetoneServer: [
      // biome-ignore lint/correctness/noEmptyPattern: vitest reads from it that nothing else is needed
      async ({}, use) => {
        await using mock = await startMock({ ...options, onExchange });
        await use(mock);
      },
      { scope: 'file' },
    ],
  });
  return withServer.extend<SidetoneFixtures>({
    sidetone: async ({ sidetoneServer }: { sidetoneServer: Mock }, use: (value: MockNamespace) => Promise<void>) => {
      made += 1;
      const name = `test-${made}`;
      failures.set(name, []);
      const namespace = await sidetoneServer.namespace(name);
      await use(namespace);
      await namespace.close();
      const unasked = failures.get(name) ?? [];
      failures.delete(name);
      if (unasked.length > 0) throw new Error(`the fake answered ${unasked.map(sentence).join('; ')}`);
    },
  }) as unknown as TestAPI<SidetoneFixtures>;
}

const sentence = ({ status, method, path, reason }: Exchange) =>
  `${status} to ${method} ${path} (${reason ?? 'no reason'})`;

export const test: TestAPI<SidetoneFixtures> = createTest();
