// Run by: sidetone exec -- npx playwright test
const { expect, test } = require('@playwright/test');
const { SIDETONE_URL, SIPGATE_TOKEN_ID, SIPGATE_TOKEN } = process.env;
// Each worker its own namespace.
const base = () => `${SIDETONE_URL}/~playwright-${test.info().parallelIndex}`;
const authorization = `Basic ${btoa(`${SIPGATE_TOKEN_ID}:${SIPGATE_TOKEN}`)}`;
const account = (request) => request.get(`${base()}/v2/account`, { headers: { authorization } });

test.beforeEach(async ({ request }) => {
  await request.post(`${base()}/__admin/reset`);
});

test('reads the account', async ({ request }) => {
  expect((await account(request)).status()).toBe(200);
});

test('sees an outage once', async ({ request }) => {
  await request.post(`${base()}/__admin/faults`, { data: { answer: { status: 503 }, times: 1 } });
  expect([(await account(request)).status(), (await account(request)).status()]).toEqual([503, 200]);
  const count = await request.get(`${base()}/__admin/requests/count?operation=sipgate.getAccount`);
  expect(await count.json()).toEqual({ count: 2 });
});
