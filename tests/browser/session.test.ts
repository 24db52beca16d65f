/** A browser that is logged in: single sign-on, what `prompt` changes, and the way out. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { demoClientRecord, OTHER_CLIENT, otherClient } from '../login/clients.ts';
import { allow, focused, logIn, useStage, welcomeBack } from './stage.ts';

const stage = useStage({ sipgate: { clients: [demoClientRecord, otherClient()] } });

async function loggedIn(): Promise<Page> {
  const page = await stage.newPage();
  await page.goto(stage.authorizeUrl());
  await logIn(page, stage);
  await allow(page);
  await welcomeBack(page);
  return page;
}

/** Where the authorization endpoint leads without a word to the user. */
async function silently(page: Page, parameters: Record<string, string> = {}): Promise<Record<string, string>> {
  await page.goto(stage.authorizeUrl({ prompt: 'none', ...parameters }));
  await welcomeBack(page);
  return stage.lastCall();
}

/** What the application's own server asks of the token endpoint. */
async function askToken(form: Record<string, string>): Promise<Record<string, unknown>> {
  const { clientId = '', clientSecret = '' } = stage.mock.credentials.sipgate;
  const body = new URLSearchParams({ client_id: clientId, client_secret: clientSecret, ...form });
  return (await fetch(stage.endpoint('token'), { method: 'POST', body })).json() as Promise<Record<string, unknown>>;
}

const tokensOf = (code = '') =>
  askToken({ grant_type: 'authorization_code', code, redirect_uri: stage.application.callback });

const REAUTHENTICATE = 'Please re-authenticate to continue';

test('single sign-on: the second client is answered at once, in the same session', async () => {
  const page = await loggedIn();
  const { session_state: session } = stage.lastCall();
  await page.goto(stage.authorizeUrl({ client_id: OTHER_CLIENT, state: 'other' }));
  await welcomeBack(page);
  expect(stage.lastCall()).toMatchObject({ state: 'other', session_state: session, code: expect.any(String) });
});

test('single sign-on ends at the realm', async () => {
  const page = await loggedIn();
  await page.goto(stage.authorizeUrl({ client_id: 'sipgate-app-web', scope: 'openid' }, 'sipgate-apps'));
  expect(await page.getByLabel('Password').count()).toBe(1);
});

test('prompt=none: login_required, a code, interaction_required', async () => {
  const stranger = await stage.newPage();
  expect(await silently(stranger)).toEqual({
    error: 'login_required',
    state: 'st',
    iss: `${stage.mock.url}/auth/realms/third-party`,
  });
  const page = await loggedIn();
  expect(await silently(page)).toHaveProperty('code');
  expect(await silently(page, { scope: 'openid account:read balance:read' })).toMatchObject({
    error: 'interaction_required',
  });
});

test('prompt=login asks for the password alone, of the user that it names', async () => {
  const page = await loggedIn();
  const { session_state: session } = stage.lastCall();
  await page.goto(stage.authorizeUrl({ prompt: 'login' }));
  expect(await page.getByText(REAUTHENTICATE).count()).toBe(1);
  expect(await page.getByText('ada@sidetone.example').count()).toBe(1);
  expect(await page.getByLabel('E-mail').count()).toBe(0);
  expect(await focused(page)).toBe('Password');
  await page.keyboard.type('wrong');
  await page.keyboard.press('Enter');
  expect(await page.getByRole('alert').textContent()).toBe('Invalid username or password.');
  await page.getByLabel('Password').fill(stage.mock.credentials.sipgate.password ?? '');
  await page.keyboard.press('Enter');
  await welcomeBack(page);
  expect(stage.lastCall()).toMatchObject({ session_state: session, code: expect.any(String) });
});

test('max_age asks for the password when the login is older', async () => {
  const page = await loggedIn();
  await page.goto(stage.authorizeUrl({ max_age: '3600' }));
  await welcomeBack(page);
  stage.mock.clock.advance('2h');
  await page.goto(stage.authorizeUrl({ max_age: '3600' }));
  expect(await page.getByText(REAUTHENTICATE).count()).toBe(1);
});

test('prompt=consent asks for what was allowed long ago', async () => {
  const page = await loggedIn();
  await page.goto(stage.authorizeUrl({ prompt: 'consent' }));
  expect(await page.getByRole('listitem').count()).toBe(1);
  await allow(page);
  await welcomeBack(page);
  expect(stage.lastCall()).toHaveProperty('code');
});

test('prompt=consent is nothing to a client that needs no consent', async () => {
  const page = await loggedIn();
  await page.goto(stage.authorizeUrl({ prompt: 'consent', client_id: OTHER_CLIENT }));
  await welcomeBack(page);
  expect(stage.lastCall()).toHaveProperty('code');
});

test('login_hint of somebody else does not change who is logged in', async () => {
  const page = await loggedIn();
  expect(await silently(page, { login_hint: 'grace@sidetone.example' })).toHaveProperty('code');
});

test('logout without a hint asks first, and means every client', async () => {
  const page = await loggedIn();
  const { refresh_token: token } = await tokensOf(stage.lastCall().code);
  await page.goto(stage.endpoint('logout'));
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Logging out');
  await page.getByRole('button', { name: 'Logout' }).click();
  await page.getByRole('heading', { name: 'You are logged out' }).waitFor();
  expect(await askToken({ grant_type: 'refresh_token', refresh_token: String(token) })).toMatchObject({
    error_description: 'Session not active',
  });
  expect(await silently(page)).toMatchObject({ error: 'login_required' });
  expect(await silently(page, { client_id: OTHER_CLIENT })).toMatchObject({ error: 'login_required' });
});

test('the question is no answer: whoever leaves it stays logged in', async () => {
  const page = await loggedIn();
  await page.goto(stage.endpoint('logout'));
  expect(await silently(page)).toHaveProperty('code');
});

test('logout with a hint goes straight back to the application, with its state', async () => {
  const page = await loggedIn();
  const { id_token: hint } = await tokensOf(stage.lastCall().code);
  const query = new URLSearchParams({
    id_token_hint: String(hint),
    post_logout_redirect_uri: stage.application.callback,
    state: 'bye & thanks',
  });
  await page.goto(`${stage.endpoint('logout')}?${query}`);
  await welcomeBack(page);
  expect(stage.lastCall()).toEqual({ state: 'bye & thanks' });
  expect(await silently(page)).toMatchObject({ error: 'login_required' });
});

test('logout by keyboard alone', async () => {
  const page = await loggedIn();
  await page.goto(stage.endpoint('logout'));
  await page.keyboard.press('Tab');
  expect(await focused(page)).toBe('Logout');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'You are logged out' }).waitFor();
});
