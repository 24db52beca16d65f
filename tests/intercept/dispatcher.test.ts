/** In one process, without a proxy or a certificate: undici's dispatchers, and Node's own fetch. */

import * as undici from 'undici';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Mock, startMock } from '../../mock-server/index.ts';
import { demoPat } from '../support/ask.ts';

let mock: Mock;
beforeAll(async () => {
  mock = await startMock();
});
beforeEach(() => mock.reset());
afterAll(() => mock.close());

const ACCOUNT = 'https://api.sipgate.com/v2/account';
const headers = () => ({ authorization: demoPat(mock) });

test('Node’s fetch goes to the mock, and elsewhere for all else', async () => {
  const dispatcher = mock.dispatcher();
  const account = await fetch(ACCOUNT, { headers: headers(), dispatcher });
  expect([account.status, account.url]).toEqual([200, ACCOUNT]);
  expect((await account.json()) as object).toMatchObject({ company: 'Müller & Söhne GmbH' });
  const issuer = 'https://login.sipgate.com/auth/realms/third-party';
  const discovery = await fetch(`${issuer}/.well-known/openid-configuration`, { dispatcher });
  expect(await discovery.json()).toMatchObject({ issuer });
  await using other = await startMock();
  expect((await fetch(`${other.url}/v2/account`, { dispatcher })).status).toBe(401);
  expect([mock.requests().length, other.requests().length]).toEqual([2, 1]);
});

test('a body, and what is no path of the host', async () => {
  const dispatcher = mock.dispatcher();
  const { clientId = '', clientSecret = '' } = mock.credentials.sipsim;
  const form = {
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    scope: 'account.read',
  };
  const url = 'https://app.sipsim.com/oauth/token';
  expect((await fetch(url, { method: 'POST', body: new URLSearchParams(form), dispatcher })).status).toBe(200);
  expect((await fetch('https://app.sipsim.com/__admin/clock', { dispatcher })).status).toBe(404);
});

test.each(['http://api.sipgate.com/v2/account', 'https://api.sipgate.com:8443/v2/account'])(
  '%s is refused by the mock, and goes to nobody else',
  async (url) => {
    const answer = await fetch(url, { headers: headers(), dispatcher: mock.dispatcher() });
    expect(answer.status).toBe(url.startsWith('http:') ? 400 : 403);
  },
);

describe('undici’s own', () => {
  test('request and fetch, by a dispatcher of its own', async () => {
    const dispatcher = mock.dispatcher(new undici.Agent());
    const account = await undici.request(ACCOUNT, { headers: headers(), dispatcher });
    expect([account.statusCode, await account.body.json()]).toMatchObject([200, { verified: true }]);
    expect((await undici.fetch(ACCOUNT, { headers: headers(), dispatcher })).status).toBe(200);
    await dispatcher.close();
  });
  test('as the global one, for whoever asks', async () => {
    const before = undici.getGlobalDispatcher();
    undici.setGlobalDispatcher(mock.dispatcher(before));
    try {
      expect((await undici.request(ACCOUNT, { headers: headers() })).statusCode).toBe(200);
      expect((await fetch(ACCOUNT, { headers: headers() })).status).toBe(200);
    } finally {
      undici.setGlobalDispatcher(before);
    }
  });
  test('the proxy, with its authority', async () => {
    await using proxy = await startMock({ intercept: true });
    const agent = new undici.ProxyAgent({ uri: proxy.proxyUrl ?? '', requestTls: { ca: proxy.ca } });
    const answer = await undici.request(ACCOUNT, { headers: headers(), dispatcher: agent });
    expect(answer.statusCode).toBe(200);
    await answer.body.dump();
    await agent.close();
  });
});

test('a namespace has one of its own, whatever form the headers have', async () => {
  const one = await mock.namespace('one');
  expect((await fetch(ACCOUNT, { headers: headers(), dispatcher: one.dispatcher() })).status).toBe(200);
  const dispatcher = one.dispatcher(new undici.Agent());
  const pair = Object.entries(headers());
  for (const form of [headers(), pair.flat(), new Map(pair)]) {
    const answer = await undici.request(ACCOUNT, { headers: form as Record<string, string>, dispatcher });
    expect(answer.statusCode).toBe(200);
    await answer.body.dump();
  }
  await dispatcher.close();
  expect([one.requests().length, mock.requests().length]).toEqual([4, 0]);
});

test('what is no dispatcher is said to be none', () => {
  expect(() => mock.dispatcher({})).toThrow(/undici 6/);
});
