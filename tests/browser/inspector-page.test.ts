/** The inspector as a page: for everybody, on a phone, behind the admin token, offline, and with its timeline. */
import axe from 'axe-core';
import { expect, test } from 'vitest';
import { startMock } from '../../mock-server/index.ts';
import { clientToken, demoPat } from '../support/ask.ts';
import { inspect, line, opened } from './inspector.ts';
import { useStage } from './stage.ts';

const stage = useStage();
const VIEWS = ['live', 'timeline', 'try/sipgate.createClient', 'try/code-flow', 'tokens', 'time', 'state', 'verdicts'];

async function traffic(): Promise<void> {
  const { url, sipsim } = stage.mock;
  await fetch(`${url}/v2/account`, { headers: { authorization: demoPat(stage.mock) } });
  await fetch(`${url}/v2/account`);
  await clientToken(sipsim.tokenUrl, 'sipsim-demo', stage.mock.credentials.sipsim.clientSecret ?? '', 'account.read');
  stage.mock.fail({ match: { path: '/v2/users' }, answer: { status: 503 }, times: 3 });
  await fetch(`${url}/v2/users`);
}

const REPORT = {
  ...{ reportVersion: 2, exitCode: 1, target: 'both', sides: ['mock', 'real'] },
  rows: [
    {
      check: { id: 'sipgate.BAS-02', title: 'Case', level: 'MUST' },
      verdicts: { mock: { outcome: 'passed' }, real: { outcome: 'failed', reason: 'x' } },
      ...{ result: 'pass/fail', blame: 'fake', difference: [{ where: 'status', mock: 401, real: 200 }] },
    },
  ],
};

test.each(VIEWS)('axe-core finds nothing serious in %s, in light and dark', async (view) => {
  await traffic();
  await fetch(`${stage.mock.adminUrl}/report`, {
    ...{ method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify(REPORT) },
  });
  const page = await inspect(stage, view);
  await page.locator('main :is(table, form, .card)').first().waitFor();
  if (view === 'live') await opened(page, '/oauth/token');
  await page.evaluate(axe.source);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations, passes } = await page.evaluate<axe.AxeResults>('axe.run(document)');
    expect(passes.map(({ id }) => id)).toContain('color-contrast');
    const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect(grave.map(({ id, nodes }) => `${colorScheme} ${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual(
      [],
    );
  }
  expect(page.complaints).toEqual([]);
});

test.each(VIEWS)('%s is readable on a phone: nothing is wider than the screen', async (view) => {
  await traffic();
  const page = await inspect(stage, view, { viewport: { width: 360, height: 740 }, hasTouch: true });
  await page.locator('main :is(table, form, .card)').first().waitFor();
  if (view === 'live') await opened(page, '/oauth/token');
  expect(await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
});

test('with an admin token the page asks for it, keeps it for the tab, and says when it is wrong', async () => {
  await using open = await startMock({ host: '0.0.0.0', adminToken: 'let-me-in' });
  const page = await stage.newPage();
  await page.goto(`${open.adminUrl}/`);
  await page.locator('#admission-token').fill('wrong');
  await page.getByRole('button', { name: 'Let me in' }).click();
  await page.getByText('That is not the token.').waitFor();
  await page.locator('#admission-token').fill('let-me-in');
  await page.getByRole('button', { name: 'Let me in' }).click();
  await page.locator('#connection.live').waitFor();
  await fetch(`${open.url}/v2/account`);
  await line(page, '/v2/account').waitFor();
  await page.reload();
  await page.locator('#connection.live').waitFor();
  expect(await page.getByRole('dialog').count()).toBe(0);
  expect(await page.evaluate('localStorage.length')).toBe(0);
});

test('it speaks with the fake alone, and the policy stops whatever would not', async () => {
  const page = await inspect(stage);
  for (const [view] of VIEWS.map((name) => [name])) {
    await page.evaluate(`location.hash = '${view}'`);
    await page.locator('main :is(table, form, .card)').first().waitFor();
  }
  expect([...page.origins]).toEqual([stage.mock.url]);
  expect(page.complaints).toEqual([]);
  const blocked = await page.evaluate<string>(`fetch('http://localhost:1/').then(() => 'sent', (error) => error.name)`);
  expect(blocked).toBe('TypeError');
  await expect.poll(() => page.complaints.join()).toContain('Content Security Policy');
  await expect(page.evaluate(`document.body.innerHTML = '<b>x</b>'`)).rejects.toThrow(/TrustedHTML/);
});

test('a page of another origin may neither frame it nor read the stream', async () => {
  const { callback } = stage.application;
  const page = await stage.newPage();
  await page.goto(callback);
  const read = await page.evaluate<string>(
    `fetch('${stage.mock.adminUrl}/events').then((answer) => 'read ' + answer.status, (error) => error.name)`,
  );
  expect(read).toBe('TypeError');
  const answered = page.waitForResponse(`${stage.mock.adminUrl}/`);
  await page.evaluate(
    `document.body.append(Object.assign(document.createElement('iframe'), { src: '${stage.mock.adminUrl}/' }))`,
  );
  expect((await answered).status()).toBe(403);
  const frame = page.frames()[1];
  await frame?.waitForLoadState();
  expect(await frame?.locator('#connection').count()).toBe(0);
});

test('it comes back by itself when the fake was away', async () => {
  const first = await startMock();
  const { port } = new URL(first.url);
  const page = await stage.newPage();
  await page.goto(`${first.adminUrl}/`);
  await page.locator('#connection.live').waitFor();
  await first.close();
  await page.locator('#connection.lost').waitFor();
  await using again = await startMock({ port: Number(port) });
  await page.locator('#connection.live').waitFor();
  await fetch(`${again.url}/v2/balance`);
  await line(page, '/v2/balance').waitFor();
});

test('the timeline says that a token is fetched on every call, and that it is kept', async () => {
  const { sipsim, credentials } = stage.mock;
  const secret = credentials.sipsim.clientSecret ?? '';
  const page = await inspect(stage, 'timeline');
  await page.getByText('No token was dealt in this time.').waitFor();
  const call = async () => {
    const answer = await clientToken(sipsim.tokenUrl, 'sipsim-demo', secret, 'account.read');
    const { access_token: token } = (await answer.json()) as { access_token: string };
    return async () => fetch(`${sipsim.baseUrl}/account`, { headers: { authorization: `Bearer ${token}` } });
  };
  for (let round = 0; round < 6; round += 1) await (await call())();
  await page.getByText('A token is fetched for nearly every call: 5 tokens of sipsim-demo').waitFor();
  await expect.poll(() => page.locator('svg.lives circle.dealt').count()).toBe(6);
  await expect.poll(() => page.locator('svg.lives line.alive').count()).toBe(6);
  stage.mock.clock.advance('3h');
  await page.locator('svg.lives line.dead').nth(5).waitFor({ state: 'attached' });
  await stage.mock.reset();
  const ask = await call();
  for (let round = 0; round < 20; round += 1) await ask();
  await page.locator('.verdict.good').waitFor();
});
