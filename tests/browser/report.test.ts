/** The HTML report in a browser, from a file and without a network: what it shows, finds, opens, and what it never runs. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { driftBetween, writeDrift } from '../../contracts/index.ts';
import { formatHtml } from '../../contracts/report/html/page.ts';
import { formatJunit } from '../../contracts/report/junit.ts';
import type { Report } from '../../contracts/report/report.ts';
import { emptyReport, fullReport, HOSTILE } from '../report/fixture.ts';
import { launchBrowser } from './chromium.ts';

let browser: Browser;
const folder = mkdtempSync(join(tmpdir(), 'sidetone-html-'));
beforeAll(async () => {
  browser = await launchBrowser();
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

interface Shown {
  page: Page;
  /** Whatever it asked for beside its own file. */
  asked: string[];
  /** Errors of its script, and what its policy refused. */
  errors: string[];
}

async function show(report: Report, options: BrowserContextOptions = {}, hash = ''): Promise<Shown> {
  const file = join(folder, 'sidetone.html');
  writeFileSync(file, formatHtml(report));
  const page = await (await browser.newContext(options)).newPage();
  const address = pathToFileURL(file).href + hash;
  const asked: string[] = [];
  const errors: string[] = [];
  page.on('request', (request) => request.url() !== address && asked.push(request.url()));
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  await page.goto(address);
  return { page, asked, errors };
}

const ids = (page: Page) =>
  page.locator('#rows > tbody > tr[id]:not(.details):visible').evaluateAll((rows) => rows.map(({ id }) => id));

test('it asks for nothing, runs nothing of what servers said, and shows that as text', async () => {
  const { page, asked, errors } = await show(fullReport());
  await page.locator('[id="sipgate.EVIL-01"] .open').click();
  const details = page.locator('[id="details-of-sipgate.EVIL-01"]');
  await details.waitFor();
  expect(await details.innerText()).toContain(HOSTILE.split('\n')[0]);
  expect(await details.innerText()).toContain('\\u202eevil');
  expect(await page.title()).toContain('Not verified');
  expect(await page.locator('img, svg, iframe, link, b b, script[src]').count()).toBe(0);
  expect([asked, errors]).toEqual([[], []]);
});

test('its policy stops what it does not know, should text ever get through as code', async () => {
  const { page, errors } = await show(greenWithoutNetwork());
  await page.evaluate(
    `document.body.insertAdjacentHTML('beforeend', '<img src="https://evil.example/x" onerror="window.owned = true">')`,
  );
  await page.evaluate(
    `document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.owned = true' }))`,
  );
  await expect
    .poll(() => errors.filter((text) => /Content Security Policy/.test(text)).length)
    .toBeGreaterThanOrEqual(2);
  expect(await page.evaluate('window.owned')).toBeUndefined();
});

const greenWithoutNetwork = () => ({ ...fullReport(), rows: fullReport().rows.slice(0, 1) });

test('rows are found by text, result, blame, provider and operation, and all come back', async () => {
  const { page } = await show(fullReport());
  const all = await ids(page);
  expect(all).toHaveLength(13);
  await page.getByLabel('Text').fill('CLI createclient');
  await expect.poll(() => ids(page)).toEqual(['sipgate.CLI-02', 'sipgate.CLI-01']);
  await expect.poll(() => page.getByRole('status').innerText()).toBe('2 of 13 checks');
  await page.getByRole('button', { name: 'Reset' }).click();
  await page.getByLabel('Blame').selectOption('fake');
  await expect.poll(() => ids(page)).toEqual(['sipgate.BAS-02', 'sipgate.BAS-03']);
  await page.getByLabel('Result').selectOption('fail/pass');
  await expect.poll(() => ids(page)).toEqual(['sipgate.BAS-03']);
  await page.getByRole('button', { name: 'Reset' }).click();
  await page.getByLabel('Provider').selectOption('sipsim');
  await expect.poll(() => ids(page)).toEqual(['sipsim.DOC-01']);
  await page.getByLabel('Operation').selectOption('sipgate.createClient');
  await expect.poll(() => ids(page)).toEqual([]);
  await page.getByRole('button', { name: 'Show all' }).click();
  await page.getByRole('button', { name: '1 known' }).click();
  await expect.poll(() => ids(page)).toEqual(['sipgate.DEV-00']);
  await page.getByRole('button', { name: '1 known' }).click();
  await expect.poll(() => ids(page)).toEqual(all);
});

test('what failed comes first, and every column sorts both ways', async () => {
  const { page } = await show(fullReport());
  expect((await ids(page)).at(0)).toBe('sipgate.BAS-02');
  expect((await ids(page)).at(-1)).toBe('sipgate.BAS-01');
  const header = page.getByRole('columnheader', { name: 'Check' });
  await header.getByRole('button').click();
  expect((await ids(page)).slice(0, 3)).toEqual(['sipgate.BAS-01', 'sipgate.BAS-02', 'sipgate.BAS-03']);
  expect(await header.getAttribute('aria-sort')).toBe('ascending');
  await header.getByRole('button').click();
  expect((await ids(page))[0]).toBe('sipgate.DEV-04');
  expect(await header.getAttribute('aria-sort')).toBe('descending');
});

test('a row opens by the keyboard to the difference, both exchanges and the line that repeats each', async () => {
  const { page } = await show(fullReport());
  const button = page.locator('[id="sipgate.BAS-02"] .open');
  await button.focus();
  await page.keyboard.press('Enter');
  const details = page.locator('[id="details-of-sipgate.BAS-02"]');
  await details.waitFor();
  expect([await button.getAttribute('aria-expanded'), await button.getAttribute('aria-controls')]).toEqual([
    'true',
    'details-of-sipgate.BAS-02',
  ]);
  const text = await details.innerText();
  for (const part of ['www-authenticate', 'mock: 200 in 12 ms', 'real: 200 in 12 ms', '"company": "Müller & Söhne"']) {
    expect(text).toContain(part);
  }
  expect(await details.locator('.again').allInnerTexts()).toEqual(
    Array(2).fill(
      `curl -i -u "$SIPGATE_TOKEN_ID:$SIPGATE_TOKEN" -H 'cookie: a=1; b=2' 'https://api.sipgate.com/v2/account?a=1&b=%C3%BC'`,
    ),
  );
  await page.keyboard.press('Enter');
  await details.waitFor({ state: 'hidden' });
  await page.keyboard.press('Enter');
  await details.waitFor();
  await page.getByLabel('Text').fill('BAS-03');
  await details.waitFor({ state: 'hidden' });
});

test('an address can name the row that is opened', async () => {
  const { page } = await show(fullReport(), {}, '#sipsim.DOC-01');
  await page.locator('[id="details-of-sipsim.DOC-01"]').getByText('A teapot').waitFor();
});

test('without a script all verdicts and reasons are there, and no control that would do nothing', async () => {
  const { page } = await show(fullReport(), { javaScriptEnabled: false });
  expect(await page.locator('#rows > tbody > tr').count()).toBe(13);
  expect(await page.getByText('the real API answers otherwise').isVisible()).toBe(true);
  expect(await page.locator('#filter').isVisible()).toBe(false);
  expect(await page.locator('button:enabled:visible').count()).toBe(0);
});

test('a run that got nowhere says so', async () => {
  const { page, errors } = await show(emptyReport());
  expect(await page.getByRole('heading', { level: 1 }).innerText()).toContain('no verdict is possible');
  expect(await page.getByText('No check was run.').isVisible()).toBe(true);
  expect(errors).toEqual([]);
});

test('it is accessible in light and dark colours, opened and closed, and fits a narrow window', async () => {
  // axe is put in from outside, which the page's policy would refuse.
  const { page } = await show(fullReport(), { bypassCSP: true, viewport: { width: 1280, height: 900 } });
  await page.locator('[id="sipgate.BAS-02"] .open').click();
  await page.locator('[id="details-of-sipgate.BAS-02"]').waitFor();
  await page.evaluate(axe.source);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations, passes } = await page.evaluate<axe.AxeResults>('axe.run(document)');
    expect(passes.map(({ id }) => id)).toEqual(expect.arrayContaining(['color-contrast', 'label', 'select-name']));
    expect(
      violations.map(({ id, nodes }) => `${colorScheme} ${id}: ${nodes.map(({ html }) => html).join(' ')}`),
    ).toEqual([]);
  }
  await page.setViewportSize({ width: 320, height: 640 });
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320);
});

test('the page of a drift asks for nothing, is accessible, and shows hostile text as text', async () => {
  const failing = fullReport();
  const [first] = failing.rows;
  if (first?.verdicts.mock) first.verdicts.mock = { ...first.verdicts.mock, outcome: 'failed', reason: HOSTILE };
  const drift = driftBetween({ file: `a ${HOSTILE}`, run: fullReport() }, { file: 'b', run: failing });
  writeDrift(drift, ['html'], { folder });
  const page = await (await browser.newContext({ bypassCSP: true })).newPage();
  const address = pathToFileURL(join(folder, 'sidetone-drift.html')).href;
  const asked: string[] = [];
  page.on('request', (request) => request.url() !== address && asked.push(request.url()));
  await page.goto(address);
  expect(await page.getByRole('heading', { level: 1 }).innerText()).toContain('Drift: 1 change');
  expect(await page.locator('img, svg, b, script[src]').count()).toBe(0);
  await page.evaluate(axe.source);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await page.evaluate<axe.AxeResults>('axe.run(document)');
    expect(violations.map(({ id }) => id)).toEqual([]);
  }
  expect(asked).toEqual([]);
});

test('JUnit of the same run is XML, with hostile text in it as text', async () => {
  const page = await browser.newPage();
  const read = `(xml) => {
    const root = new DOMParser().parseFromString(xml, 'application/xml');
    return [root.querySelector('parsererror')?.textContent ?? '', root.querySelectorAll('testcase').length, root.querySelectorAll('img, svg, b').length];
  }`;
  expect(await page.evaluate(`(${read})(${JSON.stringify(formatJunit(fullReport()))})`)).toEqual(['', 15, 0]);
});
