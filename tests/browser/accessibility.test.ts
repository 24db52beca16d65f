/** Every page that the login server shows: its structure, and what axe-core finds, in light and dark colours. */
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { allow, goOn, logIn, useStage, welcomeBack } from './stage.ts';

const stage = useStage();

async function loggedIn(page: Page): Promise<void> {
  await page.goto(stage.authorizeUrl());
  await logIn(page, stage);
  await allow(page);
  await welcomeBack(page);
}

const PAGES: Record<string, (page: Page) => Promise<unknown>> = {
  login: (page) => page.goto(stage.authorizeUrl()),
  'login with an error': async (page) => {
    await page.goto(stage.authorizeUrl());
    await logIn(page, stage, 'wrong');
  },
  'login once more': async (page) => {
    await loggedIn(page);
    await page.goto(stage.authorizeUrl({ prompt: 'login' }));
  },
  consent: async (page) => {
    await page.goto(stage.authorizeUrl({ scope: 'openid account:read balance:read offline_access' }));
    await logIn(page, stage);
  },
  error: (page) => page.goto(stage.authorizeUrl({ redirect_uri: 'https://evil.example' })),
  'no cookies': (page) => page.goto(`${stage.mock.url}/auth/realms/third-party/login-actions/authenticate`),
  expired: async (page) => {
    await page.goto(stage.authorizeUrl());
    const action = new URL((await page.locator('form').getAttribute('action')) ?? '');
    action.searchParams.set('execution', 'another');
    await page.goto(action.href);
  },
  logout: (page) => page.goto(stage.endpoint('logout')),
  'logged out': async (page) => {
    await page.goto(stage.endpoint('logout'));
    await goOn(page, 'Logout');
  },
};

/** Which of axe-core's findings count; `minor` and `moderate` are matters of taste. */
const GRAVE = ['serious', 'critical'];

async function findingsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  // axe takes a page without a background for a white one, in dark colours too.
  await page.addStyleTag({ content: 'html { background: Canvas }' });
  const findings: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations, passes } = await page.evaluate<axe.AxeResults>('axe.run(document)');
    // A page that axe cannot judge would have no findings either.
    expect(passes.map(({ id }) => id)).toEqual(expect.arrayContaining(['color-contrast', 'document-title']));
    const grave = violations.filter(({ impact }) => GRAVE.includes(impact ?? ''));
    findings.push(...grave.map(({ id, nodes }) => `${colorScheme} ${id}: ${nodes.map(({ html }) => html).join(' ')}`));
  }
  return findings;
}

/** Of each input that a person can use, its label. */
const labelsOf = (page: Page) =>
  page
    .locator('input:not([type=hidden])')
    .evaluateAll((inputs) =>
      inputs.map((input) => (input as unknown as { labels: { textContent: string }[] }).labels[0]?.textContent ?? ''),
    );

test.each(Object.entries(PAGES))('%s', async (_name, show) => {
  const page = await stage.newPage();
  await show(page);
  expect(await page.locator('html').getAttribute('lang')).toBe('en');
  expect(await page.title()).not.toBe('');
  expect(await page.locator('h1').count()).toBe(1);
  expect(await page.getByRole('main').count()).toBe(1);
  expect((await labelsOf(page)).filter((label) => label === '')).toEqual([]);
  expect(await findingsOf(page)).toEqual([]);
});

test('axe-core sees what is wrong with a page that is', async () => {
  const page = await stage.newPage();
  await page.goto(stage.authorizeUrl());
  await page.evaluate(`document.querySelector('label').remove()`);
  await page.evaluate(`document.documentElement.removeAttribute('lang')`);
  await page.addStyleTag({ content: '@media (prefers-color-scheme: dark) { h1 { color: #333 } }' });
  const findings = await findingsOf(page);
  expect(findings.map((finding) => finding.split(':')[0]).toSorted()).toEqual([
    'dark color-contrast',
    'dark html-has-lang',
    'dark label',
    'light html-has-lang',
    'light label',
  ]);
});

test('a page is usable at twice its size and in a narrow window', async () => {
  const page = await stage.newPage({ viewport: { width: 320, height: 480 } });
  await page.goto(stage.authorizeUrl());
  const overflow = await page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
  expect(overflow).toBe(0);
});
