/** Faults: which requests they meet, how often, and what their clients see. */
import { request } from 'node:http';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type FaultInput, type Mock, startMock } from '../mock-server/index.ts';
import { basic, bearer, clientToken, demoPat } from './support/ask.ts';

let mock: Mock;
beforeAll(async () => {
  mock = await startMock({ randomSeed: 7 });
});
beforeEach(() => mock.reset());
afterAll(() => mock.close());

const account = (init: RequestInit = {}) =>
  fetch(`${mock.sipgate.baseUrl}/account`, { ...init, headers: { authorization: demoPat(mock), ...init.headers } });
const statuses = async (count: number, ask = account) => {
  const seen: number[] = [];
  for (let index = 0; index < count; index += 1) seen.push((await ask()).status);
  return seen;
};
const sipsimToken = (scope = 'account.read calls.read') => {
  const { clientId = '', clientSecret = '' } = mock.credentials.sipsim;
  return clientToken(mock.sipsim.tokenUrl, clientId, clientSecret, scope);
};
const sipgateToken = () => {
  const { clientId = '', clientSecret = '' } = mock.credentials.sipgate;
  return clientToken(mock.sipgate.tokenUrl, clientId, clientSecret, 'account:read balance:read');
};
const unavailable: FaultInput = { answer: { status: 503 } };

describe('an answer', () => {
  test('of any status, with headers and body, and the mark that it is injected', async () => {
    const headers = { 'X-Gateway': 'a' };
    mock.fail({ id: 'down', answer: { status: 503, headers, body: { oh: 'no' }, retryAfter: '90s' } });
    const answer = await account();
    expect([answer.status, await answer.json()]).toEqual([503, { oh: 'no' }]);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'x-gateway': 'a',
      'retry-after': '90',
      'content-type': 'application/json',
      'x-sidetone-reason': 'injected by the fault "down": 503',
    });
    expect(mock.requests()[0]).toMatchObject({ fault: { id: 'down', kind: '503' }, answer: { status: 503 } });
  });
  test('may be none that the document declares: it is not judged', async () => {
    mock.fail({ answer: { status: 418, body: 'a teapot' } });
    const answer = await account();
    expect([answer.status, await answer.text(), answer.headers.get('content-type')]).toEqual([
      418,
      'a teapot',
      'text/plain; charset=utf-8',
    ]);
  });
  test.each(['POST', 'GET', 'HEAD'])('comes to %s', async (method) => {
    mock.fail({ answer: { status: 500, body: 'x' } });
    const answer = await fetch(`${mock.url}/oauth/token`, {
      method,
      ...(method === 'POST' && { body: 'grant_type=x' }),
    });
    expect([answer.status, await answer.text()]).toEqual([500, method === 'HEAD' ? '' : 'x']);
  });
  test('an OAuth error of the token endpoint, by its name', async () => {
    mock.fail({ match: { operation: '*.createToken' }, answer: { oauthError: 'temporarily_unavailable' } });
    for (const ask of [sipsimToken, sipgateToken]) {
      const answer = await ask();
      expect([answer.status, await answer.json(), answer.headers.get('cache-control')]).toEqual([
        503,
        { error: 'temporarily_unavailable', error_description: 'Injected fault' },
        'no-store',
      ]);
    }
  });
  test("an OAuth error of a resource, in the API's own form", async () => {
    mock.fail({ answer: { oauthError: 'invalid_token', description: 'gone' } });
    const sipgate = await account();
    expect([sipgate.status, await sipgate.text(), sipgate.headers.get('www-authenticate')]).toEqual([
      401,
      '',
      expect.stringContaining('Bearer realm="sipgate", error="invalid_token"'),
    ]);
    const sipsim = await fetch(`${mock.sipsim.baseUrl}/account`);
    expect([sipsim.status, await sipsim.json()]).toEqual([401, expect.objectContaining({ errors: ['gone'] })]);
  });
});

describe('which requests it meets', () => {
  const paths = ['/v2/account', '/v2/balance', '/api/v2/account', '/v2/nothing'];
  const struck = async (match: FaultInput['match'], authorization = demoPat(mock), method = 'GET') => {
    mock.fail({ id: 'f', answer: { status: 599 }, ...(match && { match }) });
    const answers = await Promise.all(
      paths.map((path) => fetch(mock.url + path, { method, headers: { authorization } })),
    );
    return paths.filter((_path, index) => answers[index]?.status === 599);
  };
  test.each([
    [undefined, paths],
    [{ operation: 'sipgate.getAccount' }, ['/v2/account']],
    [{ operation: 'sipgate.*' }, ['/v2/account', '/v2/balance']],
    [{ provider: 'sipsim' }, ['/api/v2/account']],
    [{ path: '/v2/*' }, ['/v2/account', '/v2/balance', '/v2/nothing']],
    [{ method: 'get', path: '/v2/balance' }, ['/v2/balance']],
    [{ method: 'POST' }, []],
    [{ client: 'token-FQ1V12' }, ['/v2/account', '/v2/balance']],
    [{ client: 'token-FQ1V12', operation: 'sipgate.getBalance' }, ['/v2/balance']],
    [{ client: 'somebody' }, []],
    [{ credential: 'basic' as const }, paths],
    [{ credential: 'bearer' as const }, []],
  ])('%j: %j', async (match, expected) => {
    expect(await struck(match)).toEqual(expected);
  });
  test('a refused credential is nobody’s: the refusal stands', async () => {
    expect(await struck({ client: 'token-FQ1V12' }, basic('token-FQ1V12', 'wrong'))).toEqual([]);
  });
  test('the client of a token request is the one that it names', async () => {
    mock.fail({ match: { client: 'sipsim-demo' }, answer: { status: 500 } });
    expect([(await sipsimToken()).status, (await sipgateToken()).status]).toEqual([500, 200]);
    mock.removeFault();
    const { clientId = '' } = mock.credentials.sipgate;
    mock.fail({ match: { client: clientId }, answer: { status: 500 } });
    expect([(await sipsimToken()).status, (await sipgateToken()).status]).toEqual([200, 500]);
  });
});

describe('how often it strikes', () => {
  test('so many times', async () => {
    mock.fail({ ...unavailable, times: 2 });
    expect(await statuses(4)).toEqual([503, 503, 200, 200]);
    expect(mock.faults()).toMatchObject([{ met: 4, struck: 2 }]);
  });
  test('every so many-th', async () => {
    mock.fail({ ...unavailable, every: 3 });
    expect(await statuses(6)).toEqual([200, 200, 503, 200, 200, 503]);
  });
  test('by chance, the same chance for the same random seed', async () => {
    const run = async () => {
      mock.fail({ id: 'chance', ...unavailable, probability: 0.5 });
      return statuses(40);
    };
    const first = await run();
    await mock.reset();
    expect(await run()).toEqual(first);
    expect(first.filter((status) => status === 503).length).toBeGreaterThan(8);
    expect(first.filter((status) => status === 200).length).toBeGreaterThan(8);
  });
  test('until it is removed, replaced, or all is reset', async () => {
    mock.fail({ id: 'a', ...unavailable });
    mock.fail({ id: 'a', answer: { status: 502 } });
    expect(await statuses(1)).toEqual([502]);
    expect([mock.removeFault('a'), mock.removeFault('a')]).toEqual([true, false]);
    expect(await statuses(1)).toEqual([200]);
    mock.fail(unavailable);
    await mock.reset();
    expect(await statuses(1)).toEqual([200]);
  });
  test('the first that strikes has the request', async () => {
    mock.fail({ answer: { status: 501 }, times: 1 });
    mock.fail({ answer: { status: 502 }, times: 1 });
    expect(await statuses(3)).toEqual([501, 502, 200]);
  });
  test('a request that is refused does not make a fault of its client stronger', async () => {
    mock.fail({ match: { client: 'token-FQ1V12' }, answer: { status: 500 }, times: 1 });
    await fetch(`${mock.sipgate.baseUrl}/account`);
    expect(await statuses(2)).toEqual([500, 200]);
  });
});

describe('a delay', () => {
  const delayed = async (delay: FaultInput['delay'], advance: string) => {
    mock.clock.freeze();
    mock.fail({ ...(delay !== undefined && { delay }) });
    let status = 0;
    const asked = account().then((answer) => {
      status = answer.status;
    });
    await mock.waitForRequests({ fault: 'any' });
    mock.clock.advance(advance);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const early = status;
    mock.clock.advance('10s');
    await asked;
    return [early, status];
  };
  test('is of the clock’s time, and then the API answers', async () => {
    expect(await delayed('10s', '9s')).toEqual([0, 200]);
  });
  test.each<[FaultInput['delay']]>([
    [{ min: '9s', max: '10s' }],
    [{ mean: '9500ms', deviation: 0 }],
    [{ median: '9500ms', p99: '9600ms' }],
  ])('may be drawn from %j', async (delay) => {
    expect(await delayed(delay, '8s')).toEqual([0, 200]);
  });
  test('ends with a reset of the clock', async () => {
    mock.clock.freeze();
    mock.fail({ delay: '1h', answer: { status: 504 } });
    const asked = account();
    await mock.waitForRequests({ fault: 'any' });
    mock.clock.reset();
    expect((await asked).status).toBe(504);
  });
});

describe('a connection', () => {
  const outcome = async (fault: FaultInput) => {
    mock.fail(fault);
    try {
      const answer = await account();
      return [answer.status, await answer.text()];
    } catch (error) {
      const { cause = error } = error as { cause?: { code?: string } };
      return (cause as { code?: string }).code ?? String(cause);
    }
  };
  test.each([
    ['reset', 'ECONNRESET'],
    ['empty', 'UND_ERR_SOCKET'],
    ['truncated', 'UND_ERR_SOCKET'],
    ['malformed-chunk', expect.stringContaining('Invalid character in chunk size')],
  ] as const)('%s is seen as %s, and told in the journal', async (connection, code) => {
    expect(await outcome({ connection })).toEqual(code);
    expect(mock.requests()).toMatchObject([{ fault: { kind: connection } }]);
    const nothing = connection === 'reset' || connection === 'empty';
    expect(mock.requests()[0]?.answer === null).toBe(nothing);
    mock.removeFault();
    expect((await account()).status).toBe(200);
  });
  test('truncated, of a declared answer and of an empty one', async () => {
    expect(await outcome({ connection: 'truncated', answer: { status: 200, body: { a: 1 } } })).toBe('UND_ERR_SOCKET');
    await mock.reset();
    expect(await outcome({ connection: 'truncated', answer: { status: 502 } })).toBe('UND_ERR_SOCKET');
  });
  test('an empty reply comes after a body was sent, too', async () => {
    mock.fail({ connection: 'empty' });
    const body = 'x'.repeat(300_000);
    await expect(fetch(`${mock.url}/oauth/token`, { method: 'POST', body })).rejects.toThrow('fetch failed');
  });
  test('drips: whole in the end, in small parts', async () => {
    mock.fail({
      connection: 'drip',
      drip: { bytes: 5, every: '20ms' },
      answer: { status: 200, body: 'a long answer' },
    });
    const parts: string[] = [];
    await new Promise<void>((resolve, reject) => {
      request(`${mock.url}/v2/account`, (answer) => {
        answer.on('data', (part) => parts.push(String(part)));
        answer.on('end', resolve);
      })
        .on('error', reject)
        .end();
    });
    expect(parts.join('')).toBe('a long answer');
    expect(parts.length).toBeGreaterThan(1);
  });
  test('drips by the clock', async () => {
    mock.clock.freeze();
    mock.fail({ connection: 'drip', drip: { bytes: 4, every: '1m' }, answer: { status: 200, body: 'eight...' } });
    let text = '';
    const asked = account().then(async (answer) => {
      text = await answer.text();
    });
    await mock.waitForRequests({ status: 200 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(text).toBe('');
    mock.clock.advance('1m');
    await asked;
    expect(text).toBe('eight...');
  });
});

describe('tokens', () => {
  const accountWith = async (token: string) =>
    (await fetch(`${mock.sipsim.baseUrl}/account`, { headers: { authorization: bearer(token) } })).status;
  const issued = async (answer: Promise<Response>) =>
    (await (await answer).json()) as { access_token: string; scope?: string; expires_in: number };

  test('expired at birth, though the answer promises a life', async () => {
    mock.clock.freeze();
    mock.fail({ token: 'expired', match: { provider: 'sipsim' } });
    const { access_token: token, expires_in: life } = await issued(sipsimToken());
    expect(life).toBe(7200);
    const answer = await fetch(`${mock.sipsim.baseUrl}/account`, { headers: { authorization: bearer(token) } });
    expect([answer.status, answer.headers.get('x-sidetone-reason')]).toEqual([401, 'the token expired 1 s ago']);
    expect(mock.requests({ operation: 'sipsim.createToken' })).toMatchObject([
      { fault: { kind: 'token expired' }, answer: { status: 200 } },
    ]);
  });
  test('with a wrong signature, where the published keys tell', async () => {
    mock.fail({ token: 'wrong-signature', times: 2 });
    const keys = createRemoteJWKSet(new URL(mock.sipgate.tokenUrl.replace(/token$/, 'certs')));
    const { access_token: token } = await issued(sipgateToken());
    await expect(jwtVerify(token, keys)).rejects.toThrow('signature verification failed');
    expect(await accountWith((await issued(sipsimToken())).access_token)).toBe(401);
    expect(await accountWith((await issued(sipsimToken())).access_token)).toBe(200);
  });
  test('of a wrong issuer, well signed', async () => {
    mock.fail({ token: 'wrong-issuer' });
    const keys = createRemoteJWKSet(new URL(mock.sipgate.tokenUrl.replace(/token$/, 'certs')));
    const { access_token: token } = await issued(sipgateToken());
    const { payload } = await jwtVerify(token, keys);
    expect(payload.iss).toBe('https://wrong-issuer.invalid');
    expect((await account({ headers: { authorization: bearer(token) } })).status).toBe(401);
    expect(await accountWith((await issued(sipsimToken())).access_token)).toBe(401);
  });
  test('with a narrower scope than was asked for, and said so', async () => {
    mock.fail({ token: 'narrower-scope' });
    const sipsim = await issued(sipsimToken('account.read calls.read'));
    expect([sipsim.scope, decodeJwt(sipsim.access_token).scope]).toEqual(['account.read', 'account.read']);
    const none = await issued(sipsimToken('account.read'));
    expect([none.scope, await accountWith(none.access_token)]).toEqual([undefined, 403]);
    const sipgate = await issued(sipgateToken());
    expect(decodeJwt(sipgate.access_token).scope).toBe(sipgate.scope);
    expect(sipgate.scope?.split(' ')).toHaveLength(1);
  });
  test('from a slow token endpoint', async () => {
    mock.clock.freeze();
    mock.fail({ match: { operation: 'sipsim.createToken' }, delay: '30s' });
    const asked = sipsimToken();
    await mock.waitForRequests({ operation: 'sipsim.createToken' });
    mock.clock.advance('30s');
    expect((await asked).status).toBe(200);
  });
  test('only where tokens are issued, and only those that are', async () => {
    mock.fail({ token: 'expired', times: 1 });
    await account();
    await clientToken(mock.sipsim.tokenUrl, 'sipsim-demo', 'wrong', 'account.read');
    expect(mock.faults()).toMatchObject([{ met: 0, struck: 0 }]);
  });
});

describe('a limit', () => {
  test('refuses what is too much in a window of the clock, client by client', async () => {
    mock.clock.freeze('2030-01-01T00:00:10Z');
    mock.fail({ limit: { requests: 2, window: '1m' } });
    const answers = [await account(), await account(), await account()];
    expect(
      answers.map(({ status, headers }) => [status, headers.get('ratelimit'), headers.get('retry-after')]),
    ).toEqual([
      [200, '"default";r=1;t=50', null],
      [200, '"default";r=0;t=50', null],
      [429, '"default";r=0;t=50', '50'],
    ]);
    expect(answers[0]?.headers.get('ratelimit-policy')).toBe('"default";q=2;w=60');
    const other = basic('token-ACCRD1', '9d2f0c0e-55a1-4a43-8d5c-9b0c6a3d7b21');
    expect((await account({ headers: { authorization: other } })).status).toBe(200);
    mock.clock.advance('50s');
    expect((await account()).status).toBe(200);
    expect(mock.requests().map(({ fault }) => fault?.kind)).toEqual([
      ...[undefined, undefined, 'limit', undefined, undefined],
    ]);
  });
  test('may count everyone together, whoever asks', async () => {
    mock.clock.freeze();
    mock.fail({ limit: { requests: 1, window: '1h', per: 'everyone' } });
    expect([(await account()).status, (await fetch(`${mock.url}/api/v2/account`)).status]).toEqual([200, 429]);
  });
});

describe('over HTTP', () => {
  const control = async (method: string, path: string, body?: unknown) => {
    const answer = await fetch(`${mock.adminUrl}${path}`, {
      ...{ method, headers: { 'content-type': 'application/json' } },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) };
  };
  test('is declared, listed, and removed', async () => {
    const made = await control('POST', '/faults', { ...unavailable, times: 1 });
    expect(made).toEqual({ status: 201, body: { ...unavailable, times: 1, id: 'fault-1', met: 0, struck: 0 } });
    expect(await statuses(2)).toEqual([503, 200]);
    expect((await control('GET', '/faults')).body.faults).toMatchObject([{ met: 2, struck: 1 }]);
    expect((await control('DELETE', '/faults/fault-1')).status).toBe(204);
    expect((await control('DELETE', '/faults/fault-1')).status).toBe(404);
    await control('POST', '/faults', unavailable);
    expect((await control('DELETE', '/faults')).status).toBe(204);
    expect(mock.faults()).toEqual([]);
  });
  test.each([
    [{}, 'fault must NOT have fewer than 1'],
    [{ times: 1 }, 'a fault needs one of: answer, connection, token, limit, delay'],
    [{ answer: { status: 99 } }, 'fault.answer.status must be >= 200'],
    [{ answer: { body: 'x' } }, 'fault.answer lacks "status"'],
    [{ answer: { status: 200, headers: { 'a b': 'x' } } }, 'fault.answer.headers'],
    [{ answer: { status: 200, headers: { a: 'x\r\ny: z' } } }, 'fault.answer.headers.a must match'],
    [{ answr: { status: 200 } }, 'fault.answr is unknown'],
    [{ match: { operation: '' }, delay: 1 }, 'fault.match.operation'],
    [{ match: { path: 1 }, delay: 1 }, 'fault.match.path must be string'],
    [{ connection: 'slow' }, 'fault.connection must be one of reset, empty, truncated, drip, malformed-chunk'],
    [{ token: 'old' }, 'fault.token must be one of expired'],
    [{ delay: 'soon' }, '"soon" is not a duration'],
    [{ delay: { min: 1 } }, 'fault.delay'],
    [{ limit: { requests: 1, window: 0 } }, 'limit.window must be longer than nothing'],
    [{ limit: { requests: 0, window: 1 } }, 'fault.limit.requests must be >= 1'],
    [{ token: 'expired', answer: { status: 500 } }, 'do not go together'],
    [{ delay: 1, drip: { bytes: 1 } }, '"drip" is for connection: drip'],
    [{ delay: 1, times: 0 }, 'fault.times must be >= 1'],
    [{ delay: 1, probability: 2 }, 'fault.probability must be <= 1'],
    [{ delay: { mean: '1s', deviation: '1s', max: 1 } }, 'fault.delay'],
    [{ answer: { status: 200, retryAfter: 'later' } }, '"later" is not a duration'],
  ])('%j is refused: %s', async (fault, message) => {
    const { status, body } = await control('POST', '/faults', fault);
    expect([status, body.error]).toEqual([400, expect.stringContaining(message)]);
    expect(() => mock.fail(fault as FaultInput)).toThrow(message);
    expect(mock.faults()).toEqual([]);
  });
});
