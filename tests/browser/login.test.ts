/** The login page, as a person with a keyboard meets it. */
import { expect, test } from 'vitest';
import { allow, focused, logIn, useStage, welcomeBack } from './stage.ts';

const stage = useStage();

test('by keyboard alone: e-mail, password, Enter, then the consent', async () => {
  const { username = '', password = '' } = stage.mock.credentials.sipgate;
  const page = await stage.newPage();
  await page.goto(stage.authorizeUrl());
  expect(await page.title()).toBe('Sign in to your account');
  expect(await page.getByText('to continue to').textContent()).toBe('to continue to Sidetone demo');

  expect(await focused(page)).toBe('E-mail');
  await page.keyboard.type(username);
  await page.keyboard.press('Tab');
  expect(await focused(page)).toBe('Password');
  await page.keyboard.type(password);
  await page.keyboard.press('Tab');
  expect(await focused(page)).toBe('Sign In');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');

  await page.getByRole('heading', { name: 'Grant Access to Sidetone demo' }).waitFor();
  const order = [];
  for (let stop = 0; stop < 4; stop += 1) {
    await page.keyboard.press('Tab');
    order.push(await focused(page));
  }
  expect(order).toEqual(['Privacy policy', 'Terms of use', 'Yes', 'No']);
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await welcomeBack(page);
  expect(stage.lastCall()).toEqual({
    state: 'st',
    session_state: expect.any(String),
    iss: `${stage.mock.url}/auth/realms/third-party`,
    code: expect.stringMatching(/^[^.]+\.[^.]+\.[^.]+$/),
  });
});

test('a wrong password is told as an alert, keeps the address and gives the focus to the password', async () => {
  const { username, password = '' } = stage.mock.credentials.sipgate;
  const page = await stage.newPage();
  await page.goto(stage.authorizeUrl());
  await logIn(page, stage, 'wrong');
  const alert = page.getByRole('alert');
  expect(await alert.textContent()).toBe('Invalid username or password.');
  for (const label of ['E-mail', 'Password']) {
    const input = page.getByLabel(label);
    expect(await input.getAttribute('aria-invalid')).toBe('true');
    expect(await input.getAttribute('aria-describedby')).toBe(await alert.getAttribute('id'));
  }
  expect(await page.getByLabel('E-mail').inputValue()).toBe(username);
  expect(await page.getByLabel('Password').inputValue()).toBe('');

  expect(await focused(page)).toBe('Password');
  await page.keyboard.type(password);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Yes' }).waitFor();
  expect(await page.getByRole('alert').count()).toBe(0);
});

test('an unknown address is told in the same words as a wrong password', async () => {
  const page = await stage.newPage();
  await page.goto(stage.authorizeUrl());
  await page.getByLabel('E-mail').fill('nobody@sidetone.example');
  await page.getByLabel('Password').fill('whatever');
  await page.keyboard.press('Enter');
  expect(await page.getByRole('alert').textContent()).toBe('Invalid username or password.');
});

test('an empty form is refused, not stored', async () => {
  const page = await stage.newPage();
  await page.goto(stage.authorizeUrl());
  await page.getByRole('button', { name: 'Sign In' }).click();
  expect(await page.getByRole('alert').textContent()).toBe('Invalid username or password.');
  expect(stage.application.calls).toEqual([]);
});

test('the password is hidden and both fields say what a password manager may fill in', async () => {
  const page = await stage.newPage();
  await page.goto(stage.authorizeUrl());
  expect(await page.getByLabel('Password').getAttribute('type')).toBe('password');
  expect(await page.getByLabel('Password').getAttribute('autocomplete')).toBe('current-password');
  expect(await page.getByLabel('E-mail').getAttribute('autocomplete')).toBe('username');
});

test('login_hint fills in the address and gives the focus to the password', async () => {
  const page = await stage.newPage();
  await page.goto(stage.authorizeUrl({ login_hint: 'grace@sidetone.example' }));
  expect(await page.getByLabel('E-mail').inputValue()).toBe('grace@sidetone.example');
  expect(await focused(page)).toBe('Password');
});

test('a reloaded page and a second tab are good as well', async () => {
  const context = await stage.newContext();
  const [first, second] = [await context.newPage(), await context.newPage()];
  await first.goto(stage.authorizeUrl({ state: 'first' }));
  await second.goto(stage.authorizeUrl({ state: 'second' }));
  await second.reload();
  await logIn(second, stage);
  await allow(second);
  await welcomeBack(second);
  expect(stage.lastCall()).toMatchObject({ state: 'second', code: expect.any(String) });
  await logIn(first, stage);
  await welcomeBack(first);
  expect(stage.lastCall()).toMatchObject({ state: 'first', code: expect.any(String) });
});

test('a step back after the login: the application hears that this one is over', async () => {
  const page = await stage.newPage();
  await page.goto(stage.authorizeUrl());
  await logIn(page, stage);
  await allow(page);
  await welcomeBack(page);
  await page.goBack();
  await welcomeBack(page);
  expect(stage.lastCall()).toMatchObject({
    state: 'st',
    error: 'temporarily_unavailable',
    error_description: 'authentication_expired',
  });
});

test('without cookies the page says what is wrong', async () => {
  const context = await stage.newContext();
  const page = await context.newPage();
  await page.goto(stage.authorizeUrl());
  await context.clearCookies();
  await logIn(page, stage);
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('We are sorry...');
  expect(await page.getByRole('alert').textContent()).toContain('Restart login cookie not found.');
});
