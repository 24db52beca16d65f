/** A fake, an application and a browser, and the ways between them. */
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { type Mock, type SeedInput, startMock } from '../../mock-server/index.ts';
import { type Application, startApplication } from './application.ts';
import { launchBrowser } from './chromium.ts';

export interface Stage {
  mock: Mock;
  application: Application;
  /** A browser that nobody has used before. */
  newContext(options?: BrowserContextOptions): Promise<BrowserContext>;
  newPage(options?: BrowserContextOptions): Promise<Page>;
  /** Address of the authorization endpoint, with a good request of the demo client unless told otherwise. */
  authorizeUrl(parameters?: Record<string, string>, realm?: string): string;
  endpoint(name: string, realm?: string): string;
  /** Parameters of the last callback. */
  lastCall(): Record<string, string>;
}

/** Set up before all tests of a file; each test has the fake and the application as new. */
export function useStage(seed?: SeedInput): Stage {
  let browser: Browser;
  const contexts: BrowserContext[] = [];
  const stage = {} as Stage;
  beforeAll(async () => {
    browser = await launchBrowser();
    stage.mock = await startMock(seed === undefined ? {} : { seed });
    stage.application = await startApplication();
  });
  beforeEach(async () => {
    await stage.mock.reset();
    for (const { name } of stage.mock.namespaces()) await (await stage.mock.namespace(name)).close();
    stage.application.calls.length = 0;
    for (const context of contexts.splice(0)) await context.close();
  });
  afterAll(async () => {
    await browser?.close();
    await stage.application?.close();
    await stage.mock?.close();
  });

  stage.newContext = async (options) => {
    const context = await browser.newContext(options);
    // A moment, on a machine that has nothing else to do.
    context.setDefaultTimeout(30_000);
    contexts.push(context);
    return context;
  };
  stage.newPage = async (options) => (await stage.newContext(options)).newPage();
  stage.endpoint = (name, realm = 'third-party') =>
    `${stage.mock.url}/auth/realms/${realm}/protocol/openid-connect/${name}`;
  stage.authorizeUrl = (parameters, realm) => {
    const query = new URLSearchParams({
      client_id: stage.mock.credentials.sipgate.clientId ?? '',
      redirect_uri: stage.application.callback,
      response_type: 'code',
      scope: 'openid account:read',
      state: 'st',
      ...parameters,
    });
    return `${stage.endpoint('auth', realm)}?${query}`;
  };
  stage.lastCall = () => stage.application.calls.at(-1)?.parameters ?? {};
  return stage;
}

/** Presses what leads to another page, and waits until that is there: a click ends before. */
export async function goOn(page: Page, name: string): Promise<void> {
  const there = page.waitForEvent('domcontentloaded');
  await Promise.all([there, page.getByRole('button', { name }).click()]);
}

/** Fills in the login page as a person does. */
export async function logIn(page: Page, { mock }: Stage, password?: string): Promise<void> {
  const { username = '', password: right = '' } = mock.credentials.sipgate;
  await page.getByLabel('E-mail').fill(username);
  await page.getByLabel('Password').fill(password ?? right);
  await goOn(page, 'Sign In');
}

export const allow = (page: Page) => goOn(page, 'Yes');
export const deny = (page: Page) => goOn(page, 'No');

/** Waits until the user is back at the application. */
export const welcomeBack = (page: Page) => page.getByRole('heading', { name: 'Welcome back' }).waitFor();

/** Label, or else text, of the element that has the focus. */
export const focused = (page: Page) =>
  page.evaluate<string>('(document.activeElement.labels?.[0] ?? document.activeElement).textContent.trim()');
