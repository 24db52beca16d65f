/** Ways to look at the inspector in a browser. */
import type { Page } from 'playwright-core';
import type { Stage } from './stage.ts';

export interface Inspected extends Page {
  /** What the page complained about: errors of scripts, and of the policy. */
  complaints: string[];
  /** Origins that it sent requests to. */
  origins: Set<string>;
}

/** Opens a view and waits until the stream is there. */
export async function inspect(
  stage: Stage,
  view = 'live',
  options: Parameters<Stage['newPage']>[0] & { adminUrl?: string } = {},
): Promise<Inspected> {
  const { adminUrl = stage.mock.adminUrl, ...context } = options;
  const page = Object.assign(await stage.newPage(context), { complaints: [] as string[], origins: new Set<string>() });
  page.on('pageerror', ({ message }) => page.complaints.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error') page.complaints.push(message.text());
  });
  page.on('request', (request) => page.origins.add(new URL(request.url()).origin));
  await page.goto(`${adminUrl}/#${view}`);
  await page.locator('#connection.live').waitFor();
  return page;
}

/** The line of a request that holds this text, once it is answered: until then it may be drawn anew at any moment. */
export const line = (page: Page, text: string | RegExp) =>
  page.locator('table.requests tbody tr:not(.open)').filter({ hasText: text }).first();

/** Opens that line beside the list. */
export async function opened(page: Page, text: string | RegExp) {
  await line(page, text).getByRole('link').click();
  const detail = page.getByRole('complementary', { name: 'The opened request' });
  await detail.getByRole('heading', { name: 'Request', exact: true }).waitFor();
  return detail;
}
