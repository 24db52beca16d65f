/** `GET https://api.sipgate.com/v2/account HTTP/1.1` to the plain port: answered as the vendor's host would. */
import { request } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Mock, startMock } from '../../mock-server/index.ts';
import { demoPat } from '../support/ask.ts';
import { askAbsolute } from './say.ts';

let mock: Mock;
beforeAll(async () => {
  mock = await startMock();
});
beforeEach(() => mock.reset());
afterAll(() => mock.close());

const pat = () => ({ authorization: demoPat(mock) });

test('the host decides who answers, and the issuer is the vendor’s', async () => {
  const account = await askAbsolute(mock, 'https://api.sipgate.com/v2/account', pat());
  expect([account.status, account.body]).toEqual([200, expect.stringContaining('GmbH')]);
  const discovery = await askAbsolute(
    mock,
    'https://login.sipgate.com/auth/realms/third-party/.well-known/openid-configuration',
  );
  const { issuer, token_endpoint } = JSON.parse(discovery.body);
  expect(issuer).toBe('https://login.sipgate.com/auth/realms/third-party');
  expect(token_endpoint).toBe(`${issuer}/protocol/openid-connect/token`);
  expect((await askAbsolute(mock, 'https://app.sipsim.com/api/v2/account')).status).toBe(401);
});

test.each([
  ['https://API.SIPGATE.COM/v2/account', 200],
  ['https://api.sipgate.com:443/v2/account', 200],
  ['https://api.sipgate.com/v2/account?x=https://other.example/', 200],
  ['HTTPS://api.sipgate.com/v2/account', 200],
])('%s is the same host', async (target, status) => {
  expect((await askAbsolute(mock, target, pat())).status).toBe(status);
});

describe('a vendor’s host has its own paths alone', () => {
  test.each([
    'https://api.sipgate.com/account',
    'https://api.sipgate.com/oauth/token',
    'https://api.sipgate.com/authorization/oauth2/clients',
    'https://api.sipgate.com/api/v2/account',
    'https://api.sipgate.com/auth/realms/third-party/.well-known/openid-configuration',
    'https://api.sipgate.com/__admin/clock',
    'https://api.sipgate.com/health',
    'https://api.sipgate.com/~one/v2/account',
    'https://api.sipgate.com',
    'https://api.sipgate.com?/v2/account',
    'https://login.sipgate.com/v2/account',
    'https://login.sipgate.com/login/third-party/protocol/openid-connect/token',
    'https://login.sipgate.com/__admin/clock',
    'https://app.sipsim.com/v2/account',
    'https://app.sipsim.com/account',
    'https://app.sipsim.com/auth/realms/third-party/.well-known/openid-configuration',
    'https://app.sipsim.com/__admin/clock',
    'https://app.sipsim.com/health',
  ])('%s is 404', async (target) => {
    const answer = await askAbsolute(mock, target, pat());
    expect([answer.status, answer.headers['x-sidetone-reason']]).toEqual([404, expect.stringMatching(/ has no /)]);
  });

  test('each in its provider’s wire form, and in the journal', async () => {
    const [sipsim, sipgate] = [
      await askAbsolute(mock, 'https://app.sipsim.com/v2/account'),
      await askAbsolute(mock, 'https://api.sipgate.com/account'),
    ];
    expect(JSON.parse(sipsim.body)).toMatchObject({ status: 404, request_id: expect.any(String) });
    expect([sipgate.body, sipgate.headers]).toEqual([
      '',
      expect.objectContaining({ 'x-b3-traceid': expect.any(String) }),
    ]);
    expect(mock.requests().map(({ path, provider }) => [path, provider])).toEqual([
      ['/v2/account', 'sipsim'],
      ['/account', 'sipgate'],
    ]);
  });

  test('SIPSIM’s token endpoint knows no client of sipgate’s there', async () => {
    const { clientId = '', clientSecret = '' } = mock.credentials.sipgate;
    const form = {
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
      scope: 'account:read',
    };
    const query = new URLSearchParams(form);
    expect((await fetch(`${mock.url}/oauth/token`, { method: 'POST', body: query })).status).toBe(200);
    const answer = await askAbsolute(mock, `https://app.sipsim.com/oauth/token?${query}`, {}, 'POST');
    expect([answer.status, JSON.parse(answer.body).error]).toEqual([401, 'invalid_client']);
  });
});

test('tokens of the alias on api.sipgate.com name the login server as their issuer, and open the plain port too', async () => {
  const { username = '', password = '' } = mock.credentials.sipgate;
  const form = new URLSearchParams({
    grant_type: 'password',
    client_id: 'sipgate-app-web',
    username,
    password,
  }).toString();
  const body = await new Promise<string>((resolve, reject) => {
    const sent = request(
      {
        ...{ host: '127.0.0.1', port: new URL(mock.url).port, method: 'POST' },
        path: 'https://api.sipgate.com/login/sipgate-apps/protocol/openid-connect/token',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      },
      async (answer) => resolve(Buffer.concat(await answer.toArray()).toString()),
    );
    sent.on('error', reject).end(form);
  });
  const { access_token: token } = JSON.parse(body) as { access_token: string };
  const { iss } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  expect(iss).toBe('https://login.sipgate.com/auth/realms/sipgate-apps');
  const answer = await fetch(`${mock.sipgate.baseUrl}/account`, { headers: { authorization: `Bearer ${token}` } });
  expect(answer.status).toBe(200);
});

describe('every other host is refused, with the reason', () => {
  test.each([
    'http://example.com/',
    'https://example.com/v2/account',
    'https://api.sipgate.com:8443/v2/account',
    'https://api.sipgate.com.evil.example/v2/account',
    'https://evil.example:4010/__admin/clock',
    'https://[2001:db8::1]/v2/account',
    'http://[::1]:1/v2/account',
    'http://127.0.0.1:1/__admin/clock',
    'http://user:secret@api.sipgate.com/v2/account',
    'https://@api.sipgate.com/v2/account',
    'https:///v2/account',
  ])('%s', async (target) => {
    const answer = await askAbsolute(mock, target, { ...pat(), host: new URL(mock.url).host });
    expect([answer.status, answer.headers['x-sidetone-reason']]).toEqual([403, expect.any(String)]);
    expect(answer.headers['x-sidetone-reason']).not.toContain('secret');
    expect(mock.requests()).toEqual([]);
  });
});

test('plain http is not the vendor’s: refused, or redirected by the setting', async () => {
  const refused = await askAbsolute(mock, 'http://api.sipgate.com/v2/account', pat());
  expect(refused.status).toBe(400);
  mock.configure({ server: { plainHttp: 'redirected' } });
  const sent = await askAbsolute(mock, 'http://api.sipgate.com/v2/account?a=b', pat());
  expect([sent.status, sent.headers.location]).toEqual([308, 'https://api.sipgate.com/v2/account?a=b']);
});

describe('the fake’s own address in absolute form', () => {
  const own = (path: string, name = '127.0.0.1') => `http://${name}:${new URL(mock.url).port}${path}`;
  test('is the fake: its authority counts, and not the Host header', async () => {
    expect((await askAbsolute(mock, own('/v2/account'), pat())).status).toBe(200);
    expect((await askAbsolute(mock, own('/account', 'localhost'), pat())).status).toBe(200);
    const discovery = await askAbsolute(mock, own('/auth/realms/third-party/.well-known/openid-configuration'));
    expect(JSON.parse(discovery.body).issuer).toBe(own('/auth/realms/third-party'));
    expect((await askAbsolute(mock, own('/~one/v2/account'), pat())).status).toBe(200);
  });
  test('its control API is for no page of another origin', async () => {
    const url = own('/__admin/clock');
    expect((await askAbsolute(mock, url)).status).toBe(200);
    expect((await askAbsolute(mock, url, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await askAbsolute(mock, url, { origin: 'https://api.sipgate.com' })).status).toBe(403);
    expect((await askAbsolute(mock, url, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await askAbsolute(mock, '/__admin/clock', { host: 'api.sipgate.com' })).status).toBe(403);
  });
  test('by its public URL', async () => {
    await using named = await startMock({ settings: { server: { publicUrl: 'https://fake.example' } } });
    const url = 'https://fake.example/auth/realms/third-party/.well-known/openid-configuration';
    expect(JSON.parse((await askAbsolute(named, url)).body).issuer).toBe(
      'https://fake.example/auth/realms/third-party',
    );
  });
  // Names that no URL takes: comparing them as URLs once ended the process.
  test.each(['1.2.3.999', '[....]', '[1.2.3.999]:80'])(
    'http://%s/ is refused beside a public URL',
    async (authority) => {
      await using named = await startMock({ settings: { server: { publicUrl: 'https://fake.example' } } });
      expect((await askAbsolute(named, `http://${authority}/`)).status).toBe(403);
      expect((await askAbsolute(named, 'https://fake.example/v2/account')).status).toBe(401);
    },
  );
});

describe('namespaces', () => {
  const account = 'https://api.sipgate.com/v2/account';
  test('by the header, with the vendor’s issuer all the same', async () => {
    const one = await mock.namespace('by-header');
    const url = 'https://login.sipgate.com/auth/realms/third-party/.well-known/openid-configuration';
    const answer = await askAbsolute(mock, url, { 'x-sidetone-namespace': 'by-header' });
    expect(JSON.parse(answer.body).issuer).toBe('https://login.sipgate.com/auth/realms/third-party');
    expect([one.requests().length, mock.requests().length]).toEqual([1, 0]);
  });
  test('by the name in the proxy’s URL', async () => {
    const one = await mock.namespace('by-proxy');
    await askAbsolute(mock, account, { 'proxy-authorization': `Basic ${btoa('by-proxy:')}` });
    expect([one.requests().length, mock.requests().length]).toEqual([1, 0]);
    const answer = await askAbsolute(mock, account, { 'proxy-authorization': `Basic ${btoa('no name:')}` });
    expect(answer.status).toBe(400);
  });
});

test('an answer that is remembered is given to the same host alone', async () => {
  const url = '/auth/realms/third-party/.well-known/openid-configuration';
  const issuers = async () => {
    const { port } = new URL(mock.url);
    const targets = [
      `https://login.sipgate.com${url}`,
      url,
      `http://localhost:${port}${url}`,
      `http://127.0.0.1:${port}${url}`,
    ];
    const found = [];
    for (const target of targets) {
      const { body } = await askAbsolute(mock, target, { host: 'login.sipgate.com' });
      found.push(new URL(JSON.parse(body).issuer).host);
    }
    return found;
  };
  const { port } = new URL(mock.url);
  const first = await issuers();
  expect(first).toEqual(['login.sipgate.com', 'login.sipgate.com', `localhost:${port}`, `127.0.0.1:${port}`]);
  for (let round = 0; round < 3; round += 1) expect(await issuers()).toEqual(first);
  for (let round = 0; round < 4; round += 1) {
    const headers = { ...pat(), host: 'api.sipgate.com' };
    expect((await askAbsolute(mock, '/account', headers)).status).toBe(200);
    expect((await askAbsolute(mock, 'https://api.sipgate.com/account', headers)).status).toBe(404);
  }
});
