/** A hostile page in a real browser cannot steer the fake: not from another origin, not by a name that resolves to it. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Mock, startMock } from '../../mock-server/index.ts';

let mock: Mock;
let open: Mock;
let evil: Server;
let evilPort: number;
let browser: Browser;
beforeAll(async () => {
  mock = await startMock();
  open = await startMock({ host: '0.0.0.0', adminToken: 'the-admin-token' });
  evil = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>evil</title><body></body>');
  });
  await new Promise<void>((resolve) => evil.listen(0, '127.0.0.1', resolve));
  evilPort = (evil.address() as AddressInfo).port;
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
      // What DNS rebinding comes to: the page's own name, of late, is the fake's address.
      '--host-resolver-rules=MAP *.evil.test 127.0.0.1',
    ],
  });
});
beforeEach(() => {
  for (const target of [mock, open]) {
    target.clock.freeze('2030-01-01T00:00:00Z');
  }
});
afterAll(async () => {
  await browser.close();
  evil.close();
  await Promise.all([mock.close(), open.close()]);
});

const isUntouched = (target: Mock) => target.clock.state().now === '2030-01-01T00:00:00.000Z';

/** JavaScript of the page. */
const PROGRAM = `async (target) => {
  const outcome = async (attempt) => {
    try {
      const answer = await attempt();
      return answer.type === 'opaque' ? 'opaque' : answer.status + ' ' + (await answer.text()).slice(0, 60);
    } catch {
      return 'refused';
    }
  };
  const json = { 'content-type': 'application/json' };
  const attempts = [
    () => fetch(target + '/reset', { method: 'POST' }),
    () => fetch(target + '/reset', { method: 'POST', mode: 'no-cors' }),
    () => fetch(target + '/clock', { method: 'PUT', headers: json, body: '{"reset":true}' }),
    () => fetch(target + '/faults', { method: 'POST', mode: 'no-cors', body: '{"answer":{"status":500}}' }),
    () => fetch(target + '/state'),
    () => fetch(target + '/requests', { credentials: 'include' }),
    () => fetch(target + '/requests', { headers: { authorization: 'Bearer guessed' } }),
  ];
  const seen = [];
  for (const attempt of attempts) seen.push(await outcome(attempt));
  navigator.sendBeacon(target + '/reset', new Blob(['{}'], { type: 'text/plain' }));
  // A form and a script need no leave to be sent.
  const form = document.createElement('form');
  const frame = document.createElement('iframe');
  Object.assign(frame, { name: 'there' });
  Object.assign(form, { method: 'POST', action: target + '/reset', target: 'there' });
  document.body.append(frame, form);
  form.submit();
  const script = document.createElement('script');
  script.src = target + '/state';
  document.body.append(script);
  await new Promise((resolve) => setTimeout(resolve, 500));
  return seen;
}`;

/** Everything that a page may try, each told as what came of it. */
async function attack(pageUrl: string, admin: string): Promise<string[]> {
  const page = await browser.newPage();
  await page.goto(pageUrl);
  const outcomes = (await page.evaluate(`(${PROGRAM})(${JSON.stringify(admin)})`)) as string[];
  await page.close();
  return outcomes;
}

describe('a page of another origin', () => {
  test('can neither change nor read', async () => {
    const outcomes = await attack(`http://localhost:${evilPort}/`, mock.adminUrl ?? '');
    expect(new Set(outcomes)).toEqual(new Set(['refused', 'opaque']));
    expect(isUntouched(mock)).toBe(true);
    expect(mock.faults()).toEqual([]);
  });
  test('nor through a namespace', async () => {
    const space = await mock.namespace('mine');
    space.clock.freeze('2030-01-01T00:00:00Z');
    await attack(`http://localhost:${evilPort}/`, space.adminUrl ?? '');
    expect(space.clock.state()).toMatchObject({ frozen: true, now: '2030-01-01T00:00:00.000Z' });
  });
  test('nor where the fake is open to other machines', async () => {
    const outcomes = await attack(`http://localhost:${evilPort}/`, open.adminUrl ?? '');
    expect(new Set(outcomes)).toEqual(new Set(['refused', 'opaque']));
    expect(isUntouched(open)).toBe(true);
  });
});

describe('a page whose name resolves to the fake (DNS rebinding)', () => {
  test('is of the same origin to the browser, and is refused by its Host', async () => {
    const origin = `http://www.evil.test:${new URL(mock.url).port}`;
    const outcomes = await attack(`${origin}/health`, `${origin}/__admin`);
    // Answers can be read here: that is what rebinding is for. Each of them is a refusal.
    expect(outcomes.filter((outcome) => !outcome.startsWith('403 '))).toEqual([]);
    expect(isUntouched(mock)).toBe(true);
  });
  test('has not got the bearer where one is needed', async () => {
    const origin = `http://www.evil.test:${new URL(open.url).port}`;
    const outcomes = await attack(`${origin}/health`, `${origin}/__admin`);
    expect(outcomes.filter((outcome) => !/^40[13] /.test(outcome))).toEqual([]);
    expect(isUntouched(open)).toBe(true);
  });
});

test('the fake’s own page may: the refusals above are not for want of a working request', async () => {
  const page = await browser.newPage();
  await page.goto(`${mock.url}/health`);
  const status = await page.evaluate(
    `fetch('${mock.adminUrl}/reset', { method: 'POST' }).then(({ status }) => status)`,
  );
  await page.close();
  expect(status).toBe(204);
  expect(isUntouched(mock)).toBe(false);
});
