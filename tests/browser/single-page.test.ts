/** A program in the browser, with a public client: redirect, exchange by fetch across origins, the API. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { demoClientRecord, publicClient } from '../login/clients.ts';
import { useStage, welcomeBack } from './stage.ts';

const CLIENT = 'single-page:third-party';

const stage = useStage({
  sipgate: {
    clients: [demoClientRecord, publicClient({ clientId: CLIENT, webOrigins: ['http://localhost:*'] })],
  },
});

interface Asked {
  headers?: Record<string, string>;
  /** Posted. */
  form?: Record<string, string>;
}

/** What the program in the page sees of an answer: all of it, or that the browser has kept it from it. */
interface Seen {
  status?: number;
  body?: Record<string, unknown>;
  error?: string;
}

const fetchIn = (page: Page, url: string, { headers, form }: Asked = {}): Promise<Seen> =>
  page.evaluate(
    async ([address, init, fields]) => {
      try {
        const body = fields && { method: 'POST', body: new URLSearchParams(fields) };
        const answer = await fetch(address, { ...init, ...body });
        const text = await answer.text();
        return { status: answer.status, ...(text !== '' && { body: JSON.parse(text) }) };
      } catch (error) {
        return { error: String(error) };
      }
    },
    [url, headers ? { headers } : {}, form] as const,
  );

/** The program at its own origin, with a fresh code for it. */
async function programWithCode(host = 'localhost') {
  const page = await stage.newPage();
  const verifier = 'v'.repeat(64);
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  await page.goto(
    stage.authorizeUrl({
      client_id: CLIENT,
      code_challenge: Buffer.from(digest).toString('base64url'),
      code_challenge_method: 'S256',
    }),
  );
  await page.getByLabel('E-mail').fill(stage.mock.credentials.sipgate.username ?? '');
  await page.getByLabel('Password').fill(stage.mock.credentials.sipgate.password ?? '');
  await page.keyboard.press('Enter');
  await welcomeBack(page);
  const { code = '' } = stage.lastCall();
  if (host !== 'localhost') await page.goto(`http://${host}:${stage.application.port}/`);
  const form = {
    grant_type: 'authorization_code',
    client_id: CLIENT,
    code,
    redirect_uri: stage.application.callback,
    code_verifier: verifier,
  };
  return { page, form };
}

test('from a registered origin: code, refresh, userinfo, account, revocation', async () => {
  const { page, form } = await programWithCode();
  const { status, body: tokens } = await fetchIn(page, stage.endpoint('token'), { form });
  expect([status, tokens?.scope]).toEqual([200, 'openid account:read']);
  const refresh = { grant_type: 'refresh_token', client_id: CLIENT, refresh_token: String(tokens?.refresh_token) };
  const { body: next } = await fetchIn(page, stage.endpoint('token'), { form: refresh });
  const headers = { authorization: `Bearer ${next?.access_token}` };
  // With this header the browser asks beforehand (OPTIONS).
  expect(await fetchIn(page, stage.endpoint('userinfo'), { headers })).toEqual({
    status: 200,
    body: { sub: expect.any(String) },
  });
  expect(await fetchIn(page, `${stage.mock.sipgate.baseUrl}/account`, { headers })).toMatchObject({
    status: 200,
    body: { company: 'Müller & Söhne GmbH' },
  });
  const revoke = { client_id: CLIENT, token: String(next?.refresh_token) };
  expect(await fetchIn(page, stage.endpoint('revoke'), { form: revoke })).toEqual({ status: 200 });
  expect(await fetchIn(page, `${stage.mock.sipgate.baseUrl}/account`, { headers })).toMatchObject({ status: 401 });
});

test('from another origin the browser keeps the answer, and the code is not spent', async () => {
  const { page, form } = await programWithCode('127.0.0.1');
  expect(await fetchIn(page, stage.endpoint('token'), { form })).toEqual({ error: 'TypeError: Failed to fetch' });
  await page.goto(`http://localhost:${stage.application.port}/`);
  expect(await fetchIn(page, stage.endpoint('token'), { form })).toMatchObject({ status: 200 });
});

test('errors can be read as well: a wrong code, an unknown client', async () => {
  const { page, form } = await programWithCode();
  expect(await fetchIn(page, stage.endpoint('token'), { form: { ...form, code: 'x' } })).toEqual({
    status: 400,
    body: { error: 'invalid_grant', error_description: 'Code not valid' },
  });
  expect(await fetchIn(page, stage.endpoint('token'), { form: { ...form, client_id: 'nobody' } })).toMatchObject({
    status: 401,
    body: { error: 'invalid_client' },
  });
  expect(await fetchIn(page, stage.endpoint('userinfo'), { headers: { authorization: 'Bearer nonsense' } })).toEqual({
    status: 401,
  });
});

test('discovery and keys are for every origin', async () => {
  const page = await stage.newPage();
  await page.goto(`http://127.0.0.1:${stage.application.port}/`);
  const realm = `${stage.mock.url}/auth/realms/third-party`;
  const discovery = await fetchIn(page, `${realm}/.well-known/openid-configuration`);
  expect(discovery).toMatchObject({ status: 200, body: { issuer: realm } });
  expect(await fetchIn(page, String(discovery.body?.jwks_uri))).toMatchObject({ status: 200 });
});
