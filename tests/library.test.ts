/** startMock(): what only a program in the same process sees. */
import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import {
  type Collection,
  type Exchange,
  type Mock,
  type MockNamespace,
  type MockOptions,
  startMock,
} from '../mock-server/index.ts';
import { defaultSipgateSeed } from '../mock-server/sipgate/seed.ts';
import { accessTokenOf, basic, bearer, clientToken, demoPat } from './support/ask.ts';
import { fastest, timeOf } from './support/fastest.ts';
import { memoryStoreBy } from './support/memory-store.ts';

const started: Mock[] = [];
async function start(options?: MockOptions): Promise<Mock> {
  const mock = await startMock(options);
  started.push(mock);
  return mock;
}
afterEach(async () => {
  await Promise.all(started.splice(0).map((mock) => mock.close()));
});

const account = (mock: Mock, authorization: string) =>
  fetch(`${mock.sipgate.baseUrl}/account`, { headers: { authorization } });
const newClient = { name: 'n', description: 'd', redirectUris: ['https://*.example.com/*'], webOrigins: [] };
const createClient = async (mock: Mock) => {
  const answer = await fetch(`${mock.sipgate.baseUrl}/authorization/oauth2/clients`, {
    method: 'POST',
    headers: { authorization: demoPat(mock), 'content-type': 'application/json' },
    body: JSON.stringify(newClient),
  });
  return (await answer.json()) as { clientId: string; clientSecret: string };
};
const tokenUrlOf = (mock: Mock, clientId: string) =>
  `${mock.url}/auth/realms/${clientId.split(':').at(-1)}/protocol/openid-connect/token`;

describe('a mock', () => {
  test('takes a free port and can be disposed of', async () => {
    let url = '';
    {
      await using mock = await startMock();
      url = mock.url;
      expect((await fetch(`${url}/health`)).status).toBe(200);
    }
    await expect(fetch(`${url}/health`)).rejects.toThrow();
  });

  test('closes within a second though a client holds its connection open', async () => {
    const closing = async () => {
      const mock = await startMock();
      const socket = connect(Number(new URL(mock.url).port), '127.0.0.1').on('error', () => {});
      socket.write('POST /oauth/token HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf');
      // Connected it is before the mock knows of it.
      await expect.poll(() => mock.requests().length).toBe(1);
      const time = await timeOf(() => mock.close());
      socket.destroy();
      return time;
    };
    expect(await fastest(3, closing)).toBeLessThan(1_000);
  });

  test('never meets another mock in the same process', async () => {
    const [one, other] = [await start(), await start()];
    const { clientId } = await createClient(one);
    const { accessToken } = await one.mintToken('sipgate');
    one.clock.advance('1h');
    one.configure({ sipgate: { errorBody: 'errors' } });
    const id = encodeURIComponent(clientId);
    const headers = { authorization: demoPat(other) };
    const answer = await fetch(`${other.sipgate.baseUrl}/authorization/oauth2/clients/${id}`, { headers });
    expect([answer.status, await answer.text()]).toEqual([404, '']);
    expect((await account(other, bearer(accessToken))).status).toBe(401);
    expect(Math.abs(other.clock.now() - Date.now())).toBeLessThan(60_000);
  });

  test('answers the same ids for the same random seed', async () => {
    const ids = [];
    for (let run = 0; run < 2; run += 1) ids.push(await createClient(await start({ randomSeed: 42 })));
    expect(ids[0]).toEqual(ids[1]);
    expect(await createClient(await start({ randomSeed: 43 }))).not.toEqual(ids[0]);
  });

  test.each(['sipgate', 'sipsim'] as const)(
    'signs the same tokens of %s for the same random seed',
    async (provider) => {
      const tokenOf = async (randomSeed: number) => {
        const mock = await start({ port: 0, randomSeed, settings: { server: { publicUrl: 'http://fake.test' } } });
        mock.clock.freeze('2030-01-01T00:00:00Z');
        return (await mock.mintToken(provider)).accessToken;
      };
      const token = await tokenOf(7);
      expect(await tokenOf(7)).toBe(token);
      expect(await tokenOf(8)).not.toBe(token);
    },
  );

  test('with a random seed too a token is nobody’s after a reset, in another namespace, and in one made again', async () => {
    const mock = await start({ randomSeed: 7 });
    const mintIn = async (where: MockNamespace) => [
      (await where.mintToken('sipgate')).accessToken,
      (await where.mintToken('sipsim')).accessToken,
    ];
    const livingIn = async (where: MockNamespace, [sipgate = '', sipsim = '']: string[]) => [
      (await fetch(`${where.url}/v2/account`, { headers: { authorization: bearer(sipgate) } })).status,
      (await fetch(`${where.url}/api/v2/account`, { headers: { authorization: bearer(sipsim) } })).status,
    ];
    const [a, b] = [await mock.namespace('a'), await mock.namespace('b')];
    const tokens = await mintIn(a);
    expect([await livingIn(a, tokens), await livingIn(b, tokens), await livingIn(mock, tokens)]).toEqual([
      [200, 200],
      [401, 401],
      [401, 401],
    ]);
    await a.close();
    expect(await livingIn(await mock.namespace('a'), tokens)).toEqual([401, 401]);
    const before = await mintIn(mock);
    expect(await livingIn(mock, before)).toEqual([200, 200]);
    await mock.reset();
    expect(await livingIn(mock, before)).toEqual([401, 401]);
  });

  test('tells of every exchange, with the reason of a refusal', async () => {
    const seen: Exchange[] = [];
    const mock = await start({ onExchange: (exchange) => seen.push(exchange) });
    await account(mock, bearer('nonsense'));
    expect(seen).toMatchObject([
      {
        method: 'GET',
        path: '/v2/account',
        operation: 'sipgate.getAccount',
        status: 401,
        reason: expect.stringContaining('token'),
      },
    ]);
  });

  test('tells alike of an answer that is made and of one that is given again, and copies have all of it', async () => {
    const seen: Exchange[] = [];
    const mock = await start({ onExchange: (exchange) => seen.push(exchange) });
    for (const _ of [1, 2, 3, 4]) await account(mock, bearer('nonsense'));
    const [first, ...rest] = seen.map((exchange) => ({ ...exchange, milliseconds: 0 }));
    expect(first).toMatchObject({ path: '/v2/account', status: 401, reason: expect.stringContaining('token') });
    expect(rest).toEqual([first, first, first]);
    const texts = seen.map((exchange) => JSON.stringify({ ...exchange, milliseconds: 0 }));
    expect(new Set(texts).size).toBe(1);
    expect(Object.keys(seen[0] ?? {})).toEqual([
      'namespace',
      'method',
      'host',
      'path',
      'operation',
      'status',
      'reason',
      'fault',
      'milliseconds',
    ]);
  });

  test('names the bad setting and changes none of the patch', async () => {
    const mock = await start();
    const patch = { sipgate: { errorBody: 'errors', foreignClient: 500 } } as never;
    expect(() => mock.configure(patch)).toThrow('settings.sipgate.foreignClient must be one of 403, 404');
    expect(mock.settings.sipgate.errorBody).toBe('empty');
    await expect(startMock({ settings: { sipsim: { nonsense: 1 } as never } })).rejects.toThrow(
      'settings.sipsim.nonsense',
    );
  });
});

describe('effects, not echoes', () => {
  test('a created client gets a token at once, and only by its own secret', async () => {
    const mock = await start();
    const { clientId, clientSecret } = await createClient(mock);
    const url = tokenUrlOf(mock, clientId);
    expect((await clientToken(url, clientId, 'wrong', 'account:read')).status).toBe(401);
    const token = await accessTokenOf(await clientToken(url, clientId, clientSecret, 'account:read'));
    expect((await account(mock, bearer(token))).status).toBe(200);
  });

  test('a deleted client gets none, and what it has is dead', async () => {
    const mock = await start();
    const { clientId, clientSecret } = await createClient(mock);
    const url = tokenUrlOf(mock, clientId);
    const token = await accessTokenOf(await clientToken(url, clientId, clientSecret, 'account:read'));
    const path = `${mock.sipgate.baseUrl}/authorization/oauth2/clients/${encodeURIComponent(clientId)}`;
    expect((await fetch(path, { method: 'DELETE', headers: { authorization: demoPat(mock) } })).status).toBe(202);
    expect((await clientToken(url, clientId, clientSecret, 'account:read')).status).toBe(401);
    const answer = await account(mock, bearer(token));
    expect([answer.status, answer.headers.get('x-sidetone-reason')]).toEqual([401, expect.stringContaining('deleted')]);
  });

  test('a reset brings the seed back and ends what was issued, at both APIs', async () => {
    const mock = await start();
    await createClient(mock);
    const sipgateToken = (await mock.mintToken('sipgate')).accessToken;
    const sipsimToken = (await mock.mintToken('sipsim')).accessToken;
    mock.clock.advance('1h');
    mock.configure({ server: { reasonHeader: false } });
    await mock.reset();
    expect((await account(mock, bearer(sipgateToken))).status).toBe(401);
    const answer = await fetch(`${mock.sipsim.baseUrl}/account`, { headers: { authorization: bearer(sipsimToken) } });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('x-sidetone-reason')).not.toBeNull();
    const list = await fetch(`${mock.sipgate.baseUrl}/authorization/oauth2/clients`, {
      headers: { authorization: demoPat(mock) },
    });
    expect(((await list.json()) as { data: unknown[] }).data).toHaveLength(1);
    expect(Math.abs(mock.clock.now() - Date.now())).toBeLessThan(60_000);
    expect((await account(mock, bearer((await mock.mintToken('sipgate')).accessToken))).status).toBe(200);
  });

  test('a revoked token is dead and cannot be revoked again', async () => {
    const mock = await start();
    for (const provider of ['sipgate', 'sipsim'] as const) {
      const { accessToken } = await mock.mintToken(provider);
      const url = provider === 'sipgate' ? mock.sipgate.baseUrl : mock.sipsim.baseUrl;
      const status = async () =>
        (await fetch(`${url}/account`, { headers: { authorization: bearer(accessToken) } })).status;
      expect(await status()).toBe(200);
      expect(await mock.revokeToken(accessToken)).toBe(true);
      expect(await status()).toBe(401);
      expect(await mock.revokeToken(accessToken)).toBe(false);
    }
  });

  test('a revoked token stays dead when the clock is moved and set back', async () => {
    const mock = await start();
    const { accessToken } = await mock.mintToken('sipgate');
    await mock.revokeToken(accessToken);
    mock.clock.advance('3h');
    expect((await account(mock, bearer(accessToken))).status).toBe(401);
    mock.clock.reset();
    expect((await account(mock, bearer(accessToken))).status).toBe(401);
  });

  test('a forgotten "Bearer " does not put the token into the reason', async () => {
    const mock = await start();
    const { accessToken } = await mock.mintToken('sipgate');
    const answer = await account(mock, accessToken);
    expect(answer.headers.get('x-sidetone-reason')).toBe('the Authorization header names no scheme, such as "Bearer "');
    const broken = await fetch(`${mock.sipgate.baseUrl}/authorization/oauth2/clients`, {
      method: 'POST',
      headers: { authorization: demoPat(mock), 'content-type': 'application/json' },
      body: '{"secret": s3cret-thing}',
    });
    expect(broken.headers.get('x-sidetone-reason')).not.toContain('s3cret');
  });

  test("nobody gets the scope of the vendor's own app by a star", async () => {
    const mock = await start();
    const { clientId = '', clientSecret = '' } = mock.credentials.sipgate;
    expect((await clientToken(mock.sipgate.tokenUrl, clientId, clientSecret, 'internal')).status).toBe(400);
    await expect(mock.mintToken('sipgate', { scopes: ['account:reed'] })).rejects.toThrow('no scope "account:reed"');
  });

  test('tokens die when the clock says so, to the second', async () => {
    const mock = await start();
    mock.clock.freeze();
    const { accessToken, expiresIn } = await mock.mintToken('sipgate', { expiresIn: 100 });
    expect(expiresIn).toBe(100);
    mock.clock.advance('99s');
    expect((await account(mock, bearer(accessToken))).status).toBe(200);
    mock.clock.advance('13s');
    const answer = await account(mock, bearer(accessToken));
    expect(answer.headers.get('x-sidetone-reason')).toBe('the token expired 12 s ago');
    expect(answer.headers.get('date')).toBe(new Date(mock.clock.now()).toUTCString());
  });

  test('PUT changes web origins at the token endpoint at once', async () => {
    const mock = await start();
    const { clientId, clientSecret } = await createClient(mock);
    const ask = async () => {
      const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
      const headers = { origin: 'https://app.example.com' };
      return (await fetch(tokenUrlOf(mock, clientId), { method: 'POST', headers, body: new URLSearchParams(form) }))
        .status;
    };
    expect(await ask()).toBe(403);
    await fetch(`${mock.sipgate.baseUrl}/authorization/oauth2/clients/${encodeURIComponent(clientId)}`, {
      method: 'PUT',
      headers: { authorization: demoPat(mock), 'content-type': 'application/json' },
      body: JSON.stringify({ ...newClient, webOrigins: ['https://*.example.com'] }),
    });
    expect(await ask()).toBe(200);
  });
});

/** A collection that tells of each insertion. */
const recorded = <T extends object>(collection: Collection<T>, tell: () => void): Collection<T> => ({
  ...collection,
  insert: (...parameters) => {
    tell();
    return collection.insert(...parameters);
  },
});

describe('the login server is as particular as Keycloak, and as tolerant', () => {
  const ask = async (mock: Mock, headers: Record<string, string>, body: string, path = '') => {
    const answer = await fetch(`${mock.sipgate.tokenUrl}${path}`, { method: 'POST', headers, body });
    return [answer.status, ((await answer.json()) as { error?: string }).error];
  };
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const grant = 'grant_type=client_credentials';
  const credentials = ({ credentials: { sipgate } }: Mock) =>
    [sipgate.clientId, sipgate.clientSecret].map((part) => encodeURIComponent(part ?? '')).join(':');

  test('Basic may come without padding', async () => {
    const mock = await start();
    const encoded = Buffer.from(`${credentials(mock)}`).toString('base64');
    expect(encoded).toMatch(/=$/);
    expect(await ask(mock, { ...form, authorization: `Basic ${encoded.replace(/=+$/, '')}` }, grant)).toEqual([
      200,
      undefined,
    ]);
  });
  test('the media type counts as it is written', async () => {
    const mock = await start();
    const headers = { authorization: `Basic ${Buffer.from(credentials(mock)).toString('base64')}` };
    const upper = { ...headers, 'content-type': 'APPLICATION/X-WWW-FORM-URLENCODED' };
    expect(await ask(mock, upper, grant)).toEqual([400, 'invalid_request']);
  });
  test('control characters in grant_type are dropped', async () => {
    const mock = await start();
    const headers = { ...form, authorization: `Basic ${Buffer.from(credentials(mock)).toString('base64')}` };
    expect(await ask(mock, headers, 'grant_type=client%00_credentials')).toEqual([200, undefined]);
  });
  test('a value that is too long, too many parameters and a DPoP proof are refused', async () => {
    const mock = await start();
    const headers = { ...form, authorization: `Basic ${Buffer.from(credentials(mock)).toString('base64')}` };
    expect((await ask(mock, headers, `${grant}&x=${'a'.repeat(131_073)}`))[0]).toBe(413);
    const many = Array.from({ length: 1_001 }, (_, index) => `p${index}=1`).join('&');
    expect(await ask(mock, headers, `${grant}&${many}`)).toEqual([400, 'invalid_request']);
    expect(await ask(mock, { ...headers, dpop: 'x' }, grant)).toEqual([400, 'invalid_request']);
  });
  test('POST to an unknown path beside the token endpoint is 405', async () => {
    expect(await ask(await start(), form, grant, 's')).toEqual([405, 'HTTP 405 Method Not Allowed']);
  });
});

describe('nothing grows under token load', () => {
  test('neither issuing nor checking a token leaves anything in the store', async () => {
    const inserted: string[] = [];
    const mock = await start({
      store: (now) => {
        const inner = memoryStoreBy(now);
        return {
          ...inner,
          collection: (name) => recorded(inner.collection(name), () => inserted.push(name)),
        };
      },
    });
    inserted.length = 0;
    for (let round = 0; round < 50; round += 1) {
      for (const provider of ['sipgate', 'sipsim'] as const) {
        const { accessToken } = await mock.mintToken(provider);
        await fetch(`${mock[provider].baseUrl}/account`, { headers: { authorization: bearer(accessToken) } });
      }
    }
    expect(inserted).toEqual([]);
  });
});

describe('seeds', () => {
  test('credentials may be of any script', async () => {
    const personalAccessTokens = [{ id: 'tökén', token: 'gehéim:日本', user: 'w0', scopes: ['all'] }];
    const mock = await start({ seed: { sipgate: { personalAccessTokens } } });
    expect((await account(mock, basic('tökén', 'gehéim:日本'))).status).toBe(200);
    expect((await account(mock, basic('tökén', 'gehéim'))).status).toBe(401);
    // Latin-1 is not what `charset="UTF-8"` in the challenge asks for.
    const latin1 = `Basic ${Buffer.from('tökén:x', 'latin1').toString('base64')}`;
    expect((await account(mock, latin1)).status).toBe(401);
  });

  test('static tokens are good until they expire, at their own API alone', async () => {
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const mock = await start({
      seed: {
        sipgate: {
          accessTokens: [{ token: 'fixed-sipgate', client: 'sipgate-app-web', scopes: ['account:read'], expiresAt }],
        },
        sipsim: { accessTokens: [{ token: 'fixed-sipsim', client: 'sipsim-demo', scopes: ['account.read'] }] },
      },
    });
    const sipsim = (token: string) =>
      fetch(`${mock.sipsim.baseUrl}/account`, { headers: { authorization: bearer(token) } });
    expect((await account(mock, bearer('fixed-sipgate'))).status).toBe(200);
    expect((await sipsim('fixed-sipsim')).status).toBe(200);
    expect((await account(mock, bearer('fixed-sipsim'))).status).toBe(401);
    expect((await sipsim('fixed-sipgate')).status).toBe(401);
    mock.clock.advance('2h');
    expect((await account(mock, bearer('fixed-sipgate'))).status).toBe(401);
  });

  test('static tokens die with their client', async () => {
    const token = { token: 'fixed', client: '', scopes: ['account:read'] };
    const mock = await start();
    token.client = mock.credentials.sipgate.clientId ?? '';
    const seeded = await start({ seed: { sipgate: { accessTokens: [token] } } });
    expect((await account(seeded, bearer('fixed'))).status).toBe(200);
    const path = `${seeded.sipgate.baseUrl}/authorization/oauth2/clients/${encodeURIComponent(token.client)}`;
    await fetch(path, { method: 'DELETE', headers: { authorization: demoPat(seeded) } });
    expect((await account(seeded, bearer('fixed'))).status).toBe(401);
  });

  test('a disabled user gets in by no credential', async () => {
    const { users } = defaultSipgateSeed;
    const disabled = users.map((user) => ({ ...user, enabled: false }));
    const mock = await start({ seed: { sipgate: { users: disabled } } });
    expect((await account(mock, demoPat(mock))).status).toBe(401);
    expect((await account(mock, bearer((await mock.mintToken('sipgate')).accessToken))).status).toBe(401);
  });

  test.each<[string, object, RegExp]>([
    [
      'a misspelt member',
      { seed: { sipgate: { account: { compny: 'x' } } } },
      /seed\.sipgate\.account\.compny is unknown/,
    ],
    ['a path instead of a seed', { seed: './seed.yaml' }, /seed must be object/],
    [
      'a token of nobody',
      { seed: { sipsim: { accessTokens: [{ token: 't', client: 'x', scopes: [] }] } } },
      /there is no integration "x"/,
    ],
    ['a misspelt option', { prot: 1 }, /startMock has no option "prot"/],
    ['a port that is none', { port: 'abc' }, /port must be a whole number/],
    [
      'a setting of the prototype',
      { settings: { server: JSON.parse('{"__proto__": 1}') } },
      /settings\.server\.__proto__ is no setting/,
    ],
    ['a public URL that is no origin', { settings: { server: { publicUrl: 'foo' } } }, /must be an origin/],
  ])('%s is refused and named', async (_what, options, message) => {
    await expect(startMock(options as MockOptions)).rejects.toThrow(message);
  });

  test('"extends: none" leaves only what the seed says', async () => {
    const mock = await start({ seed: { extends: 'none' } });
    expect(mock.credentials).toEqual({ sipgate: {}, sipsim: {} });
    expect((await account(mock, basic('token-FQ1V12', 'e68ead46-a7db-46cd-8a1a-44aed1e4e372'))).status).toBe(401);
  });
});

describe('settings', () => {
  const statusAndBody = async (answer: Response) => [answer.status, await answer.text()];

  test('sipgate.wwwAuthenticate and sipgate.allowHeader', async () => {
    const mock = await start({ settings: { sipgate: { wwwAuthenticate: false, allowHeader: false } } });
    expect((await fetch(`${mock.sipgate.baseUrl}/account`)).headers.get('www-authenticate')).toBeNull();
    const answer = await fetch(`${mock.sipgate.baseUrl}/account`, { method: 'DELETE' });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, null]);
  });
  test.each([
    ['errors', { errors: [{ status: '404', title: 'Not Found', detail: expect.any(String) }] }],
    ['name-message', { name: 'NOT_FOUND', message: expect.any(String) }],
  ] as const)('sipgate.errorBody %s', async (errorBody, body) => {
    const mock = await start({ settings: { sipgate: { errorBody } } });
    const answer = await fetch(`${mock.sipgate.baseUrl}/authorization/oauth2/clients/x`, {
      headers: { authorization: demoPat(mock) },
    });
    expect([answer.status, await answer.json()]).toEqual([404, body]);
  });
  test('sipgate.passwordBasic', async () => {
    const mock = await start();
    const user = basic(mock.credentials.sipgate.username ?? '', mock.credentials.sipgate.password ?? '');
    expect((await account(mock, user)).status).toBe(401);
    mock.configure({ sipgate: { passwordBasic: true } });
    expect((await account(mock, user)).status).toBe(200);
    expect((await account(mock, basic(mock.credentials.sipgate.username ?? '', 'wrong'))).status).toBe(401);
  });
  test('sipgate.createReturnsSecret: only a GET shows it', async () => {
    const mock = await start({ settings: { sipgate: { createReturnsSecret: false } } });
    const { clientId, clientSecret } = await createClient(mock);
    expect(clientSecret).toBe('');
    const path = `${mock.sipgate.baseUrl}/authorization/oauth2/clients/${encodeURIComponent(clientId)}`;
    const shown = (await (await fetch(path, { headers: { authorization: demoPat(mock) } })).json()) as {
      clientSecret: string;
    };
    expect((await clientToken(tokenUrlOf(mock, clientId), clientId, shown.clientSecret, 'all')).status).toBe(200);
  });
  test('sipgate.foreignClient', async () => {
    const mock = await start({ settings: { sipgate: { foreignClient: 403 } } });
    const id = encodeURIComponent(mock.environment.SIPGATE_FOREIGN_CLIENT_ID ?? '');
    const path = `${mock.sipgate.baseUrl}/authorization/oauth2/clients/${id}`;
    expect((await fetch(path, { headers: { authorization: demoPat(mock) } })).status).toBe(403);
  });
  test('sipgate.redirectUriRules', async () => {
    const mock = await start();
    const create = () =>
      fetch(`${mock.sipgate.baseUrl}/authorization/oauth2/clients`, {
        method: 'POST',
        headers: { authorization: demoPat(mock), 'content-type': 'application/json' },
        body: JSON.stringify({ ...newClient, redirectUris: ['https://a.example', '/back'] }),
      });
    const refused = await create();
    expect([refused.status, refused.headers.get('x-sidetone-reason')]).toEqual([
      400,
      expect.stringContaining('body.redirectUris[1]'),
    ]);
    mock.configure({ sipgate: { redirectUriRules: false } });
    expect((await create()).status).toBe(200);
  });
  test('sipgate.createdClientsHaveServiceAccount and sipgate.createdClientsRealm', async () => {
    const mock = await start({
      settings: { sipgate: { createdClientsHaveServiceAccount: false, createdClientsRealm: 'third-party' } },
    });
    const { clientId, clientSecret } = await createClient(mock);
    expect(clientId).toMatch(/:third-party$/);
    const answer = await clientToken(mock.sipgate.tokenUrl, clientId, clientSecret, 'all');
    expect(await statusAndBody(answer)).toEqual([
      401,
      expect.stringContaining('not enabled to retrieve service account'),
    ]);
  });
  test('sipgate.accessTokenLife, sipgate.refreshTokenLife and sipsim.accessTokenLife', async () => {
    const mock = await start({
      settings: { sipgate: { accessTokenLife: 7, refreshTokenLife: 77 }, sipsim: { accessTokenLife: 8 } },
    });
    const { username = '', password = '' } = mock.credentials.sipgate;
    const form = { grant_type: 'password', client_id: 'sipgate-app-web', username, password };
    const url = `${mock.url}/login/sipgate-apps/protocol/openid-connect/token`;
    const answer = await fetch(url, { method: 'POST', body: new URLSearchParams(form) });
    expect(await answer.json()).toMatchObject({ expires_in: 7, refresh_expires_in: 77 });
    expect((await mock.mintToken('sipsim')).expiresIn).toBe(8);
  });
  test('sipsim.wrongMethod and sipsim.errorBody', async () => {
    const mock = await start({ settings: { sipsim: { wrongMethod: 405, errorBody: 'empty' } } });
    const wrong = await fetch(`${mock.sipsim.baseUrl}/account`, { method: 'DELETE' });
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET']);
    expect(await statusAndBody(await fetch(`${mock.sipsim.baseUrl}/account`))).toEqual([401, '']);
  });
  test('sipsim.defaultScopes', async () => {
    const mock = await start({ settings: { sipsim: { defaultScopes: ['account.read', 'nobody.has'] } } });
    const { clientId = '', clientSecret = '' } = mock.credentials.sipsim;
    expect(await (await clientToken(mock.sipsim.tokenUrl, clientId, clientSecret, '')).json()).toMatchObject({
      scope: 'account.read',
    });
  });
  test('sipsim.doorkeeperVersion: statuses and tolerances go with the engine', async () => {
    const mock = await start();
    const { clientId = '', clientSecret = '' } = mock.credentials.sipsim;
    const grant = new URLSearchParams({ grant_type: 'client_credentials', scope: 'account.read' });
    const noScope = async () => (await clientToken(mock.sipsim.tokenUrl, clientId, clientSecret, '')).status;
    const both = async () => {
      const form = new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
        scope: 'account.read',
      });
      const headers = { authorization: basic(clientId, clientSecret) };
      return (await fetch(mock.sipsim.tokenUrl, { method: 'POST', headers, body: form })).status;
    };
    const inQuery = async () => {
      const query = new URLSearchParams({ client_id: clientId, client_secret: clientSecret });
      return (await fetch(`${mock.sipsim.tokenUrl}?${query}`, { method: 'POST', body: grant })).status;
    };
    const notAllowed = async () => {
      const id = mock.environment.SIPSIM_NO_GRANT_CLIENT_ID ?? '';
      return (await clientToken(mock.sipsim.tokenUrl, id, mock.environment.SIPSIM_NO_GRANT_CLIENT_SECRET ?? '', ''))
        .status;
    };
    const forbidden = async () => {
      const { accessToken } = await mock.mintToken('sipsim', { scopes: ['calls.read'] });
      const answer = await fetch(`${mock.sipsim.baseUrl}/account`, { headers: { authorization: bearer(accessToken) } });
      return [answer.status, answer.headers.has('www-authenticate')];
    };
    const rows = [];
    for (const doorkeeperVersion of ['5.5', '5.8', '5.9.5', '6.0'] as const) {
      mock.configure({ sipsim: { doorkeeperVersion } });
      const asked = [await both(), await inQuery(), await notAllowed(), await forbidden(), await noScope()];
      rows.push([doorkeeperVersion, ...asked]);
    }
    expect(rows).toEqual([
      ['5.5', 200, 200, 401, [403, false], 200],
      ['5.8', 200, 200, 401, [403, false], 400],
      ['5.9.5', 400, 200, 401, [403, true], 400],
      ['6.0', 400, 401, 400, [403, true], 400],
    ]);
  });
  test('server.bodyLimit: a longer body is 413, and an unauthorised one 401', async () => {
    const mock = await start({ settings: { server: { bodyLimit: 100 } } });
    const send = (authorization: string) =>
      fetch(`${mock.sipgate.baseUrl}/authorization/oauth2/clients`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify({ ...newClient, description: 'x'.repeat(200) }),
      });
    expect((await send(demoPat(mock))).status).toBe(413);
    expect((await send('')).status).toBe(401);
    expect((await clientToken(mock.sipsim.tokenUrl, 'x'.repeat(200), 'y', '')).status).toBe(413);
    expect((await clientToken(mock.sipgate.tokenUrl, 'x'.repeat(200), 'y', '')).status).toBe(413);
  });
  test('server.reasonHeader: off, nothing tells the fake from the real API', async () => {
    const mock = await start({ settings: { server: { reasonHeader: false } } });
    const answer = await fetch(`${mock.sipgate.baseUrl}/account`);
    expect([...answer.headers.keys()].filter((name) => name.includes('sidetone'))).toEqual([]);
  });
  test('server.publicUrl: issuer and endpoints speak of it', async () => {
    const publicUrl = 'https://login.sipgate.example';
    const mock = await start({ settings: { server: { publicUrl } } });
    const answer = await fetch(`${mock.url}/auth/realms/third-party/.well-known/openid-configuration`);
    expect(await answer.json()).toMatchObject({ issuer: `${publicUrl}/auth/realms/third-party` });
  });
});

describe('--no-short-form', () => {
  test('leaves only what the real hosts serve', async () => {
    const mock = await start({ shortForm: false });
    const headers = { authorization: demoPat(mock) };
    expect((await fetch(`${mock.url}/account`, { headers })).status).toBe(404);
    expect((await fetch(`${mock.url}/authorization/oauth2/clients`, { headers })).status).toBe(404);
    expect((await fetch(`${mock.url}/v2/account`, { headers })).status).toBe(200);
    const { clientId = '', clientSecret = '' } = mock.credentials.sipgate;
    expect((await clientToken(mock.sipsim.tokenUrl, clientId, clientSecret, 'account:read')).status).toBe(401);
  });
});
