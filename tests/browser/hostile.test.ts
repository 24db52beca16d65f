/** Text that wants to be a script, wherever the login server shows what others have sent or stored. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { demoClientRecord, otherClient } from '../login/clients.ts';
import { allow, deny, logIn, useStage, welcomeBack } from './stage.ts';

const SCRIPT = `</title></textarea>"'><script>window.pwned = true</script><img src=x onerror="window.pwned = true">`;
const SCRIPT_URL = 'javascript:window.pwned=true';
const HOSTILE_CLIENT = 'hostile:third-party';

const hostileClient = otherClient({
  clientId: HOSTILE_CLIENT,
  name: SCRIPT,
  description: SCRIPT,
  privacyUrl: SCRIPT_URL,
  termsUrl: `https://x.example/"><script>window.pwned = true</script>`,
  consentRequired: true,
});

const stage = useStage({ sipgate: { clients: [demoClientRecord, hostileClient] } });

/** Nothing ran, nothing was drawn that is not ours. */
async function expectHarmless(page: Page): Promise<void> {
  expect(await page.evaluate('window.pwned')).toBeUndefined();
  expect(await page.locator('img, script, iframe, object').count()).toBe(0);
}

const bodyOf = (page: Page) => page.locator('body').innerText();

test('the name of a client is text on the login page and on the consent page', async () => {
  const page = await stage.newPage();
  await page.goto(stage.authorizeUrl({ client_id: HOSTILE_CLIENT }));
  expect(await bodyOf(page)).toContain(SCRIPT);
  await expectHarmless(page);
  await logIn(page, stage);
  expect(await page.title()).toBe(`Grant Access to ${SCRIPT}`);
  expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe(`Grant Access to ${SCRIPT}`);
  await expectHarmless(page);
});

test('a link of a client that is a script is no link', async () => {
  const page = await stage.newPage();
  await page.goto(stage.authorizeUrl({ client_id: HOSTILE_CLIENT }));
  await logIn(page, stage);
  await page.getByRole('button', { name: 'Yes' }).waitFor();
  const targets = await page.getByRole('link').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
  expect(targets).toEqual([`https://x.example/"><script>window.pwned = true</script>`]);
});

test('login_hint is the value of its field, no more', async () => {
  const page = await stage.newPage();
  await page.goto(stage.authorizeUrl({ login_hint: SCRIPT }));
  expect(await page.getByLabel('E-mail').inputValue()).toBe(SCRIPT);
  await expectHarmless(page);
});

test('what was typed comes back as it was typed', async () => {
  const page = await stage.newPage();
  await page.goto(stage.authorizeUrl());
  await page.getByLabel('E-mail').fill(SCRIPT);
  await page.getByLabel('Password').fill(SCRIPT);
  await page.keyboard.press('Enter');
  await page.getByRole('alert').waitFor();
  expect(await page.getByLabel('E-mail').inputValue()).toBe(SCRIPT);
  await expectHarmless(page);
});

test.each(['query', 'fragment', 'form_post'])('state comes back as it was sent, by %s', async (mode) => {
  const page = await stage.newPage();
  await page.goto(stage.authorizeUrl({ state: SCRIPT, response_mode: mode }));
  await expectHarmless(page);
  await logIn(page, stage);
  await expectHarmless(page);
  await (mode === 'fragment' ? deny(page) : allow(page));
  await welcomeBack(page);
  await expectHarmless(page);
  const fragment = Object.fromEntries(new URLSearchParams(new URL(page.url()).hash.slice(1)));
  expect((mode === 'fragment' ? fragment : stage.lastCall()).state).toBe(SCRIPT);
});

test('a form_post page holds the state as text even where scripts cannot run', async () => {
  const page = await stage.newPage({ javaScriptEnabled: false });
  await page.goto(stage.authorizeUrl({ state: SCRIPT, scope: 'zzz', response_mode: 'form_post' }));
  expect(await page.locator('input[name=state]').getAttribute('value')).toBe(SCRIPT);
  expect(await page.locator('img, script').count()).toBe(0);
});

test.each([
  ['client_id', { client_id: SCRIPT }, 'Client not found.'],
  ['redirect_uri', { redirect_uri: SCRIPT_URL }, 'Invalid parameter: redirect_uri'],
  [
    'redirect_uri with a script in its path',
    { redirect_uri: `https://x.example/${SCRIPT}` },
    'Invalid parameter: redirect_uri',
  ],
  ['max_age', { max_age: SCRIPT }, 'Invalid Request'],
])('an error page about %s', async (_what, parameters, message) => {
  const page = await stage.newPage();
  await page.goto(stage.authorizeUrl(parameters));
  expect(await page.getByRole('alert').textContent()).toBe(message);
  await expectHarmless(page);
});

test('a script in the path, the realm, tab_id, client_data or session_code', async () => {
  const page = await stage.newPage();
  const evil = encodeURIComponent(SCRIPT);
  for (const path of [
    `/auth/realms/${evil}/protocol/openid-connect/auth`,
    `/auth/realms/third-party/${evil}`,
    `/auth/realms/third-party/login-actions/authenticate?tab_id=${evil}&client_id=${evil}&session_code=${evil}`,
    `/auth/realms/third-party/login-actions/authenticate?client_data=${evil}`,
    `/auth/realms/third-party/protocol/openid-connect/logout?post_logout_redirect_uri=${evil}&client_id=${evil}&state=${evil}`,
    `/auth/realms/third-party/protocol/openid-connect/logout?id_token_hint=${evil}`,
  ]) {
    await page.goto(stage.mock.url + path);
    expect([path, await page.evaluate('window.pwned')]).toEqual([path, undefined]);
    expect([path, await page.locator('img, script').count()]).toEqual([path, 0]);
  }
});

test('no other site may put the pages into a frame', async () => {
  const page = await stage.newPage();
  // The application is another site than the fake: localhost and 127.0.0.1.
  await page.goto(stage.application.callback);
  const url = stage.authorizeUrl();
  // Before there is anything to refuse: it may be said before the next line.
  const refused = page.waitForEvent('console', (message) => /frame/i.test(message.text()));
  await page.evaluate(
    `document.body.append(Object.assign(document.createElement('iframe'), { src: ${JSON.stringify(url)} }))`,
  );
  expect((await refused).text()).toMatch(/frame-ancestors|X-Frame-Options/);
  expect(await page.frames()[1]?.locator('form').count()).toBe(0);
});
