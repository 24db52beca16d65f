/** Every check is proven by failing: each against at least one server with a deliberate defect. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Defect, startBrokenServer } from '../../contracts/broken-server.ts';
import { createClient } from '../../contracts/client.ts';
import { defects } from '../../contracts/defects/index.ts';
import { loadContractDocument } from '../../contracts/document.ts';
import { checks } from '../../contracts/index.ts';
import { runCheck } from '../../contracts/run-check.ts';
import { createSession } from '../../contracts/session.ts';
import { type Mock, startMock } from '../../mock-server/index.ts';
import { targetOf } from '../support/mock-target.ts';

const document = loadContractDocument();
let mock: Mock;

beforeAll(async () => {
  mock = await startMock();
});
afterEach(() => mock.reset());
afterAll(() => mock.close());

async function verdictsUnder(defect: Defect) {
  const broken = await startBrokenServer(mock.url, defect);
  try {
    const target = targetOf(mock, broken.url);
    const unknown = defect.catches.filter((id) => !checks.some((check) => check.id === id));
    if (unknown.length > 0) throw new Error(`no check "${unknown[0]}"`);
    const asked = checks.filter(({ id }) => defect.whole || defect.catches.includes(id));
    const sessionOf = (maxRequests: number) =>
      createSession(target, document, createClient({ maxRequests, secrets: [] }));
    const shared = sessionOf(10_000);
    const verdicts = [];
    for (const check of asked) verdicts.push(await runCheck(check, defect.whole ? shared : sessionOf(100)));
    return verdicts.filter(({ check }) => defect.catches.includes(check.id));
  } finally {
    await broken.close();
  }
}

describe('a server with a defect is caught', () => {
  test.each(defects)('$title', { timeout: 300_000 }, async (defect) => {
    for (const { check, outcome, reason } of await verdictsUnder(defect)) {
      expect({ id: check.id, outcome, reason }).toMatchObject({ id: check.id, outcome: 'failed' });
      // A check that never came to its own question proves nothing.
      expect(reason).not.toMatch(/^prerequisite/);
    }
  });
});

test('no check is without a defect that it catches', () => {
  const proven = new Set(defects.flatMap(({ catches }) => catches));
  expect(checks.map(({ id }) => id).filter((id) => !proven.has(id))).toEqual([]);
});

test('check ids are unique', () => {
  const ids = checks.map(({ id }) => id);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
});
