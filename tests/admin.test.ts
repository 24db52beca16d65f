/** The control API over HTTP, and who may use it. */
import { request } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Mock, startMock } from '../mock-server/index.ts';
import { bearer, demoPat } from './support/ask.ts';

let mock: Mock;
beforeAll(async () => {
  mock = await startMock();
});
beforeEach(() => mock.reset());
afterAll(() => mock.close());

const control = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  fetch(`${mock.adminUrl}${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });

describe('/health', () => {
  test('needs no credentials', async () => {
    const answer = await fetch(`${mock.url}/health`);
    expect([answer.status, await answer.json()]).toEqual([
      200,
      { status: 'ok', version: expect.any(String), uptime: expect.any(Number) },
    ]);
  });
});

describe('/__admin/clock', () => {
  test('is read, advanced, frozen, set and reset', async () => {
    const now = async (body: unknown) =>
      Date.parse(((await (await control('PUT', '/clock', body)).json()) as { now: string }).now);
    expect((await now({ advance: '2h' })) - Date.now()).toBeGreaterThan(7_100_000);
    for (const change of [
      { set: '2030-01-01T00:00:00Z', freeze: true },
      { set: '2030-01-01T00:00:00Z', freeze: true, reset: true },
    ]) {
      expect(await now(change)).toBe(Date.parse('2030-01-01T00:00:00Z'));
    }
    expect(await (await control('GET', '/clock')).json()).toMatchObject({ frozen: true });
    expect(await (await control('PUT', '/clock', { freeze: false, rate: 3600 })).json()).toMatchObject({ rate: 3600 });
    expect(Math.abs((await now({ reset: true })) - Date.now())).toBeLessThan(60_000);
  });
  test.each([
    [{ advance: 'soon' }, '"soon" is not a duration'],
    [{ set: 'never' }, '"never" is not an instant'],
    [{ jump: 1 }, '"jump" is no change of the clock'],
    [{}, 'is no change of the clock'],
    [{ set: null }, '"set" cannot be null'],
    [{ freeze: 'no' }, '"freeze" cannot be "no"'],
    [{ reset: false }, '"reset" cannot be false'],
    [{ rate: '2' }, '"rate" cannot be "2"'],
    [{ rate: 0, freeze: true }, '"0" is no rate'],
    [{ advance: 1e300 }, 'is not an instant'],
    [{ advance: '1h', set: 'never' }, '"never" is not an instant'],
    ['[]', 'must be a JSON object'],
    ['{', 'JSON'],
  ])('refuses %j', async (body, message) => {
    const answer = await control('PUT', '/clock', body);
    expect([answer.status, ((await answer.json()) as { error: string }).error]).toEqual([
      400,
      expect.stringContaining(message),
    ]);
  });
});

describe('/__admin/tokens', () => {
  test('mints a token with scopes and life, and revokes it', async () => {
    const answer = await control('POST', '/tokens', { provider: 'sipsim', scopes: ['account.read'], expiresIn: 60 });
    const { accessToken, expiresIn, scopes } = (await answer.json()) as {
      accessToken: string;
      expiresIn: number;
      scopes: string[];
    };
    expect([answer.status, expiresIn, scopes]).toEqual([201, 60, ['account.read']]);
    const status = async () =>
      (await fetch(`${mock.sipsim.baseUrl}/account`, { headers: { authorization: bearer(accessToken) } })).status;
    expect(await status()).toBe(200);
    expect((await control('DELETE', '/tokens', { token: accessToken })).status).toBe(204);
    expect(await status()).toBe(401);
    expect((await control('DELETE', '/tokens', { token: accessToken })).status).toBe(404);
  });
  test.each([
    [{ provider: 'nobody' }, '"provider" must be one of sipgate, sipsim'],
    [{ client: 'nobody' }, 'sipgate has no client "nobody"'],
    [{ scopes: 'all' }, '"scopes" must be a list of strings'],
    [{ expiresIn: -1 }, '"expiresIn" must be a positive number of seconds'],
  ])('refuses %j', async (body, message) => {
    const answer = await control('POST', '/tokens', body);
    expect([answer.status, ((await answer.json()) as { error: string }).error]).toEqual([400, message]);
  });
});

describe('/__admin/settings and /__admin/reset', () => {
  test('settings are read and patched, and a reset brings them back', async () => {
    const answer = await control('PATCH', '/settings', { sipgate: { errorBody: 'errors' } });
    expect(await answer.json()).toMatchObject({ sipgate: { errorBody: 'errors' } });
    expect((await control('POST', '/reset')).status).toBe(204);
    expect(await (await control('GET', '/settings')).json()).toMatchObject({ sipgate: { errorBody: 'empty' } });
  });
  test('a bad setting is named', async () => {
    const answer = await control('PATCH', '/settings', { sipsim: { wrongMethod: 418 } });
    expect([answer.status, ((await answer.json()) as { error: string }).error]).toEqual([
      400,
      expect.stringContaining('settings.sipsim.wrongMethod'),
    ]);
  });
});

test('an unknown path is 404, a wrong method 405 with Allow, both as JSON', async () => {
  expect((await control('GET', '/nothing')).status).toBe(404);
  const wrong = await control('GET', '/reset');
  expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST']);
});

describe('who may use it', () => {
  /** fetch would not send these headers. */
  const statusWith = (headers: Record<string, string>, url = `${mock.adminUrl}/reset`): Promise<number> =>
    new Promise((resolve, reject) => {
      request(url, { method: 'POST', headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      })
        .on('error', reject)
        .end();
    });

  test('a page of another origin may not', async () => {
    expect(await statusWith({ origin: 'http://evil.example' })).toBe(403);
    expect(await statusWith({ origin: 'null' })).toBe(403);
    expect(await statusWith({ 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await statusWith({ 'sec-fetch-site': 'same-site' })).toBe(403);
    const answer = await control('GET', '/clock', undefined, { origin: 'http://evil.example' });
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });
  test('its own page may', async () => {
    const { host } = new URL(mock.url);
    expect(await statusWith({ origin: `http://${host}`, 'sec-fetch-site': 'same-origin' })).toBe(204);
  });
  test('a name that only resolves to loopback may not (DNS rebinding)', async () => {
    expect(await statusWith({ host: 'evil.example' })).toBe(403);
    expect(await statusWith({ host: '127.0.0.1.evil.example' })).toBe(403);
    expect(await statusWith({ host: 'localhost:80' })).toBe(204);
  });
  test('off loopback it needs the bearer that is made up at start', async () => {
    await using open = await startMock({ host: '0.0.0.0' });
    expect(open.adminToken).toMatch(/^[\w-]{20,}$/);
    const url = `${open.adminUrl}/reset`;
    expect(await statusWith({}, url)).toBe(401);
    expect(await statusWith({ authorization: 'Bearer wrong' }, url)).toBe(401);
    expect(await statusWith({ authorization: bearer(open.adminToken ?? '') }, url)).toBe(204);
    expect(await statusWith({ authorization: bearer(open.adminToken ?? ''), origin: 'http://evil.example' }, url)).toBe(
      403,
    );
  });
  test('nobody may where it is switched off', async () => {
    await using closed = await startMock({ admin: false });
    expect(closed.adminUrl).toBeUndefined();
    expect((await fetch(`${closed.url}/__admin/clock`, { headers: { authorization: demoPat(closed) } })).status).toBe(
      404,
    );
  });
});
