/** Checks that are read from openapi.yaml name what they found: the scope, the method, the member. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Defect, startBrokenServer } from '../../contracts/broken-server.ts';
import { createClient } from '../../contracts/client.ts';
import { loadContractDocument } from '../../contracts/document.ts';
import { checks } from '../../contracts/index.ts';
import { runCheck } from '../../contracts/run-check.ts';
import { createSession } from '../../contracts/session.ts';
import { type Mock, startMock } from '../../mock-server/index.ts';
import { targetOf } from '../support/mock-target.ts';

let mock: Mock;
beforeAll(async () => {
  mock = await startMock();
});
afterAll(() => mock.close());

/** What one check says of a server with a defect. */
async function verdictUnder(id: string, defect: Pick<Defect, 'request' | 'instead' | 'answer'>) {
  const broken = await startBrokenServer(mock.url, defect);
  try {
    const check = checks.find((candidate) => candidate.id === id);
    if (!check) throw new Error(`no check "${id}"`);
    const client = createClient({ maxRequests: 100, secrets: [] });
    return await runCheck(check, createSession(targetOf(mock, broken.url), loadContractDocument(), client));
  } finally {
    await broken.close();
  }
}

const scopesOf = (authorization = '') =>
  String(JSON.parse(Buffer.from(authorization.split('.')[1] ?? '', 'base64url').toString() || '{}').scope);

test('a scope that opens what it should not is named, though it was asked among a hundred', async () => {
  const verdict = await verdictUnder('sipgate.SCP-without-getBalance', {
    answer: (answer, { headers, path }) => {
      const scopes = path === '/v2/balance' ? scopesOf(headers.authorization?.[0]).split(' ') : [];
      if (scopes.includes('payment:methods:read')) answer.status = 200;
    },
  });
  expect(verdict.outcome).toBe('failed');
  expect(verdict.reason).toContain('it opens to: payment:methods:read');
});

test('a method that is answered otherwise is named', async () => {
  const verdict = await verdictUnder('sipgate.MTH-unsafe-getBalance', {
    answer: (answer, { method }) => {
      if (method === 'PATCH') answer.status = 404;
    },
  });
  expect(verdict).toMatchObject({ outcome: 'failed', reason: 'PATCH /v2/balance -> 404: expected status 405' });
});
