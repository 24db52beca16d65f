/** The journal: what it tells, whom it makes wait, and that it tells no secret. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Exchange, type JournalEntry, type Mock, startMock } from '../mock-server/index.ts';
import { basic, bearer, clientToken, demoPat } from './support/ask.ts';
import { memoryStoreBy } from './support/memory-store.ts';

let mock: Mock;
const told: Exchange[] = [];
beforeAll(async () => {
  mock = await startMock({ onExchange: (exchange) => told.push(exchange) });
});
beforeEach(async () => {
  await mock.reset();
  told.length = 0;
});
afterAll(() => mock.close());

const account = (authorization?: string, query = '') =>
  fetch(`${mock.sipgate.baseUrl}/account${query}`, { headers: authorization === undefined ? {} : { authorization } });
const token = () => {
  const { clientId = '', clientSecret = '' } = mock.credentials.sipsim;
  return clientToken(mock.sipsim.tokenUrl, clientId, clientSecret, 'account.read');
};
const over = async (path: string) => {
  const answer = await fetch(`${mock.adminUrl}${path}`);
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};

describe('an entry', () => {
  test('tells operation, credential, reason, timing and answer', async () => {
    await account(demoPat(mock), '?a=b');
    expect(mock.requests()).toEqual([
      expect.objectContaining({
        method: 'GET',
        path: '/v2/account',
        query: 'a=b',
        provider: 'sipgate',
        operation: 'sipgate.getAccount',
        credential: { kind: 'basic', client: 'token-FQ1V12', accepted: true, user: 'w0', scopes: ['all'] },
        reason: null,
        fault: null,
        milliseconds: expect.any(Number),
        aborted: false,
        answer: expect.objectContaining({ status: 200, body: expect.stringContaining('Müller') }),
      }),
    ]);
  });
  test('has no more of a body than it may, of an answer that is given again too, and knows its size', async () => {
    mock.configure({ server: { journalBody: 10 } });
    for (const _ of [1, 2, 3, 4]) await account(demoPat(mock));
    const bodies = mock.requests().map(({ answer }) => [answer?.body, answer?.bodySize]);
    const size = (await (await account(demoPat(mock))).arrayBuffer()).byteLength;
    expect(bodies).toEqual(Array.from({ length: 4 }, () => ['{"company"', size]));
  });
  test('explains a 401: who was claimed, and why not', async () => {
    await account(basic('token-FQ1V12', 'wrong-secret'));
    await account();
    expect(mock.requests().map(({ credential, reason, answer }) => [credential, reason, answer?.status])).toEqual([
      [{ kind: 'basic', client: 'token-FQ1V12', accepted: false }, 'wrong token for the token id "token-FQ1V12"', 401],
      [{ kind: 'none', client: null, accepted: false }, 'no credentials', 401],
    ]);
  });
  test('has the body of a token request, and its client', async () => {
    await token();
    const [entry] = mock.requests();
    expect(entry?.credential.client).toBe('sipsim-demo');
    expect(entry?.request.body).toMatch(
      /^grant_type=client_credentials&client_id=sipsim-demo&client_secret=\[secret:\w{6}\]&scope=account.read$/,
    );
    expect(entry?.answer?.body).toMatch(/^\{"access_token":"\[secret:\w{6}\]","token_type":"Bearer"/);
  });
  test('shows by its label where a token comes again', async () => {
    const { access_token: accessToken } = (await (await token()).json()) as { access_token: string };
    await fetch(`${mock.sipsim.baseUrl}/account`, { headers: { authorization: bearer(accessToken) } });
    const [issued, used] = mock.requests();
    const label = /\[secret:\w{6}\]/.exec(issued?.answer?.body ?? '')?.[0];
    expect(used?.request.headers).toContainEqual(['authorization', `Bearer ${label}`]);
  });
  test('of HEAD has no body, of a path that is unknown no operation', async () => {
    await fetch(`${mock.url}/v2/account`, { method: 'HEAD', headers: { authorization: demoPat(mock) } });
    await fetch(`${mock.url}/v2/nothing`);
    expect(mock.requests()).toMatchObject([
      { method: 'HEAD', operation: 'sipgate.getAccount', answer: { status: 200, body: null } },
      { operation: null, answer: { status: 404 } },
    ]);
  });
  test('is of the time of the clock, and keeps no more of a body than it is told', async () => {
    mock.clock.freeze('2030-01-31T12:00:00Z');
    mock.configure({ server: { journalBody: 10 } });
    await token();
    expect(mock.requests()).toMatchObject([
      { time: '2030-01-31T12:00:00.000Z', request: { body: 'grant_type', bodySize: expect.any(Number) } },
    ]);
    expect(mock.requests()[0]?.request.bodySize).toBeGreaterThan(80);
  });
});

describe('the ring', () => {
  test('holds the last so many', async () => {
    mock.configure({ server: { journalSize: 3 } });
    for (let index = 1; index <= 7; index += 1) await account(undefined, `?n=${index}`);
    expect(mock.requests().map(({ query }) => query)).toEqual(['n=5', 'n=6', 'n=7']);
  });
  test('can be switched off', async () => {
    mock.configure({ server: { journal: false } });
    await account();
    expect(mock.requests()).toEqual([]);
    expect(told).toHaveLength(1);
  });
  test('never holds what belongs to the fake itself', async () => {
    await fetch(`${mock.url}/health`);
    await over('/clock');
    expect(mock.requests()).toEqual([]);
  });
});

describe('questions', () => {
  test('the token endpoint was called exactly once', async () => {
    await token();
    await account();
    expect(await over('/requests/count?operation=sipsim.createToken')).toEqual({ status: 200, body: { count: 1 } });
  });
  test.each([
    ['provider=sipsim', 1],
    ['method=post', 1],
    ['path=/v2/*', 2],
    ['status=401', 1],
    ['client=sipsim-demo', 1],
    ['credential=basic', 1],
    ['credential=none', 2],
    ['fault=none', 3],
    ['fault=any', 0],
    ['operation=sipgate.getAccount&status=200', 1],
    ['', 3],
  ])('%s: %i', async (query, count) => {
    await token();
    await account();
    await account(demoPat(mock));
    expect((await over(`/requests/count?${query}`)).body).toEqual({ count });
    expect((await over(`/requests?${query}`)).body.requests).toHaveLength(count);
  });
  test.each(['operatoin=x', 'status=ok', 'last=0', 'count=2', 'wait=soon', 'status=1&status=2'])(
    'refuses %s',
    async (query) => {
      const { status, body } = await over(`/requests?${query}`);
      expect([status, body.error]).toEqual([400, expect.stringMatching(/"(operatoin|status|last|count|soon)"/)]);
    },
  );
  test('after an exchange, and the last ones', async () => {
    for (let index = 1; index <= 4; index += 1) await account(undefined, `?n=${index}`);
    const second = mock.requests()[1]?.id;
    const queries = async (query: string) =>
      ((await over(`/requests?${query}`)).body.requests as JournalEntry[]).map((entry) => entry.query);
    expect(await queries(`after=${second}`)).toEqual(['n=3', 'n=4']);
    expect(await queries('last=1')).toEqual(['n=4']);
  });
  test('DELETE empties it', async () => {
    await account();
    expect((await fetch(`${mock.adminUrl}/requests`, { method: 'DELETE' })).status).toBe(204);
    expect(mock.requests()).toEqual([]);
  });
});

describe('waiting', () => {
  test('ends when the requests are there', async () => {
    const waiting = over('/requests/count?operation=sipgate.getAccount&wait=10s&count=2');
    await account();
    await account();
    expect(await waiting).toEqual({ status: 200, body: { count: 2 } });
    expect(await mock.waitForRequests({ path: '/v2/account' }, { count: 2 })).toHaveLength(2);
  });
  test('in vain is 409 and says how many there were', async () => {
    await account();
    expect(await over('/requests?wait=20ms&count=2')).toEqual({
      status: 409,
      body: { error: 'after 20ms there are 1 of 2 requests', count: 1 },
    });
    await expect(mock.waitForRequests({}, { count: 2, timeout: 20 })).rejects.toThrow('there are 1 of 2 requests');
  });
});

test('the archive is what HAR 1.2 asks for', async () => {
  await account(demoPat(mock), '?a=b&password=x');
  const har = (await over('/requests/har')).body as { log: { entries: Record<string, never>[] } };
  expect(har.log).toMatchObject({ version: '1.2', creator: { name: 'sidetone' } });
  expect(har.log.entries).toEqual([
    {
      startedDateTime: expect.stringMatching(/Z$/),
      time: expect.any(Number),
      request: {
        method: 'GET',
        url: expect.stringContaining(`${mock.url}/v2/account?a=b&password=[secret:`),
        httpVersion: 'HTTP/1.1',
        cookies: [],
        headers: expect.arrayContaining([{ name: 'authorization', value: expect.stringMatching(/^Basic \[secret:/) }]),
        queryString: expect.arrayContaining([{ name: 'a', value: 'b' }]),
        headersSize: -1,
        bodySize: 0,
      },
      response: expect.objectContaining({ status: 200, redirectURL: '', content: expect.any(Object) }),
      cache: {},
      timings: { send: 0, wait: expect.any(Number), receive: 0 },
      _sidetone: expect.any(Object),
    },
  ]);
});

describe('no secret is shown', () => {
  const planted = 'pl4nted:s+ecret/100%&ü"\\x';
  const ways: [string, (text: string) => string][] = [
    ['raw', (text) => text],
    ['percent', encodeURIComponent],
    ['form', (text) => new URLSearchParams({ x: text }).toString().slice(2)],
    ['json', (text) => JSON.stringify(text)],
    ['base64', (text) => Buffer.from(text).toString('base64')],
    ['base64url', (text) => Buffer.from(`ab${text}`).toString('base64url')],
    ['jwt', (text) => `e30.${Buffer.from(JSON.stringify({ sub: text })).toString('base64url')}.x`],
  ];
  /** Every writing of the secret that is long enough to give it away. */
  const writings = ways.flatMap(([, write]) => [write(planted), write('pl4nted:s')]).map((text) => text.slice(0, 14));

  /** Sends the secret at every place of a request, once in each writing. */
  async function plantEverywhere(at: Mock): Promise<void> {
    const clients = `${at.sipgate.baseUrl}/authorization/oauth2/clients`;
    for (const [, write] of ways) {
      const text = write(planted);
      const inUrl = encodeURIComponent(text);
      const inHeader = Buffer.from(text).toString('latin1');
      const headers = { authorization: demoPat(at), 'content-type': 'application/json' };
      await fetch(`${at.url}/v2/${inUrl}/x?note=${inUrl}`, { headers: { 'x-note': inHeader } });
      await fetch(`${at.url}/v2/account`, { headers: { authorization: `Bearer ${inUrl}` } });
      await fetch(`${at.url}/v2/account`, { headers: { authorization: inUrl } });
      await fetch(`${at.url}/v2/account`, { headers: { authorization: basic(text, 'x'), cookie: `a=${inUrl}` } });
      await fetch(clients, { method: 'POST', headers, body: JSON.stringify({ name: text }) });
      await fetch(clients, { method: 'POST', headers, body: `{"name": ${text}` });
      const form = { grant_type: text, client_id: text, client_secret: text, scope: text, password: text };
      for (const url of [at.sipgate.tokenUrl, at.sipsim.tokenUrl]) {
        await fetch(url, { method: 'POST', body: new URLSearchParams(form) });
        const body = new URLSearchParams({ ...form, grant_type: 'client_credentials' });
        const answer = await fetch(url, { method: 'POST', body });
        expectNone('the reason header', answer.headers.get('x-sidetone-reason') ?? '');
      }
    }
  }
  function expectNone(what: string, text: string): void {
    expect(
      writings.filter((writing) => text.includes(writing)),
      what,
    ).toEqual([]);
  }

  test('that the fake knows: not by journal, archive, log or reason', async () => {
    const complaint = vi.spyOn(console, 'error');
    const told: Exchange[] = [];
    await using at = await startMock({
      seed: {
        sipgate: { personalAccessTokens: [{ id: 'token-PL4NT3', token: planted, user: 'w0', scopes: ['all'] }] },
      },
      onExchange: (exchange) => told.push(exchange),
    });
    const environment = { ...at, credentials: at.credentials };
    await plantEverywhere(environment);
    expect(at.requests().length).toBeGreaterThan(60);
    expectNone('the journal', JSON.stringify(at.requests()));
    expectNone('the archive', await (await fetch(`${at.adminUrl}/requests/har`)).text());
    expectNone('the log', told.map(({ path, reason }) => `${path} ${reason}`).join('\n'));
    expect(complaint).not.toHaveBeenCalled();
    complaint.mockRestore();
  });

  test('that the fake has never seen before, once it stood where secrets stand', async () => {
    await plantEverywhere(mock);
    await account(basic('token-FQ1V12', planted));
    expectNone('the journal', JSON.stringify(mock.requests()));
    expectNone('the archive', await (await fetch(`${mock.adminUrl}/requests/har`)).text());
  });

  test('that a bug of the fake quotes', async () => {
    const said: string[] = [];
    const complaint = vi.spyOn(console, 'error').mockImplementation((...words) => said.push(words.join(' ')));
    await using at = await startMock({
      store: (now) => {
        const inner = memoryStoreBy(now);
        const get = () => Promise.reject(new Error(`cannot find ${planted}`, { cause: { token: planted } }));
        return {
          ...inner,
          collection: (name) => ({ ...inner.collection(name), ...(/personal/.test(name) && { get }) }),
        };
      },
    });
    const answer = await fetch(`${at.url}/v2/account`, { headers: { authorization: basic('token-x', planted) } });
    const text = await answer.text();
    complaint.mockRestore();
    expect([answer.status, said.length]).toEqual([500, 1]);
    for (const shown of [text, said.join('\n'), JSON.stringify(at.requests())]) {
      expect(shown).toContain('cannot find [secret:');
      expectNone('the bug', shown);
    }
  });
  test('of a client that is deleted', async () => {
    const clients = `${mock.sipgate.baseUrl}/authorization/oauth2/clients`;
    const headers = { authorization: demoPat(mock), 'content-type': 'application/json' };
    const body = JSON.stringify({ name: 'n', description: 'd', redirectUris: [], webOrigins: [] });
    const made = (await (await fetch(clients, { method: 'POST', headers, body })).json()) as Record<string, string>;
    await fetch(`${clients}/${encodeURIComponent(made.clientId ?? '')}`, { method: 'DELETE', headers });
    await fetch(`${mock.url}/v2/${made.clientSecret}`);
    const shown = JSON.stringify(mock.requests());
    expect(shown).toContain(made.clientId);
    expect(shown).not.toContain(made.clientSecret);
  });
});

test('a request whose client goes away is told as aborted', async () => {
  mock.clock.freeze();
  mock.fail({ match: { path: '/v2/account' }, delay: '1h' });
  const gone = new AbortController();
  const asked = fetch(`${mock.url}/v2/account`, { signal: gone.signal }).catch(() => 'gone');
  await mock.waitForRequests({ fault: 'any' });
  gone.abort();
  expect(await asked).toBe('gone');
  await expect.poll(() => mock.requests()[0]?.aborted).toBe(true);
  expect(told[0]).toMatchObject({ status: 0, fault: 'fault-1' });
});

test('the listener alone keeps a journal too', async () => {
  const server = createServer(mock.app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v2/account`);
  server.close();
  expect(mock.requests({ status: 401 })).toHaveLength(1);
});
