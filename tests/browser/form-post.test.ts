/** response_mode=form_post: the answer comes as a form that posts itself, or by a button where there are no scripts. */
import { expect, test } from 'vitest';
import { allow, logIn, useStage, welcomeBack } from './stage.ts';

const stage = useStage();

test('the code is posted to the application, and is in no address', async () => {
  const page = await stage.newPage();
  await page.goto(stage.authorizeUrl({ response_mode: 'form_post', state: 'a "b" <c> & ü' }));
  await logIn(page, stage);
  await allow(page);
  await welcomeBack(page);
  expect(page.url()).toBe(stage.application.callback);
  expect(stage.application.calls).toEqual([
    {
      method: 'POST',
      parameters: {
        code: expect.any(String),
        state: 'a "b" <c> & ü',
        session_state: expect.any(String),
        iss: `${stage.mock.url}/auth/realms/third-party`,
      },
    },
  ]);
});

test('so is an error', async () => {
  const page = await stage.newPage();
  await page.goto(stage.authorizeUrl({ response_mode: 'form_post', scope: 'zzz' }));
  await welcomeBack(page);
  expect(stage.application.calls).toEqual([
    { method: 'POST', parameters: expect.objectContaining({ error: 'invalid_scope', state: 'st' }) },
  ]);
});

test('without scripts there is a button, and everything before it works as well', async () => {
  const page = await stage.newPage({ javaScriptEnabled: false });
  await page.goto(stage.authorizeUrl({ response_mode: 'form_post' }));
  await logIn(page, stage);
  await allow(page);
  await page.getByRole('button', { name: 'Continue' }).click();
  await welcomeBack(page);
  expect(stage.application.calls).toEqual([
    { method: 'POST', parameters: expect.objectContaining({ code: expect.any(String) }) },
  ]);
});
