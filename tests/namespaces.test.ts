/** Namespaces: each a world of its own, and nothing of it left when it is freed. */
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Mock, type MockNamespace, startMock } from '../mock-server/index.ts';
import { createNamespaces } from '../mock-server/namespaces.ts';
import { accessTokenOf, bearer, clientToken, demoPat } from './support/ask.ts';

let mock: Mock;
beforeAll(async () => {
  mock = await startMock();
});
beforeEach(async () => {
  for (const { name } of mock.namespaces()) await (await mock.namespace(name)).close();
  await mock.reset();
});
afterAll(() => mock.close());

const account = (at: Pick<MockNamespace, 'sipgate'>, authorization: string) =>
  fetch(`${at.sipgate.baseUrl}/account`, { headers: { authorization } });
const clientsOf = (at: Pick<MockNamespace, 'sipgate'>) => `${at.sipgate.baseUrl}/authorization/oauth2/clients`;
const headers = () => ({ authorization: demoPat(mock), 'content-type': 'application/json' });
const createClient = async (at: Pick<MockNamespace, 'sipgate'>, name: string) => {
  const body = JSON.stringify({ name, description: 'd', redirectUris: [], webOrigins: [] });
  const answer = await fetch(clientsOf(at), { method: 'POST', headers: headers(), body });
  return ((await answer.json()) as { clientId: string }).clientId;
};
const namesOf = async (at: Pick<MockNamespace, 'sipgate'>) => {
  const answer = (await (await fetch(clientsOf(at), { headers: headers() })).json()) as { data: { name: string }[] };
  return answer.data.map(({ name }) => name);
};

describe('a namespace', () => {
  test('is made on first use, by path or header', async () => {
    expect(mock.namespaces()).toEqual([]);
    expect((await fetch(`${mock.url}/~one/v2/account`, { headers: headers() })).status).toBe(200);
    const named = { ...headers(), 'x-sidetone-namespace': 'two' };
    expect((await fetch(`${mock.url}/v2/account`, { headers: named })).status).toBe(200);
    expect(mock.namespaces()).toMatchObject([
      { name: 'one', requests: 1 },
      { name: 'two', requests: 1 },
    ]);
    expect(mock.requests()).toEqual([]);
  });
  test('has state, clock, settings, faults and journal of its own', async () => {
    const [one, two] = [await mock.namespace('one'), await mock.namespace('two')];
    await createClient(one, 'mine');
    one.clock.set('2030-01-01T00:00:00Z');
    one.configure({ sipgate: { errorBody: 'errors' } });
    one.fail({ answer: { status: 503 }, match: { path: '/v2/balance' } });
    for (const other of [two, mock]) {
      expect(await namesOf(other)).not.toContain('mine');
      expect(Math.abs(other.clock.now() - Date.now())).toBeLessThan(60_000);
      expect(other.settings.sipgate.errorBody).toBe('empty');
      expect((await fetch(`${other.sipgate.baseUrl}/balance`, { headers: headers() })).status).toBe(200);
      expect(other.requests({ method: 'POST' })).toEqual([]);
    }
    expect(await namesOf(one)).toContain('mine');
    const answer = await fetch(`${one.sipgate.baseUrl}/balance`, { headers: headers() });
    expect([answer.status, answer.headers.get('date')]).toEqual([503, expect.stringContaining('2030')]);
    expect(one.requests({ method: 'POST' })).toHaveLength(1);
  });
  test('has an issuer of its own, and its tokens are nobody’s elsewhere', async () => {
    const one = await mock.namespace('one');
    const { clientId = '', clientSecret = '' } = mock.credentials.sipgate;
    const discovery = `${one.url}/auth/realms/third-party/.well-known/openid-configuration`;
    const { issuer } = (await (await fetch(discovery)).json()) as { issuer: string };
    expect(issuer).toBe(`${mock.url}/~one/auth/realms/third-party`);
    const named = { 'x-sidetone-namespace': 'one' };
    const byHeader = await fetch(discovery.replace('/~one', ''), { headers: named });
    expect(await byHeader.json()).toMatchObject({ issuer });
    const token = await accessTokenOf(await clientToken(one.sipgate.tokenUrl, clientId, clientSecret, 'account:read'));
    expect((await account(one, bearer(token))).status).toBe(200);
    for (const other of [mock, await mock.namespace('two')])
      expect((await account(other, bearer(token))).status).toBe(401);
    const { accessToken } = await one.mintToken('sipsim');
    const ask = (at: MockNamespace) =>
      fetch(`${at.sipsim.baseUrl}/account`, { headers: { authorization: bearer(accessToken) } });
    expect([(await ask(one)).status, (await ask(mock)).status]).toEqual([200, 401]);
  });
  test('logs a user in by pages of its own, whose code and session are nobody’s elsewhere', async () => {
    const one = await mock.namespace('one');
    const redirectUri = 'http://localhost:9/back';
    const query = new URLSearchParams({
      client_id: 'sipgate-app-web',
      response_type: 'code',
      redirect_uri: redirectUri,
    });
    const login = new URL(`${one.url}/auth/realms/sipgate-apps/protocol/openid-connect/auth?${query}`);
    const page = await fetch(login);
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining(`action="${one.url}/auth/realms/`)]);
    expect(page.headers.getSetCookie().join()).toContain('Path=/~one/auth/realms/sipgate-apps/');
    one.configure({ sipgate: { autoLogin: one.credentials.sipgate.username ?? '' } });
    const back = new URL((await fetch(login, { redirect: 'manual' })).headers.get('location') ?? '');
    expect(back.searchParams.get('iss')).toBe(`${one.url}/auth/realms/sipgate-apps`);
    const exchange = (at: Pick<MockNamespace, 'url'>) =>
      fetch(`${at.url}/auth/realms/sipgate-apps/protocol/openid-connect/token`, {
        method: 'POST',
        body: new URLSearchParams({
          ...{ grant_type: 'authorization_code', client_id: 'sipgate-app-web', redirect_uri: redirectUri },
          code: back.searchParams.get('code') ?? '',
        }),
      });
    expect([(await exchange(mock)).status, (await exchange(one)).status]).toEqual([400, 200]);
  });
  test('is reset alone, and steered under its own path', async () => {
    const one = await mock.namespace('one');
    await createClient(one, 'mine');
    await createClient(mock, 'ours');
    expect((await fetch(`${one.adminUrl}/reset`, { method: 'POST' })).status).toBe(204);
    expect([await namesOf(one), await namesOf(mock)]).toEqual([
      expect.not.arrayContaining(['mine']),
      expect.arrayContaining(['ours']),
    ]);
  });
  test('is freed, and is new when it is used again', async () => {
    const one = await mock.namespace('one');
    await createClient(one, 'mine');
    const free = () => fetch(`${mock.adminUrl}/namespaces/one`, { method: 'DELETE' });
    expect([(await free()).status, (await free()).status]).toEqual([204, 404]);
    expect(await namesOf(one)).not.toContain('mine');
  });
  test('is listed over HTTP, and all are freed at once', async () => {
    await mock.namespace('one');
    await mock.namespace('two');
    const list = async () =>
      ((await (await fetch(`${mock.adminUrl}/namespaces`)).json()) as { namespaces: { name: string }[] }).namespaces;
    expect((await list()).map(({ name }) => name)).toEqual(['one', 'two']);
    expect((await fetch(`${mock.adminUrl}/namespaces`, { method: 'DELETE' })).status).toBe(204);
    expect(await list()).toEqual([]);
  });
  test('answers a request that was waiting when it was freed', async () => {
    const one = await mock.namespace('one');
    one.clock.freeze();
    one.fail({ delay: '1h' });
    const asked = account(one, demoPat(mock));
    await one.waitForRequests();
    await one.close();
    expect((await asked).status).toBe(200);
  });
  test.each([
    ['/~/v2/account', {}],
    ['/~a%20b/v2/account', {}],
    [`/~${'a'.repeat(65)}/v2/account`, {}],
    ['/v2/account', { 'x-sidetone-namespace': 'a/b' }],
    ['/~one/v2/account', { 'x-sidetone-namespace': 'two' }],
    ['/v2/account', { 'x-sidetone-namespace': '' }],
  ])('%s with %j has no good name: 400', async (path, more) => {
    const answer = await fetch(mock.url + path, { headers: more as Record<string, string> });
    expect([answer.status, await answer.json()]).toEqual([
      400,
      { error: 'sidetone_namespace', error_description: expect.any(String) },
    ]);
    expect(mock.namespaces()).toEqual([]);
  });
  test('a path that only looks like control is the imitated API’s', async () => {
    expect((await fetch(`${mock.url}/__adminx`)).status).toBe(404);
    expect((await fetch(`${mock.url}/~one/__admin/clock`)).status).toBe(200);
    expect((await fetch(`${mock.url}/~one/health`)).status).toBe(200);
  });
});

describe('how many', () => {
  test('are as many as allowed: then 503 says what to do', async () => {
    await using small = await startMock({ namespaces: { limit: 2 } });
    for (const name of ['one', 'two']) expect((await fetch(`${small.url}/~${name}/health`)).status).toBe(200);
    const answer = await fetch(`${small.url}/~three/health`);
    expect([answer.status, await answer.json()]).toEqual([
      503,
      { error: 'sidetone_namespace', error_description: expect.stringContaining('DELETE /__admin/namespaces/{name}') },
    ]);
    await expect(small.namespace('three')).rejects.toThrow('there are 2 namespaces');
    await (await small.namespace('one')).close();
    expect((await fetch(`${small.url}/~three/health`)).status).toBe(200);
  });
  test('the idle ones make room, and go by themselves', async () => {
    vi.useFakeTimers();
    const free = vi.fn();
    const namespaces = createNamespaces({ limit: 2, idle: 10_000, make: async (name: string) => ({ name }), free });
    await namespaces.use('one');
    await namespaces.use('two');
    vi.advanceTimersByTime(4_000);
    await namespaces.use('two');
    vi.advanceTimersByTime(6_000);
    expect(namespaces.list().map(({ name }) => name)).toEqual(['two']);
    vi.advanceTimersByTime(5_000);
    expect(namespaces.list()).toEqual([]);
    await vi.waitFor(() => expect(free).toHaveBeenCalledTimes(2));
    namespaces.close();
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });
  test('one that cannot be made is not there', async () => {
    const make = () => Promise.reject(new Error('no room'));
    const namespaces = createNamespaces({ make, free: () => {} });
    await expect(namespaces.use('one')).rejects.toThrow('no room');
    expect(namespaces.list()).toEqual([]);
    namespaces.close();
  });
  test.each([{ limit: 0 }, { idle: 1.5 }, { limt: 1 }])('%j is refused', async (namespaces) => {
    await expect(startMock({ namespaces: namespaces as never })).rejects.toThrow(/namespaces/);
  });
});

test('two that are hammered at once never see each other: 10,000 requests', { timeout: 300_000 }, async () => {
  const spaces = await Promise.all(['left', 'right'].map((name) => mock.namespace(name)));
  const leaks: string[] = [];
  const hammer = async (at: MockNamespace, own: string, hours: number) => {
    at.configure({ server: { journalSize: 20_000 } });
    at.clock.freeze(`2030-01-01T0${hours}:00:00Z`);
    const date = new Date(at.clock.now()).toUTCString();
    const { accessToken } = await at.mintToken('sipgate', { expiresIn: 3600 });
    const tokens: string[] = [];
    const turn = async (index: number) => {
      const kind = index % 5;
      if (kind === 0) {
        const { access_token: token } = (await (await token_(at)).json()) as { access_token: string };
        tokens.push(token);
      } else if (kind === 1) await createClient(at, `${own}-${index}`);
      else if (kind === 2) {
        const names = await namesOf(at);
        if (names.some((name) => /^(left|right)-/.test(name) && !name.startsWith(own))) leaks.push(`${own}: ${names}`);
      } else {
        const answer = await account(at, bearer(accessToken));
        if (answer.status !== 200 || answer.headers.get('date') !== date) {
          leaks.push(`${own}: ${answer.status} ${answer.headers.get('date')}`);
        }
        await answer.text();
      }
      if (index % 20 === 1) for (const { clientId } of await ownClients(at)) await removeClient(at, clientId);
    };
    for (let index = 0; index < 5_000; index += 20) {
      await Promise.all(Array.from({ length: 20 }, (_, offset) => turn(index + offset)));
    }
    return { own, at, tokens };
  };
  const token_ = (at: MockNamespace) => {
    const { clientId = '', clientSecret = '' } = at.credentials.sipsim;
    return clientToken(at.sipsim.tokenUrl, clientId, clientSecret, 'account.read');
  };
  const ownClients = async (at: MockNamespace) => {
    const { data } = (await (await fetch(clientsOf(at), { headers: headers() })).json()) as {
      data: { clientId: string; name: string }[];
    };
    return data.filter(({ name }) => /^(left|right)-/.test(name));
  };
  const removeClient = (at: MockNamespace, clientId: string) =>
    fetch(`${clientsOf(at)}/${encodeURIComponent(clientId)}`, { method: 'DELETE', headers: headers() });

  const [left, right] = spaces as [MockNamespace, MockNamespace];
  const [one, two] = await Promise.all([hammer(left, 'left', 1), hammer(right, 'right', 5)]);
  for (const [mine, other] of [[one, two] as const, [two, one] as const]) {
    const theirs = { authorization: bearer(other.tokens[0] ?? '') };
    expect((await fetch(`${mine.at.sipsim.baseUrl}/account`, { headers: theirs })).status).toBe(401);
    const entries = mine.at.requests();
    expect(entries.length).toBeGreaterThanOrEqual(5_000);
    expect(entries.filter(({ request }) => request.body?.includes(`"${other.own}-`))).toEqual([]);
    expect(new Set(entries.map(({ time }) => time)).size).toBe(1);
  }
  expect(one.at.requests().length + two.at.requests().length).toBeGreaterThanOrEqual(10_000);
  expect(leaks).toEqual([]);
  expect(mock.requests()).toEqual([]);
});
