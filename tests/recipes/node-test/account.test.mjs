import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { startMock } from 'sidetone';

let mock;
before(async () => {
  mock = await startMock();
});
beforeEach(() => mock.reset());
after(() => mock.close());

const account = () => {
  const { tokenId, token } = mock.credentials.sipgate;
  return fetch(`${mock.sipgate.baseUrl}/account`, {
    headers: { authorization: `Basic ${btoa(`${tokenId}:${token}`)}` },
  });
};

test('reads the account', async () => {
  assert.equal((await account()).status, 200);
});

test('sees an outage once', async () => {
  mock.fail({ answer: { status: 503 }, times: 1 });
  assert.deepEqual([(await account()).status, (await account()).status], [503, 200]);
  assert.equal(mock.requests({ operation: 'sipgate.getAccount' }).length, 2);
});
