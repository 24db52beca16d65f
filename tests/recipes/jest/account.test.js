// Run by: sidetone exec -- npx jest
const { SIDETONE_URL, SIPGATE_TOKEN_ID, SIPGATE_TOKEN } = process.env;
// Each worker its own namespace: test files run at the same time.
const base = `${SIDETONE_URL}/~jest-${process.env.JEST_WORKER_ID}`;
const post = (path, body) =>
  fetch(`${base}/__admin${path}`, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
    body: JSON.stringify(body),
  });
const account = () => {
  const authorization = `Basic ${btoa(`${SIPGATE_TOKEN_ID}:${SIPGATE_TOKEN}`)}`;
  return fetch(`${base}/v2/account`, { headers: { authorization } });
};

beforeEach(() => post('/reset'));

test('reads the account', async () => {
  expect((await account()).status).toBe(200);
});

test('sees an outage once', async () => {
  await post('/faults', { answer: { status: 503 }, times: 1 });
  expect([(await account()).status, (await account()).status]).toEqual([503, 200]);
  const count = await fetch(`${base}/__admin/requests/count?operation=sipgate.getAccount`);
  expect(await count.json()).toEqual({ count: 2 });
});
