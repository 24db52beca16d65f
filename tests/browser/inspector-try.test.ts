/** Try it: every operation of openapi.yaml from the page, the code flow, and verdicts read from a report. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { inspect } from './inspector.ts';
import { allow, useStage } from './stage.ts';

const stage = useStage();
const document = parse(readFileSync(join(import.meta.dirname, '../../openapi.yaml'), 'utf8'));
const operations = Object.values(document.paths as Record<string, Record<string, { operationId?: string }>>).flatMap(
  (item) => Object.values(item).flatMap(({ operationId }) => operationId ?? []),
);

/** What needs something beforehand: a session of the login, a tag, an event, a transcription; or is there already. */
const NEEDS_MORE: Record<string, number> = {
  'sipgate.getAuthenticate': 400,
  'sipgate.authenticate': 400,
  'sipgate.getRequiredAction': 400,
  'sipgate.consent': 400,
  'sipgate.confirmLogout': 400,
  'sipsim.createTag': 409,
  'sipsim.disableWebhook': 404,
  'sipsim.untagCall': 404,
  'sipsim.getTranscription': 404,
};

test('every operation is there, and what is filled in opens it', async () => {
  const page = await inspect(stage, 'try');
  const surprises: Record<string, string> = {};
  await page.getByRole('navigation', { name: 'Operations' }).getByText('getAccount').first().waitFor();
  expect(operations.length).toBeGreaterThan(40);
  for (const operation of operations) {
    await stage.mock.reset();
    const status = await send(page, operation);
    const entry = stage.mock.requests().at(-1);
    const fine = /^[23]/.test(status) || Number(status) === NEEDS_MORE[operation];
    if (!fine || entry?.operation !== operation)
      surprises[operation] = `${status} ${entry?.operation} ${entry?.reason}`;
  }
  expect(surprises).toEqual({});
}, 240_000);

async function send(page: Page, operation: string): Promise<string> {
  await page.evaluate(`location.hash = 'try/${operation}'`);
  const form = page.locator(`form[data-operation="${operation}"]`);
  await form.getByRole('button', { name: 'Send' }).click();
  return (await page.locator('#result .pill').first().textContent()) ?? '';
}

test('what came is shown, and leads to the live request', async () => {
  const page = await inspect(stage, 'try/sipgate.getAccount');
  await page.getByLabel('Credential').selectOption('none');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.locator('#result .because').getByText('no credentials').waitFor();
  await page.getByRole('link', { name: 'See it in the live requests' }).click();
  await page.locator('.detail-head').getByText('/v2/account').waitFor();
});

test('the code flow runs with one click, through login and consent, and its token is used', async () => {
  const { username = '', password = '' } = stage.mock.credentials.sipgate;
  const page = await inspect(stage, 'try/code-flow');
  await page.getByRole('button', { name: 'Start the code flow' }).click();
  await page.getByLabel('E-mail').fill(username);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign In' }).click();
  await allow(page);
  await page.getByRole('heading', { name: 'Logged in' }).waitFor();
  expect(new URL(page.url()).search).toBe('');
  expect(await page.locator('.token b').allTextContents()).toEqual(['access_token', 'refresh_token', 'id_token']);
  await page.getByRole('link', { name: 'Use the token' }).click();
  await expect.poll(() => page.getByLabel('Credential').inputValue()).toBe('token 0');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.locator('#result').getByText('Müller & Söhne GmbH').waitFor();
  // The login page has no icon of its own.
  expect(page.complaints.filter((text) => !text.includes('404'))).toEqual([]);
});

test('who is denied in the code flow is told so, and a state that the page did not send is refused', async () => {
  const page = await inspect(stage);
  await page.goto(`${stage.mock.adminUrl}/?error=access_denied&error_description=No+thanks&state=x`);
  await page.getByText('access_denied No thanks').waitFor();
  await page.goto(`${stage.mock.adminUrl}/?code=stolen&state=x`);
  await page.getByText('The state is not the one that this page sent.').waitFor();
});

const report = (body: unknown) => ({
  ...{
    name: 'verify.json',
    mimeType: 'application/json',
    buffer: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  },
});
const check = (id: string, more = {}) => ({
  id,
  title: `Title of ${id}`,
  level: 'MUST',
  clause: 'RFC 7617 §2',
  ...more,
});
const TWO_SIDES = {
  ...{ reportVersion: 2, exitCode: 1, target: 'both', sides: ['mock', { role: 'real', name: 'api.sipgate.com' }] },
  rows: [
    {
      check: check('a.ONE-01'),
      verdicts: { mock: { outcome: 'passed' }, real: { outcome: 'passed' } },
      result: 'pass/pass',
    },
    {
      check: check('a.TWO-02'),
      verdicts: { mock: { outcome: 'passed' }, real: { outcome: 'failed', reason: '<b>expected 401</b>' } },
      ...{ result: 'pass/fail', blame: 'fake', because: 'the document says so' },
      difference: [{ exchange: 0, request: 'GET /v2/account', kind: 'headers', where: 'allow', mock: 'GET', real: '' }],
      deviation: { state: 'expired', reason: 'known since May', expires: '2026-06-01' },
    },
  ],
};

test('a report of two sides is a matrix with its differences', async () => {
  const page = await inspect(stage, 'verdicts');
  await page.getByText('This fake was told of no report.').waitFor();
  await page.getByLabel('A report', { exact: true }).setInputFiles(report(TWO_SIDES));
  const rows = page.locator('.matrix > tbody > tr');
  await rows.first().waitFor();
  expect(await rows.count()).toBe(1);
  expect(await rows.first().locator('td').allTextContents()).toEqual([
    'a.TWO-02 MUSTTitle of a.TWO-02',
    ...['passed', 'failed', 'fake', 'expired', '▸'],
  ]);
  await rows.first().click();
  const more = page.locator('.matrix .more');
  await more.getByText('the document says so').waitFor();
  expect(await more.textContent()).toContain('failed: <b>expected 401</b>');
  expect(await more.textContent()).toContain('Becausethe document says so');
  expect(await more.locator('table td').allTextContents()).toEqual(['GET /v2/account headers allow', 'GET', '']);
  await page.getByLabel('Which checks').selectOption('all');
  await expect.poll(() => rows.count()).toBe(2);
});

test('a report of one side, as it was in version 1, is shown too; the last that the fake was told of comes first', async () => {
  const told = {
    reportVersion: 1,
    exitCode: 0,
    target: 'mock',
    verdicts: [{ check: check('a.ONE-01'), outcome: 'passed' }],
  };
  await fetch(`${stage.mock.adminUrl}/report`, {
    ...{ method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify(told) },
  });
  const page = await inspect(stage, 'verdicts');
  await page.getByRole('heading', { name: 'Verdicts: the last that this fake was told of' }).waitFor();
  expect(await page.locator('.matrix thead').textContent()).toBe('CheckmockBlameDeviation');
});

test.each([
  ['no json', /verify\.json is no JSON/],
  [[], /it is no object/],
  [{}, /"reportVersion" is missing/],
  [{ reportVersion: 3 }, /"reportVersion" is 3, not 1 or 2/],
  [{ reportVersion: 2 }, /Missing in the report: "rows", "sides", "exitCode"/],
  [
    { reportVersion: 2, exitCode: 0, sides: ['mock'], rows: [null, { verdicts: { mock: {} } }] },
    /"id" of the check in row 1, "id" of the check in row 2, "outcome" of mock in row 2/,
  ],
])('of the report %j it is said what is missing', async (body, message) => {
  const page = await inspect(stage, 'verdicts');
  await page.getByLabel('A report', { exact: true }).setInputFiles(report(body));
  await page.getByRole('alert').getByText(message).waitFor();
  expect(page.complaints).toEqual([]);
});
