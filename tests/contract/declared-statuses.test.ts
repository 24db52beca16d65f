/** What a run never saw is told, what it saw against the list too, and nothing after a part of a run. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClient } from '../../contracts/client.ts';
import { loadContractDocument } from '../../contracts/document.ts';
import { declaredStatusChecks } from '../../contracts/generated/declared-statuses.ts';
import { checks } from '../../contracts/index.ts';
import { runCheck } from '../../contracts/run-check.ts';
import { createSession } from '../../contracts/session.ts';
import { type UnreachableStatus, unreachableStatuses } from '../../contracts/unreachable.ts';
import { type Mock, startMock } from '../../mock-server/index.ts';
import { targetOf } from '../support/mock-target.ts';

const document = loadContractDocument();
let mock: Mock;
beforeAll(async () => {
  mock = await startMock();
});
afterAll(() => mock.close());

/** The verdict on GET /v2/account after these checks, which are all that there are. */
async function verdictAfter(ids: string[], unreachable: UnreachableStatus[] = [], run: string[] = ids) {
  const others = checks.filter(({ id }) => ids.includes(id));
  const session = createSession(targetOf(mock), document, createClient({ maxRequests: 100, secrets: [] }));
  for (const check of others.filter(({ id }) => run.includes(id))) await runCheck(check, session);
  const [check] = declaredStatusChecks([...document.operations.values()], others, unreachable);
  if (!check) throw new Error('no check');
  return runCheck(check, session);
}

const READ = 'sipgate.SCP-super-getAccount';
const REFUSED = 'sipgate.SEC-none-getAccount';
const FORBIDDEN = 'sipgate.SCP-none-getAccount';
const entry = (status: string) => ({ operation: 'sipgate.getAccount', status, reason: 'for this test' });

test('all seen: passed', async () => {
  expect(await verdictAfter([READ, REFUSED, FORBIDDEN])).toMatchObject({ outcome: 'passed' });
});

test('a status that was never seen is named', async () => {
  const verdict = await verdictAfter([READ, REFUSED]);
  expect(verdict).toMatchObject({ outcome: 'failed', reason: 'never answered with 403, which is declared' });
});

test('a status on the list of what cannot be reached need not be seen', async () => {
  expect(await verdictAfter([READ, REFUSED], [entry('403')])).toMatchObject({ outcome: 'passed' });
});

test('an entry of that list that is seen all the same is stale, and fails', async () => {
  const verdict = await verdictAfter([READ, REFUSED, FORBIDDEN], [entry('403')]);
  expect(verdict).toMatchObject({ outcome: 'failed', reason: '403 was seen, though listed as unreachable' });
});

test('after a part of a run nothing is said: not run, by policy, with the reason', async () => {
  const verdict = await verdictAfter([READ, REFUSED, FORBIDDEN], [], [READ, REFUSED]);
  expect(verdict).toMatchObject({ outcome: 'not-run', cause: 'policy' });
  expect(verdict.reason).toContain('1 of 3 checks were not asked, such as sipgate.SCP-none-getAccount');
});

test('the list of what cannot be reached names declared statuses alone', () => {
  const declared = ({ operation, status }: UnreachableStatus) =>
    status in (document.operations.get(operation)?.responses ?? {});
  expect(unreachableStatuses.filter((listed) => !declared(listed))).toEqual([]);
});
