/** What the inspector asks the control API for: the page itself, the stream, one exchange explained, credentials, reports. */
import { request, type ServerResponse } from 'node:http';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { eventRoutes } from '../mock-server/admin/events.ts';
import type { AdminAsk } from '../mock-server/admin/route.ts';
import { createClock } from '../mock-server/clock.ts';
import { type Mock, startMock } from '../mock-server/index.ts';
import { askAbsolute } from './intercept/say.ts';
import { accessTokenOf, basic, bearer, clientToken, demoPat } from './support/ask.ts';
import { type News, watch } from './support/watch.ts';

let mock: Mock;
beforeAll(async () => {
  mock = await startMock();
});
beforeEach(() => mock.reset());
afterAll(() => mock.close());

const control = (path: string, init: RequestInit = {}) => fetch(`${mock.adminUrl}${path}`, init);
const post = (path: string, body?: unknown, method = 'POST') =>
  control(path, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body ?? {}) });
// biome-ignore lint/suspicious/noExplicitAny: answers are compared, not used
const json = async (path: string): Promise<any> => (await control(path)).json();
const lastId = () => mock.requests().at(-1)?.id ?? 0;
const account = (authorization: string, path = '/v2/account') =>
  fetch(`${mock.url}${path}`, { headers: { authorization } });

describe('the page', () => {
  test('is served with a policy that allows nothing but its own files', async () => {
    const answer = await control('/');
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const policy = answer.headers.get('content-security-policy');
    for (const part of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"]) {
      expect(policy).toContain(part);
    }
    expect(policy).not.toContain('unsafe');
  });
  test('is found without the closing slash, in a namespace too', async () => {
    const answer = await fetch(`${mock.url}/~one/__admin`);
    expect([answer.status, new URL(answer.url).pathname]).toEqual([200, '/~one/__admin/']);
  });
  test('names only files of its own that are there, and is below 150 kB with all of them', async () => {
    const files = new Set(['']);
    for (const file of files) {
      const answer = await control(`/${file}`);
      expect([file, answer.status]).toEqual([file, 200]);
      const text = await answer.text();
      expect(text.match(/(?:src|href)="https?:/)).toBeNull();
      for (const [, name] of text.matchAll(/["']\.?\/?(?:inspector\/)?([a-z-]+\.(?:js|css|svg))["']/g)) {
        files.add(`inspector/${name}`);
      }
    }
    expect(files.size).toBeGreaterThan(10);
    const texts = await Promise.all([...files].map(async (file) => (await control(`/${file}`)).text()));
    expect(Buffer.byteLength(texts.join(''))).toBeLessThan(150_000);
  });
  test('gives nothing of its folder but files of the page', async () => {
    for (const name of ['files.ts', 'page.html', '..%2findex.ts', 'nothing.js']) {
      expect([name, (await control(`/inspector/${name}`)).status]).toEqual([name, 404]);
    }
  });
  test('obeys the rules of the control API, but that the page itself, which holds no secret, needs no token', async () => {
    const statusWith = (headers: Record<string, string>, url = `${mock.adminUrl}/`): Promise<number> =>
      new Promise((resolve, reject) => {
        const asked = request(url, { headers }, (answer) => resolve(answer.resume().statusCode ?? 0));
        asked.on('error', reject).end();
      });
    expect(await statusWith({ 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await statusWith({ host: 'evil.example' })).toBe(403);
    expect(await statusWith({ 'sec-fetch-site': 'none' })).toBe(200);
    await using open = await startMock({ host: '0.0.0.0' });
    expect(await statusWith({}, `${open.adminUrl}/`)).toBe(200);
    expect(await statusWith({ 'sec-fetch-site': 'cross-site' }, `${open.adminUrl}/`)).toBe(403);
    for (const path of ['events', 'credentials', 'requests/1', 'apis.json']) {
      expect(await statusWith({}, `${open.adminUrl}/${path}`)).toBe(401);
    }
  });
  test('is not there where the control API is off', async () => {
    await using closed = await startMock({ admin: false });
    expect((await fetch(`${closed.url}/__admin/`)).status).toBe(404);
  });
});

describe('the stream', () => {
  /** Of what is on its way while the stream looks, it tells twice. */
  const answered = ({ rows }: News) => rows.some(({ status }) => status !== null);
  test('begins with what was, and tells what comes', async () => {
    await account(demoPat(mock));
    const stream = await watch(mock.adminUrl);
    const first = await stream.next();
    expect(first).toMatchObject({ clock: { frozen: false }, ended: { 2: 1 } });
    expect(first.rows).toMatchObject([{ method: 'GET', target: '/v2/account', status: 200, client: 'token-FQ1V12' }]);
    await account('Bearer nonsense');
    const next = await stream.until(answered);
    expect(next.rows).toMatchObject([
      { operation: 'sipgate.getAccount', status: 401, reason: 'the token is none of this server' },
    ]);
    await stream.close();
  });
  test('names the vendor’s host of what was meant for one, before it is answered too', async () => {
    mock.clock.freeze();
    const stream = await watch(mock.adminUrl);
    await stream.next();
    mock.fail({ delay: '5s', times: 1 });
    const asked = askAbsolute(mock, 'https://api.sipgate.com/v2/account');
    const host = 'api.sipgate.com';
    const open = await stream.until((news) => news.rows.length > 0);
    expect(open.rows).toMatchObject([{ host, target: '/v2/account', status: null }]);
    mock.clock.advance('5s');
    await asked;
    expect((await stream.until(answered)).rows).toMatchObject([{ host, status: 401 }]);
    await account('Bearer nonsense');
    expect((await stream.until(answered)).rows).toMatchObject([{ host: null, status: 401 }]);
    await stream.close();
  });
  test('tells of faults and the clock only when they change', async () => {
    const stream = await watch(mock.adminUrl);
    await stream.next();
    mock.fail({ id: 'two', answer: { status: 503 }, times: 2 });
    expect(await stream.next()).toMatchObject({ rows: [], faults: [{ id: 'two', struck: 0 }] });
    await account(demoPat(mock));
    const struck = await stream.until((news) => news.faults?.[0]?.struck === 1);
    expect(struck).not.toHaveProperty('clock');
    mock.clock.advance('1h');
    const { clock } = await stream.until((news) => news.clock !== undefined);
    expect(clock?.offset).toBeGreaterThan(3_590_000);
    await stream.close();
  });
  test('of too many it shows a few and counts the others', async () => {
    const stream = await watch(mock.adminUrl);
    await stream.next();
    await Promise.all(Array.from({ length: 900 }, () => account(demoPat(mock))));
    const news: News[] = [];
    const sum = (of: (one: News) => number) => news.reduce((total, one) => total + of(one), 0);
    while (sum(({ ended }) => ended[2] ?? 0) < 900) news.push(await stream.next());
    const rows = news.flatMap((one) => one.rows);
    expect(new Set(rows.map(({ id }) => id)).size + sum(({ left }) => left)).toBe(900);
    expect(rows.length).toBeLessThan(900);
    await stream.close();
  });
  test('shows what is not answered yet, and again when it is', async () => {
    mock.clock.freeze();
    mock.fail({ delay: '5s', times: 1 });
    const stream = await watch(mock.adminUrl);
    await stream.next();
    const asked = account(demoPat(mock));
    const { rows } = await stream.until((news) => news.rows.length > 0);
    expect(rows).toMatchObject([{ status: null, fault: { kind: 'delay' } }]);
    mock.clock.advance('5s');
    await asked;
    const after = await stream.until(answered);
    expect(after.rows).toMatchObject([{ id: rows[0]?.id, status: 200 }]);
    await stream.close();
  });
  test('tells of every namespace where it is told to, and else of its own alone', async () => {
    const one = await mock.namespace('one');
    const [all, own] = [await watch(mock.adminUrl, '?namespaces=all'), await watch(one.adminUrl)];
    await Promise.all([all.next(), own.next()]);
    await fetch(`${one.url}/v2/account`);
    expect((await all.until(answered)).rows).toMatchObject([{ namespace: 'one', status: 401 }]);
    expect((await own.until(answered)).rows).toMatchObject([{ namespace: 'one', status: 401 }]);
    await one.close();
    expect(await own.until((news) => news.gone === true)).toMatchObject({ gone: true });
    expect(mock.namespaces()).toEqual([]);
    await all.close();
  });
  test('tells that the journal was emptied', async () => {
    const stream = await watch(mock.adminUrl);
    await stream.next();
    await mock.reset();
    expect((await stream.until((news) => news.emptied.length > 0)).emptied).toEqual(['']);
    await stream.close();
  });
  test('holds no secret: tokens are labels, the same wherever one comes again', async () => {
    const { clientId = '', clientSecret = '' } = mock.credentials.sipsim;
    const stream = await watch(mock.adminUrl);
    await stream.next();
    const token = await accessTokenOf(await clientToken(mock.sipsim.tokenUrl, clientId, clientSecret, 'account.read'));
    await fetch(`${mock.sipsim.baseUrl}/account?access_token=${token}`, { headers: { authorization: bearer(token) } });
    const rows: News['rows'] = [];
    while (rows.length < 2) rows.push(...(await stream.next()).rows.filter(({ status }) => status !== null));
    expect(JSON.stringify(rows)).not.toContain(token);
    expect(JSON.stringify(rows)).not.toContain(clientSecret);
    const [dealing, using] = rows;
    expect(dealing?.dealt).toMatchObject({ client: clientId, scope: 'account.read', expiresAt: expect.any(Number) });
    expect(using?.token).toBe(dealing?.dealt?.token);
    await stream.close();
  });
  test('says nothing more once it has told that the namespace was freed, however slowly it is read', () => {
    vi.useFakeTimers();
    const said: string[] = [];
    // Ended it is at once, closed only later.
    const slow = new Writable();
    const write = vi.spyOn(slow, 'write').mockImplementation((chunk) => said.push(String(chunk)) > 0);
    const response = Object.assign(slow, { writeHead: () => response }) as unknown as ServerResponse;
    const journal = { emptied: 0, last: 0 };
    const world = { namespace: 'one', clock: createClock(), faults: { armed: false }, journal };
    const worlds = [world];
    const ask = { world, root: {}, namespaces: { worlds: () => worlds }, query: new URLSearchParams() };
    const answer = eventRoutes[0]?.handle(ask as unknown as AdminAsk) as { stream(to: ServerResponse): void };
    answer.stream(response);
    expect([said.length, vi.getTimerCount()]).toEqual([1, 1]);
    worlds.pop();
    vi.advanceTimersByTime(1_000);
    expect([said.length, said[1], vi.getTimerCount()]).toEqual([2, expect.stringContaining('"gone":true'), 0]);
    write.mockRestore();
    vi.useRealTimers();
  });
  test('ends with the mock', async () => {
    const other = await startMock();
    const stream = await watch(other.adminUrl);
    await stream.next();
    await other.close();
    await expect(stream.next()).rejects.toThrow();
  });
});

describe('one exchange, explained', () => {
  test('a 403 names the scopes that would do beside those that were there', async () => {
    await account(basic('token-N0SC0P', '41b8b4a1-6f0e-4f0b-a7c3-0f3d5f7a9e13'));
    expect(await json(`/requests/${lastId()}`)).toMatchObject({
      entry: { answer: { status: 403 } },
      refusal: { code: 'insufficient_scope', wanted: ['all', 'account:read'], granted: ['voicemails:read'] },
    });
  });
  test('a token is decoded, with what is left of its life, and never shown', async () => {
    const { accessToken } = await mock.mintToken('sipgate', { scopes: ['account:read'], expiresIn: 60 });
    await account(bearer(accessToken));
    const id = lastId();
    mock.clock.freeze();
    const living = await json(`/requests/${id}`);
    expect(living.tokens).toMatchObject([
      {
        side: 'request',
        place: 'Authorization',
        header: { alg: 'RS256' },
        claims: { scope: 'account:read' },
        good: true,
      },
    ]);
    expect(living.tokens[0].secondsLeft).toBeGreaterThan(50);
    expect(JSON.stringify(living)).not.toContain(accessToken.split('.')[2]);
    mock.clock.advance('2m');
    const dead = await json(`/requests/${id}`);
    expect(dead.tokens[0]).toMatchObject({ good: false, why: expect.stringMatching(/^the token expired \d+ s ago$/) });
    expect(dead.tokens[0].secondsLeft).toBeLessThan(0);
  });
  test('of the tokens that an answer deals, each is told', async () => {
    const { username = '', password = '' } = mock.credentials.sipgate;
    const form = { grant_type: 'password', client_id: 'sipgate-app-web', username, password, scope: 'openid' };
    const url = `${mock.url}/auth/realms/sipgate-apps/protocol/openid-connect/token`;
    await fetch(url, { method: 'POST', body: new URLSearchParams(form) });
    const { tokens } = await json(`/requests/${lastId()}`);
    expect(tokens.map(({ side, place }: Record<string, string>) => `${side} ${place}`)).toEqual([
      'answer access_token',
      'answer refresh_token',
      'answer id_token',
    ]);
  });
  test('one that is not kept is 404, what is no id 400', async () => {
    expect((await control('/requests/999')).status).toBe(404);
    expect((await control('/requests/x')).status).toBe(400);
  });
});

describe('replay', () => {
  test('asks the same with the same secrets, and what changed meanwhile changes the answer', async () => {
    const { accessToken } = await mock.mintToken('sipsim', { expiresIn: 60 });
    const url = `${mock.sipsim.baseUrl}/tags`;
    const headers = { authorization: bearer(accessToken), 'content-type': 'application/json', 'x-mine': 'a' };
    await fetch(url, { method: 'POST', headers, body: JSON.stringify({ name: 'Replayed' }) });
    const id = lastId();
    expect(await (await post(`/requests/${id}/replay`)).json()).toMatchObject({ status: 409 });
    mock.clock.advance('2m');
    expect(await (await post(`/requests/${id}/replay`)).json()).toMatchObject({ status: 401 });
    const [first, second] = mock.requests({ path: '/api/v2/tags' });
    const comparable = (entry: typeof first) =>
      entry?.request.headers
        .map((pair) => pair.join(': '))
        .filter((line) => !/^connection/i.test(line))
        .sort();
    expect(comparable(second)).toEqual(comparable(first));
    expect(second?.request.body).toBe(first?.request.body);
  });
  test('goes to the namespace that the request was for', async () => {
    const one = await mock.namespace('one');
    await fetch(`${one.url}/v2/account`, { headers: { authorization: demoPat(mock) } });
    const id = one.requests().at(-1)?.id;
    const answer = await fetch(`${one.adminUrl}/requests/${id}/replay`, { method: 'POST' });
    expect(await answer.json()).toMatchObject({ status: 200 });
    expect([one.requests().length, mock.requests().length]).toEqual([2, 0]);
  });
  test.each(['', 'vendors'])(
    'of what was meant for a vendor’s host goes to that host, in namespace "%s"',
    async (name) => {
      const world = name === '' ? mock : await mock.namespace(name);
      const headers: Record<string, string> = name === '' ? {} : { 'proxy-authorization': `Basic ${btoa(`${name}:`)}` };
      const authorization = demoPat(mock);
      // The first is a path of the plain port alone.
      await askAbsolute(mock, 'https://api.sipgate.com/account', { ...headers, authorization });
      await askAbsolute(mock, 'https://api.sipgate.com/v2/account?a=1', { ...headers, authorization });
      for (const [id, status] of world.requests().map((entry) => [entry.id, entry.answer?.status])) {
        const answer = await fetch(`${world.adminUrl}/requests/${id}/replay`, { method: 'POST' });
        expect(await answer.json()).toMatchObject({ status });
      }
      expect(world.requests().map(({ host, path, query, answer }) => [host, path, query, answer?.status])).toEqual([
        ['api.sipgate.com', '/account', '', 404],
        ['api.sipgate.com', '/v2/account', 'a=1', 200],
        ['api.sipgate.com', '/account', '', 404],
        ['api.sipgate.com', '/v2/account', 'a=1', 200],
      ]);
      expect(mock.requests().length).toBe(name === '' ? 4 : 0);
    },
  );
  test('works under TLS', async () => {
    await using secure = await startMock({ tls: true, namespaces: { limit: 1 } });
    const { request: ask } = await import('node:https');
    const send = (path: string, method = 'GET') =>
      new Promise<number>((resolve, reject) => {
        const asked = ask(`${secure.url}${path}`, { method, rejectUnauthorized: false }, (answer) =>
          resolve(answer.resume().statusCode ?? 0),
        );
        asked.on('error', reject).end();
      });
    await send('/v2/account');
    expect(await send('/__admin/requests/1/replay', 'POST')).toBe(200);
    expect(secure.requests().map(({ answer }) => answer?.status)).toEqual([401, 401]);
  });
  test('refuses what the journal has not all of, and says why', async () => {
    await fetch(`${mock.sipgate.baseUrl}/authorization/oauth2/clients`, { method: 'POST', body: '{}' });
    const answer = await post(`/requests/${lastId()}/replay`);
    expect([answer.status, await answer.json()]).toEqual([
      400,
      { error: 'the fake refused the request before it read the body, so the journal has none of it' },
    ]);
    mock.configure({ server: { journalBody: 10 } });
    await clientToken(mock.sipsim.tokenUrl, 'sipsim-demo', 'x', 'account.read');
    expect((await post(`/requests/${lastId()}/replay`)).status).toBe(400);
  });
});

describe('credentials', () => {
  test('are listed with their secrets and scopes, those that were made among them', async () => {
    await fetch(`${mock.sipgate.baseUrl}/authorization/oauth2/clients`, {
      method: 'POST',
      headers: { authorization: demoPat(mock), 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Mine', description: '', redirectUris: ['https://a.example/'], webOrigins: [] }),
    });
    const { credentials } = await json('/credentials');
    expect(credentials).toContainEqual(expect.objectContaining({ kind: 'client', name: 'Mine' }));
    expect(credentials).toContainEqual(
      expect.objectContaining({ id: 'token-ACCRD1', kind: 'personalAccessToken', scopes: ['account:read'] }),
    );
    expect(credentials).toContainEqual(expect.objectContaining({ id: 'sipgate-app-web', secret: null }));
  });
  test('a rotated secret is good at once, the old one dead', async () => {
    const { clientId = '', clientSecret = '' } = mock.credentials.sipsim;
    const answer = await post('/credentials/rotate', { provider: 'sipsim', kind: 'client', id: clientId });
    const { secret } = (await answer.json()) as { secret: string };
    const status = async (tried: string) =>
      (await clientToken(mock.sipsim.tokenUrl, clientId, tried, 'account.read')).status;
    expect([await status(clientSecret), await status(secret)]).toEqual([401, 200]);
    const pat = await post('/credentials/rotate', {
      ...{ provider: 'sipgate', kind: 'personalAccessToken', id: 'token-FQ1V12' },
    });
    const { secret: token } = (await pat.json()) as { secret: string };
    expect((await account(demoPat(mock))).status).toBe(401);
    expect((await account(basic('token-FQ1V12', token))).status).toBe(200);
  });
  test.each([
    [{ provider: 'nobody' }, '"provider" must be sipgate or sipsim'],
    [{ provider: 'sipgate', kind: 'x' }, '"kind" must be one of client, personalAccessToken, user, accessToken'],
    [{ provider: 'sipgate', kind: 'client' }, '"id" must be the id of a client or of a personal access token'],
    [
      { provider: 'sipgate', kind: 'client', id: 'sipgate-app-web' },
      'sipgate has no client "sipgate-app-web" whose secret could change',
    ],
    [{ provider: 'sipsim', kind: 'user', id: 'x' }, 'SIPSIM has no user "x" whose secret could change'],
  ])('%j is refused', async (body, error) => {
    const answer = await post('/credentials/rotate', body);
    expect([answer.status, await answer.json()]).toEqual([400, { error }]);
  });
  test('a token that is only known by a request is revoked by it', async () => {
    const { accessToken } = await mock.mintToken('sipgate');
    expect((await account(bearer(accessToken))).status).toBe(200);
    const id = lastId();
    expect((await post('/tokens', { request: id }, 'DELETE')).status).toBe(204);
    expect((await account(bearer(accessToken))).status).toBe(401);
    expect((await post('/tokens', { request: id }, 'DELETE')).status).toBe(404);
    expect((await post('/tokens', { request: 'x' }, 'DELETE')).status).toBe(400);
  });
});

describe('reports and counts', () => {
  test('a report is kept as it was told, for its world alone', async () => {
    const report = { reportVersion: 2, exitCode: 0, rows: [] };
    expect((await control('/report')).status).toBe(204);
    expect((await post('/report', report, 'PUT')).status).toBe(204);
    expect(await json('/report')).toEqual(report);
    expect((await fetch(`${mock.url}/~one/__admin/report`)).status).toBe(204);
    expect((await post('/report', { rows: [] }, 'PUT')).status).toBe(400);
  });
  test('counts are those of the state', async () => {
    await account(demoPat(mock));
    const counts = await json('/counts');
    expect(counts).toMatchObject({ requests: 1, faults: 0, store: { 'sipgate.clients': 3, 'sipsim.integrations': 4 } });
  });
  test('the document of the imitated APIs is there, without the short form where that is off', async () => {
    expect(Object.keys((await json('/apis.json')).paths)).toContain('/account');
    await using bare = await startMock({ shortForm: false });
    const { paths } = (await (await fetch(`${bare.adminUrl}/apis.json`)).json()) as { paths: object };
    expect(Object.keys(paths)).not.toContain('/account');
  });
});
