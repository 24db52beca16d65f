/** The consent page: what it asks, and what it remembers. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { allow, deny, logIn, useStage, welcomeBack } from './stage.ts';

const stage = useStage();

const document = parse(readFileSync(join(import.meta.dirname, '../../openapi.yaml'), 'utf8'));
const descriptions: Record<string, string> =
  document.components.securitySchemes.sipgateOAuth.flows.authorizationCode.scopes;

/** Once the page is there: a login leads to it, and ends before it. */
const asked = async (page: Page) => {
  await page.getByRole('listitem').first().waitFor();
  return page.getByRole('listitem').allTextContents();
};
const open = async (page: Page, scope: string, more: Record<string, string> = {}) => {
  await page.goto(stage.authorizeUrl({ scope, ...more }));
};

test('lists each scope by its description, and leads to what the client says of itself', async () => {
  const scopes = ['account:read', 'balance:read', 'authorization:oauth2:clients:write'];
  const page = await stage.newPage();
  await open(page, `openid ${scopes.join(' ')} offline_access`);
  await logIn(page, stage);
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Grant Access to Sidetone demo');
  const wanted = scopes.map((scope) => descriptions[scope]);
  expect(wanted.every((text) => text !== undefined && text !== '')).toBe(true);
  expect((await asked(page)).toSorted()).toEqual([...wanted, 'Offline Access'].toSorted());
  expect(await page.getByRole('link', { name: 'Privacy policy' }).getAttribute('href')).toBe(
    'https://sidetone.example/privacy',
  );
  expect(await page.getByRole('link', { name: 'Terms of use' }).getAttribute('href')).toBe(
    'https://sidetone.example/terms',
  );
});

test('what was allowed is not asked again, in this browser or another', async () => {
  const page = await stage.newPage();
  await open(page, 'account:read balance:read');
  await logIn(page, stage);
  await allow(page);
  await welcomeBack(page);
  await open(page, 'balance:read account:read', { state: 'again' });
  await welcomeBack(page);
  expect(stage.lastCall()).toMatchObject({ state: 'again', code: expect.any(String) });

  const elsewhere = await stage.newPage();
  await open(elsewhere, 'account:read', { state: 'elsewhere' });
  await logIn(elsewhere, stage);
  await welcomeBack(elsewhere);
  expect(stage.lastCall()).toMatchObject({ state: 'elsewhere', code: expect.any(String) });
});

test('when the scopes grow, only the new ones are asked for', async () => {
  const page = await stage.newPage();
  await open(page, 'account:read');
  await logIn(page, stage);
  await allow(page);
  await welcomeBack(page);
  await open(page, 'account:read balance:read');
  expect(await asked(page)).toEqual([descriptions['balance:read']]);
  await deny(page);
  await welcomeBack(page);
  expect(stage.lastCall()).toMatchObject({ error: 'access_denied' });
  await open(page, 'account:read balance:read');
  await allow(page);
  await welcomeBack(page);
  expect(stage.lastCall()).toMatchObject({ code: expect.any(String) });
});

test('no is told to the application, and remembered as nothing', async () => {
  const page = await stage.newPage();
  await open(page, 'account:read', { state: 's 1' });
  await logIn(page, stage);
  await deny(page);
  await welcomeBack(page);
  expect(stage.lastCall()).toEqual({
    error: 'access_denied',
    state: 's 1',
    iss: `${stage.mock.url}/auth/realms/third-party`,
  });
  await open(page, 'account:read');
  await logIn(page, stage);
  expect(await asked(page)).toEqual([descriptions['account:read']]);
});

test('a reload of the page asks the same again', async () => {
  const page = await stage.newPage();
  await open(page, 'account:read');
  await logIn(page, stage);
  await asked(page);
  await page.reload();
  expect(await asked(page)).toEqual([descriptions['account:read']]);
  await allow(page);
  await welcomeBack(page);
  expect(stage.lastCall()).toHaveProperty('code');
});

test('openid alone is nothing to ask for', async () => {
  const page = await stage.newPage();
  await open(page, 'openid');
  await logIn(page, stage);
  await welcomeBack(page);
  expect(stage.lastCall()).toHaveProperty('code');
});

test('a client that was made over the API is asked for as well, by its own name', async () => {
  const { tokenId = '', token = '' } = stage.mock.credentials.sipgate;
  const answer = await fetch(`${stage.mock.sipgate.baseUrl}/authorization/oauth2/clients`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${tokenId}:${token}`).toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({
      name: 'Anrufliste & Co.',
      description: '',
      redirectUris: [stage.application.callback],
      webOrigins: [],
    }),
  });
  const { clientId } = (await answer.json()) as { clientId: string };
  const page = await stage.newPage();
  const parameters = { client_id: clientId, scope: 'account:read' };
  await page.goto(stage.authorizeUrl(parameters, clientId.split(':').at(-1)));
  await logIn(page, stage);
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Grant Access to Anrufliste & Co.');
  expect(await page.getByRole('link').count()).toBe(0);
  await allow(page);
  await welcomeBack(page);
  expect(stage.lastCall()).toHaveProperty('code');
});
