/** Live requests in the inspector: what is seen, why it was refused, and that it is only ever text. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { askAbsolute } from '../intercept/say.ts';
import { accessTokenOf, basic, bearer, clientToken, demoPat } from '../support/ask.ts';
import { inspect, line, opened } from './inspector.ts';
import { useStage } from './stage.ts';

const stage = useStage();

const ask = (path: string, headers: Record<string, string> = {}, init: RequestInit = {}) =>
  fetch(`${stage.mock.url}${path}`, { ...init, headers });
const NO_SCOPE = basic('token-N0SC0P', '41b8b4a1-6f0e-4f0b-a7c3-0f3d5f7a9e13');

test('a request is seen while the page is open: status, path, operation, client', async () => {
  const page = await inspect(stage);
  await page.getByText('No request yet.').waitFor();
  await ask('/v2/account', { authorization: demoPat(stage.mock) });
  const seen = line(page, '/v2/account');
  await seen.waitFor();
  expect(await seen.locator('td').allTextContents()).toEqual([
    '200',
    'GET /v2/account',
    'sipgate.getAccount',
    'token-FQ1V12',
    expect.stringMatching(/^\d\d:\d\d:\d\d\.\d{3}$/),
    expect.stringMatching(/ ms$/),
  ]);
  expect(page.complaints).toEqual([]);
  expect([...page.origins]).toEqual([stage.mock.url]);
});

test('of a 403 it is told which check refused it, and the needed scopes stand beside the granted ones', async () => {
  const page = await inspect(stage);
  await ask('/v2/account', { authorization: NO_SCOPE });
  const detail = await opened(page, '403');
  const facts = detail.locator('.why dd');
  expect(await detail.locator('.because').textContent()).toBe(
    'needs one of: all, account:read; the credential has: voicemails:read',
  );
  expect(await detail.locator('.why dt').allTextContents()).toEqual([
    'Refused by',
    'Needs one of',
    'Granted',
    'Evidence',
  ]);
  expect(await facts.nth(0).textContent()).toMatch(/^authorisation/);
  expect(await facts.nth(1).locator('code').allTextContents()).toEqual(['all', 'account:read']);
  expect(await facts.nth(2).locator('code').allTextContents()).toEqual(['voicemails:read']);
  expect(await facts.nth(3).textContent()).toMatch(/^observed /);
});

test.each([
  ['/v2/nothing', {}, /^routing: whether there is such a path/, 'documented|observed'],
  ['/v2/account', {}, /^authentication/, 'observed'],
  ['/api/v2/account', { authorization: 'Bearer x' }, /^authentication/, 'documented|engine|observed'],
])('%s is refused by the right check', async (path, headers, check, evidence) => {
  const page = await inspect(stage);
  await ask(path, headers as Record<string, string>);
  const detail = await opened(page, path);
  expect(await detail.locator('.why dd').first().textContent()).toMatch(check);
  expect(await detail.locator('.why .tag').last().textContent()).toMatch(new RegExp(`^(?:${evidence})$`));
});

test('a body that is not as declared is refused by the validation', async () => {
  const page = await inspect(stage);
  const headers = { authorization: demoPat(stage.mock), 'content-type': 'application/json' };
  await ask('/v2/authorization/oauth2/clients', headers, { method: 'POST', body: '{}' });
  const detail = await opened(page, '/clients');
  expect(await detail.locator('.why').textContent()).toContain('body.name is required');
  expect(await detail.locator('.why dd').first().textContent()).toMatch(/^validation/);
});

test('a token is shown by its claims and by what is left of its life, and dies before one’s eyes', async () => {
  const { accessToken } = await stage.mock.mintToken('sipgate', { scopes: ['account:read'], expiresIn: 120 });
  const page = await inspect(stage);
  await ask('/v2/account', { authorization: bearer(accessToken) });
  const detail = await opened(page, '/v2/account');
  expect(await detail.locator('.token').textContent()).toMatch(/good now.* left/);
  expect(await detail.locator('.token dd').allTextContents()).toContain('account:read');
  stage.mock.clock.advance('1h');
  await ask('/v2/account', { authorization: bearer(accessToken) });
  const dead = await opened(page, '401');
  expect(await dead.locator('.because').textContent()).toMatch(/^the token expired \d+ s ago$/);
  expect(await dead.locator('.token').textContent()).toMatch(/expired 58 min/);
  expect(await page.content()).not.toContain(accessToken.split('.')[2]);
});

test('secrets are labels, in both messages', async () => {
  const { clientId = '', clientSecret = '' } = stage.mock.credentials.sipsim;
  const page = await inspect(stage);
  const token = await accessTokenOf(
    await clientToken(stage.mock.sipsim.tokenUrl, clientId, clientSecret, 'account.read'),
  );
  const detail = await opened(page, '/oauth/token');
  const text = (await detail.textContent()) ?? '';
  expect(text).toMatch(/client_secret=\[secret:[0-9a-f]{6}\]/);
  expect(text).toMatch(/"access_token": "\[secret:[0-9a-f]{6}\]"/);
  const whole = await page.content();
  expect([whole.includes(clientSecret), whole.includes(token)]).toEqual([false, false]);
});

test('the list is filtered by text, status, provider and namespace', async () => {
  const page = await inspect(stage);
  await ask('/v2/account', { authorization: demoPat(stage.mock) });
  await ask('/v2/account');
  await ask('/api/v2/account');
  await ask('/~orders/v2/users');
  await line(page, '~orders').waitFor();
  const rows = () => page.locator('table.requests tbody tr').count();
  await expect.poll(rows).toBe(4);
  await page.getByLabel('4xx').check();
  await expect.poll(rows).toBe(3);
  await page.getByLabel('Provider').selectOption('sipsim');
  await expect.poll(rows).toBe(1);
  await page.getByLabel('Provider').selectOption('');
  await page.getByLabel('Namespace', { exact: true }).selectOption('orders');
  await expect.poll(rows).toBe(1);
  await page.getByLabel('Namespace', { exact: true }).selectOption('*');
  await page.getByLabel('4xx').uncheck();
  await page.keyboard.press('/');
  await page.keyboard.type('getaccount sipsim');
  await expect.poll(rows).toBe(1);
  await page.keyboard.press('Control+A');
  await page.keyboard.type('nothing like it');
  await page.getByText('No request is like that.').waitFor();
});

test('paused it stays as it is and says how many wait', async () => {
  const page = await inspect(stage);
  await ask('/v2/account');
  await line(page, '/v2/account').waitFor();
  await page.getByRole('button', { name: 'Pause' }).click();
  for (const path of ['/v2/users', '/v2/balance']) await ask(path);
  await page.getByText('2 waiting').waitFor();
  expect(await page.locator('table.requests tbody tr').count()).toBe(1);
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect.poll(() => page.locator('table.requests tbody tr').count()).toBe(3);
});

test('what was there when it was paused does not wait, though it is answered only then', async () => {
  const page = await inspect(stage);
  stage.mock.clock.freeze();
  stage.mock.fail({ delay: '5s', times: 1 });
  const asked = ask('/v2/account');
  await page.locator('table.requests tbody tr.open').waitFor();
  await page.getByRole('button', { name: 'Pause' }).click();
  stage.mock.clock.advance('5s');
  await asked;
  await ask('/v2/users');
  await page.getByText('1 waiting').waitFor();
});

test('the keyboard is enough: filter, pause, up and down, close', async () => {
  const page = await inspect(stage);
  for (const path of ['/v2/account', '/v2/users', '/v2/balance']) await ask(path);
  await line(page, '/v2/balance').waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  const heading = page.locator('.detail-head h3');
  await heading.getByText('/v2/balance').waitFor();
  await page.keyboard.press('ArrowDown');
  await heading.getByText('/v2/users').waitFor();
  await page.keyboard.press('Escape');
  await heading.waitFor({ state: 'detached' });
  await page.keyboard.press('p');
  await page.getByRole('button', { name: 'Go on' }).waitFor();
});

test('replay asks again, with the secrets that the page never has', async () => {
  const page = await inspect(stage);
  await ask('/v2/account', { authorization: demoPat(stage.mock) });
  const detail = await opened(page, '/v2/account');
  await detail.getByRole('button', { name: 'Replay' }).click();
  await page.getByText(/Asked again: 200/).waitFor();
  await page.getByText('2 requests', { exact: true }).waitFor();
});

test('what is copied as curl runs in a shell and is the same request, its secrets being variables', async () => {
  const page = await inspect(stage, 'live', { permissions: ['clipboard-read', 'clipboard-write'] });
  const { clientId = '', clientSecret = '' } = stage.mock.credentials.sipsim;
  const hostile = `it's "$(touch /nowhere)" \`x\` \\ ü`;
  await fetch(`${stage.mock.sipsim.tokenUrl}?q=${encodeURIComponent(hostile)}'`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
      scope: 'account.read',
      x: hostile,
    }),
  });
  const detail = await opened(page, '/oauth/token');
  await detail.getByRole('button', { name: 'Copy as curl' }).click();
  await detail.getByRole('button', { name: 'Copied' }).waitFor();
  const copied = await page.evaluate<string>('navigator.clipboard.readText()');
  expect(copied).not.toContain(clientSecret);
  const [assignment = '', ...command] = copied.split('\n');
  expect(assignment).toMatch(/^CLIENT_SECRET='…' {2}# secret:[0-9a-f]{6}$/);
  const script = `CLIENT_SECRET='${clientSecret}'\n${command.join('\n')} -s`;
  const { stdout } = await promisify(execFile)('bash', ['-c', script]);
  expect(stdout).toMatch(/^HTTP\/1\.1 200 /);
  const [first, second] = stage.mock.requests();
  expect([second?.query, second?.request.body]).toEqual([first?.query, first?.request.body]);
});

test('what was meant for a vendor’s host is shown with it, and copied as curl goes to the fake as to that host', async () => {
  const page = await inspect(stage, 'live', { permissions: ['clipboard-read', 'clipboard-write'] });
  const url = 'https://api.sipgate.com/v2/account?a=1';
  const authorization = demoPat(stage.mock);
  const proxyUser = `Basic ${btoa('one:')}`;
  await askAbsolute(stage.mock, url, { authorization, 'proxy-authorization': proxyUser });
  expect(await line(page, '/v2/account').locator('td').nth(1).textContent()).toContain(`GET ${url}`);
  const detail = await opened(page, url);
  expect(await detail.locator('.line').first().textContent()).toBe(`GET ${url} HTTP/1.1`);
  await detail.getByRole('button', { name: 'Copy as curl' }).click();
  await detail.getByRole('button', { name: 'Copied' }).waitFor();
  const [assignment = '', ...command] = (await page.evaluate<string>('navigator.clipboard.readText()')).split('\n');
  const secret = authorization.replace('Basic ', '');
  const script = `${assignment.replace(/='.*/, `='${secret}'`)}\n${command.join('\n')} -s`;
  const { stdout } = await promisify(execFile)('bash', ['-c', script]);
  expect(stdout).toMatch(/^HTTP\/1\.1 200 /);
  const one = await stage.mock.namespace('one');
  expect(one.requests().map(({ host, path, query }) => [host, path, query])).toEqual([
    ['api.sipgate.com', '/v2/account', 'a=1'],
    ['api.sipgate.com', '/v2/account', 'a=1'],
  ]);
});

test('hostile text is text, in every part of a request', async () => {
  const evil = '<script>document.title="owned"</script><img src=x onerror=alert(1)>';
  const page = await inspect(stage);
  let dialogs = 0;
  page.on('dialog', async (dialog) => {
    dialogs += 1;
    await dialog.dismiss();
  });
  const { request } = await import('node:http');
  const { port } = new URL(stage.mock.url);
  const body = JSON.stringify({ name: `\u202e${evil}`, large: 'x'.repeat(1_000_000) });
  await new Promise<void>((resolve, reject) => {
    const asked = request(
      {
        ...{ port, method: 'POST', path: `/v2/authorization/oauth2/clients?q=%E2%80%AE${evil.replaceAll(' ', '+')}` },
        headers: {
          ...{ authorization: demoPat(stage.mock), 'content-type': 'application/json' },
          ...{ 'x-evil': evil, 'x-long': 'y'.repeat(14_000), 'x-turned': Buffer.from('\u202eabc').toString('latin1') },
        },
      },
      (answer) => answer.resume().on('end', resolve),
    );
    asked.on('error', reject).end(Buffer.from(body));
  });
  const detail = await opened(page, '/clients');
  const text = (await detail.textContent()) ?? '';
  expect(text.includes(evil)).toBe(true);
  expect(/x-turned([^x]*)/.exec(text)?.[1]).toContain('⟨U+202E⟩abc');
  expect(text.includes('y'.repeat(14_000))).toBe(true);
  expect(text.includes('The beginning of 1000 kB')).toBe(true);
  expect(await page.locator('main script, main img').count()).toBe(0);
  expect([await page.title(), dialogs, page.complaints]).toEqual(['Live – Sidetone', 0, []]);
  const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
  expect(overflow).toBeLessThanOrEqual(0);
});

test('a header of 1 MB, which the fake refuses unread, changes nothing', async () => {
  const page = await inspect(stage);
  const { request } = await import('node:http');
  const status = await new Promise<number>((resolve) => {
    const asked = request(`${stage.mock.url}/v2/account`, { headers: { 'x-long': 'y'.repeat(1_000_000) } }, (answer) =>
      resolve(answer.resume().statusCode ?? 0),
    );
    asked.on('error', () => resolve(0)).end();
  });
  expect([0, 431]).toContain(status);
  await ask('/v2/account');
  await line(page, '/v2/account').waitFor();
  expect(page.complaints).toEqual([]);
});

test('however many requests come, the page keeps the last thousand and says how many it did not show', async () => {
  const page = await inspect(stage);
  const authorization = demoPat(stage.mock);
  for (let round = 0; round < 24; round += 1) {
    await Promise.all(Array.from({ length: 50 }, () => ask('/v2/account', { authorization })));
  }
  await ask('/v2/users?last');
  await line(page, '/v2/users?last').waitFor();
  const rows = await page.locator('table.requests tbody tr').count();
  expect(rows).toBeLessThanOrEqual(1000);
  const text = (await page.locator('.toolbar output').textContent()) ?? '';
  const [, shown = '', left = '0'] = /^(\d+) requests?(?:, (\d+) too fast to show)?/.exec(text) ?? [];
  if (rows < 1000) expect(Number(shown) + Number(left)).toBe(1201);
});
