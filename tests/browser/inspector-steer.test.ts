/** Steering the fake from the inspector: tokens, secrets, time, faults, state, namespaces. */
import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { basic, bearer, demoPat } from '../support/ask.ts';
import { inspect, line } from './inspector.ts';
import { useStage } from './stage.ts';

const stage = useStage();

const status = async (authorization: string, path = '/v2/account', url = stage.mock.url) =>
  (await fetch(`${url}${path}`, { headers: { authorization } })).status;
const CLIPBOARD = { permissions: ['clipboard-read', 'clipboard-write'] };

test('a token is minted with chosen scopes and life, and used', async () => {
  const page = await inspect(stage, 'tokens', CLIPBOARD);
  await page.getByLabel('Client that the token is for').selectOption({ index: 0 });
  await page.getByLabel('Life in seconds').fill('115');
  await page.getByLabel('account:read', { exact: true }).check();
  await page.getByRole('button', { name: 'Mint' }).click();
  const card = page.locator('.token').first();
  await card.getByText(/^1 min \d+ s left$/).waitFor();
  await card.getByRole('button', { name: 'Copy' }).click();
  await card.getByRole('button', { name: 'Copied' }).waitFor();
  const token = await page.evaluate<string>('navigator.clipboard.readText()');
  expect([await status(bearer(token)), await status(bearer(token), '/v2/users')]).toEqual([200, 403]);
  await card.getByRole('link', { name: 'Try it' }).click();
  await page.getByRole('button', { name: 'Send' }).click();
  await page.locator('#result').getByText('Müller & Söhne GmbH').waitFor();
  await page.getByRole('link', { name: 'Tokens' }).click();
  await page.locator('.token').first().getByRole('button', { name: 'Revoke' }).click();
  await page.getByText('Revoked.').waitFor();
  expect(await status(bearer(token))).toBe(401);
  expect(page.complaints).toEqual([]);
});

test('the clock goes on by an hour and a token is seen to die', async () => {
  const { accessToken } = await stage.mock.mintToken('sipgate', { expiresIn: 600 });
  const page = await inspect(stage, 'time');
  expect(await status(bearer(accessToken))).toBe(200);
  await page.getByRole('button', { name: '+1 h' }).click();
  await page.getByText('Runs, 1 h ahead of real time.').waitFor();
  expect(await status(bearer(accessToken))).toBe(401);
  await page.getByRole('link', { name: 'Live' }).click();
  await line(page, /the token expired \d+ s ago/).waitFor();
  await page.getByRole('link', { name: 'Time & faults' }).click();
  await page.getByRole('button', { name: 'Freeze' }).click();
  // From then on real time comes nearer.
  await page.getByText(/^Frozen, (?:1 h|59 min) /).waitFor();
  expect(stage.mock.clock.state().frozen).toBe(true);
  await page.getByRole('button', { name: 'Reset' }).click();
  await page.getByText('Runs, at real time.').waitFor();
});

test('a minted token is seen to die while its card is looked at', async () => {
  const page = await inspect(stage, 'tokens');
  await page.getByLabel('Life in seconds').fill('60');
  await page.getByRole('button', { name: 'Mint' }).click();
  await page
    .locator('.token .left')
    .getByText(/ left$/)
    .waitFor();
  stage.mock.clock.advance('10m');
  await page
    .locator('.token .left.bad')
    .getByText(/^expired \d min/)
    .waitFor();
});

test('a fault is declared by the form, seen counting down, and removed', async () => {
  const page = await inspect(stage, 'time');
  const form = page.locator('#fault-form');
  await form.getByLabel('Only this operation').fill('sipgate.getAccount');
  await form.getByLabel('Times').fill('3');
  await form.getByRole('button', { name: 'Declare' }).click();
  const fault = page.locator('.fault');
  await fault.getByText('3 of 3 left').waitFor();
  expect(await status(demoPat(stage.mock))).toBe(503);
  await fault.getByText('2 of 3 left').waitFor();
  await status(demoPat(stage.mock));
  await status(demoPat(stage.mock));
  await fault.getByText('spent, after 3').waitFor();
  expect(await status(demoPat(stage.mock))).toBe(200);
  await fault.getByRole('button', { name: /^Remove/ }).click();
  await page.getByText('No fault is in force.').waitFor();
  expect(stage.mock.faults()).toEqual([]);
});

test('every kind of fault that the form offers is one that the fake takes', async () => {
  const page = await inspect(stage, 'time');
  const form = page.locator('#fault-form');
  const kinds = await form
    .locator('select')
    .first()
    .locator('option')
    .evaluateAll((options) => options.map((option) => (option as unknown as { value: string }).value));
  expect(kinds.length).toBeGreaterThan(10);
  for (const [index, kind] of kinds.entries()) {
    await form.locator('select').first().selectOption(kind);
    await form.getByRole('button', { name: 'Declare' }).click();
    await page.locator('.fault').nth(index).waitFor();
  }
  expect(stage.mock.faults()).toHaveLength(kinds.length);
  expect(await page.locator('.note.bad').count()).toBe(0);
});

test('a mistake in a form is told in the words of the control API', async () => {
  const page = await inspect(stage, 'time');
  await page.getByLabel('On by').fill('soon');
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByText('"soon" is not a duration').waitFor();
});

test('a rotated secret kills the old one, and the new one is shown when asked', async () => {
  const page = await inspect(stage, 'tokens');
  const row = page.getByRole('row').filter({ hasText: 'token-FQ1V12' });
  const { token = '' } = stage.mock.credentials.sipgate;
  expect(await row.textContent()).not.toContain(token);
  await row.getByRole('button', { name: /^Rotate/ }).click();
  await row.getByRole('button', { name: /^Rotate/ }).click();
  await page.getByText('token-FQ1V12 has a new secret; the old one is dead.').waitFor();
  await row.getByRole('button', { name: /^Show/ }).click();
  const shown = row.locator('td:nth-child(3) code');
  await expect.poll(() => shown.textContent()).not.toContain('•');
  const secret = (await shown.textContent()) ?? '';
  expect([await status(demoPat(stage.mock)), await status(basic('token-FQ1V12', secret))]).toEqual([401, 200]);
});

test('a token that was only seen is revoked', async () => {
  const page = await inspect(stage, 'tokens');
  const { clientId = '', clientSecret = '' } = stage.mock.credentials.sipsim;
  const form = {
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    scope: 'account.read',
  };
  const answer = await fetch(stage.mock.sipsim.tokenUrl, { method: 'POST', body: new URLSearchParams(form) });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  const row = page.getByRole('row').filter({ hasText: '[secret:' });
  await row.getByText('0 times').waitFor();
  expect(await status(bearer(token), '/api/v2/account')).toBe(200);
  await row.getByText('1 time').waitFor();
  await row.getByRole('button', { name: 'Revoke' }).click();
  await page.getByText('Revoked.').waitFor();
  expect(await status(bearer(token), '/api/v2/account')).toBe(401);
});

test('a snapshot is saved to a file and put back, its tokens living; a reset takes all away', async () => {
  const page = await inspect(stage, 'state');
  const { accessToken } = await stage.mock.mintToken('sipsim');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save to a file' }).click(),
  ]);
  const path = await download.path();
  expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ sidetoneState: 1 });
  await page.getByRole('button', { name: 'Reset' }).click();
  await page.getByRole('button', { name: 'Sure?' }).click();
  await page.getByText('Everything is as at the start.').waitFor();
  expect(await status(bearer(accessToken), '/api/v2/account')).toBe(401);
  await page.locator('[data-count=requests] b').getByText('1', { exact: true }).waitFor();
  await page.locator('#state-file').setInputFiles(path);
  await page.getByText(/is back\.$/).waitFor();
  expect(await status(bearer(accessToken), '/api/v2/account')).toBe(200);
  await writeFile(path, '{}');
  await page.locator('#state-file').setInputFiles(path);
  await page.getByText('the state must be one that GET /__admin/state gave').waitFor();
});

test('a reset empties the list of live requests at once', async () => {
  const page = await inspect(stage);
  await status(demoPat(stage.mock));
  await line(page, '/v2/account').waitFor();
  await fetch(`${stage.mock.adminUrl}/reset`, { method: 'POST' });
  await page.getByText('No request yet.').waitFor();
});

test('a namespace is steered from the same page, and freed', async () => {
  const one = await stage.mock.namespace('orders');
  await status(demoPat(stage.mock), '/v2/account', one.url);
  const page = await inspect(stage, 'state');
  await page.getByRole('button', { name: 'Steer it' }).click();
  await page.getByRole('heading', { name: 'What there is in ~orders' }).waitFor();
  await page.getByRole('link', { name: 'Time & faults' }).click();
  await page.getByRole('button', { name: '+1 d' }).click();
  await page.getByText('Runs, 1 d ahead of real time.').waitFor();
  expect([one.clock.state().offset > 86_000_000, stage.mock.clock.state().offset < 1000]).toEqual([true, true]);
  await page.getByRole('link', { name: 'State' }).click();
  await page.getByRole('button', { name: 'Free' }).click();
  await page.getByRole('button', { name: 'Sure?' }).click();
  await page.getByText('~orders is freed.').waitFor();
  await page.getByRole('heading', { name: 'What there is', exact: true }).waitFor();
  expect(stage.mock.namespaces()).toEqual([]);
});

test('opened in a namespace, the page is of that namespace alone', async () => {
  const one = await stage.mock.namespace('orders');
  const page = await inspect(stage, 'live', { adminUrl: one.adminUrl ?? '' });
  await status(demoPat(stage.mock));
  await status(demoPat(stage.mock), '/v2/users', one.url);
  await line(page, '/v2/users').waitFor();
  expect(await page.locator('table.requests tbody tr').count()).toBe(1);
});
