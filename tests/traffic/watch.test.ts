/** `verify --record-proxy`: the traffic of an application, judged by the rules of the suite. Fakes stand for the real API. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { createReport, type Defect, startBrokenServer, type Watch, watchTraffic } from '../../contracts/index.ts';
import { type Mock, type MockOptions, startMock } from '../../mock-server/index.ts';
import { launch, run } from '../support/command.ts';
import { targetOf } from '../support/mock-target.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

interface Scene {
  mock: Mock;
  watch: Watch;
  /** Asks a path through the proxy. */
  ask(path: string, init?: RequestInit): Promise<Response>;
  pat: { authorization: string };
}

async function watching(
  options: MockOptions = {},
  defect?: Pick<Defect, 'request' | 'instead' | 'answer'>,
): Promise<Scene> {
  const mock = await startMock(options);
  open.push(mock);
  const broken = defect && (await startBrokenServer(mock.url, defect));
  if (broken) open.push(broken);
  const watch = await watchTraffic(targetOf(mock, broken?.url));
  open.push(watch);
  const { tokenId, token } = mock.credentials.sipgate;
  const ask = async (path: string, init?: RequestInit) => {
    const before = watch.result().requests;
    const answer = await fetch((watch.proxies[0]?.url ?? '') + path, init);
    // Its end passes the proxy before it is here, but is told a moment later.
    await expect.poll(() => watch.result().requests).toBe(before + 1);
    return answer;
  };
  return { mock, watch, ask, pat: { authorization: `Basic ${btoa(`${tokenId}:${token}`)}` } };
}

const verdicts = ({ watch }: Scene) => watch.result().verdicts.map(({ check, outcome }) => `${check.id} ${outcome}`);
const reasonOf = ({ watch }: Scene, id: string) => watch.result().verdicts.find(({ check }) => check.id === id)?.reason;

async function sipsimToken({ ask, mock }: Scene, scope: string): Promise<string> {
  const { clientId = '', clientSecret = '' } = mock.credentials.sipsim;
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    scope,
  });
  const answer = await ask('/oauth/token', { method: 'POST', body });
  return ((await answer.json()) as { access_token: string }).access_token;
}

describe('a service that behaves', () => {
  test('is told so: what it answers, to whom, by which method, on which path', async () => {
    const scene = await watching();
    const { ask, pat } = scene;
    expect(await (await ask('/v2/account', { headers: pat })).json()).toHaveProperty('company');
    await ask('/v2/account');
    await ask('/v2/account', { method: 'HEAD', headers: pat });
    await ask('/v2/account', { method: 'DELETE', headers: pat });
    await ask('/v2/nope', { headers: pat });
    const token = await sipsimToken(scene, 'account.read');
    await ask('/api/v2/account', { headers: { authorization: `Bearer ${token}` } });
    await ask('/api/v2/phones', { headers: { authorization: `Bearer ${token}` } });
    await ask('/api/v2/account', { headers: pat });
    expect(verdicts(scene)).toEqual([
      'sipgate.MTH-unsafe-getAccount passed',
      'sipgate.OAS-getAccount passed',
      'sipgate.SEC-none-getAccount passed',
      'sipgate.TRF-paths passed',
      'sipsim.OAS-createToken passed',
      'sipsim.OAS-getAccount passed',
      'sipsim.OAS-getPhones passed',
      'sipsim.SCP-kind-getAccount passed',
      'sipsim.TRF-token-getAccount passed',
      'sipsim.TRF-token-getPhones passed',
    ]);
    const report = createReport({ real: scene.watch.result() });
    expect(report).toMatchObject({ exitCode: 0, failures: [] });
    expect(report.coverage.observed).toBeGreaterThan(5);
  });

  test('is not verified by nothing', async () => {
    const { watch } = await watching();
    expect(createReport({ real: watch.result() }).exitCode).toBe(3);
  });
});

describe('a service that does not', () => {
  const withBody = (change: (body: Record<string, unknown>) => object): Pick<Defect, 'answer'> => ({
    answer: (answer) => {
      if (answer.status === 200 && answer.body !== '') answer.body = JSON.stringify(change(JSON.parse(answer.body)));
    },
  });
  const instead = (prefix: string, body: string): Pick<Defect, 'instead'> => ({
    instead: ({ path }) =>
      path.startsWith(prefix) ? { status: 200, headers: { 'content-type': 'application/json' }, body } : undefined,
  });

  interface Misbehaviour {
    what: string;
    defect: Pick<Defect, 'request' | 'instead' | 'answer'>;
    act(scene: Scene): Promise<unknown>;
    id: string;
    reason: RegExp;
  }

  const ask: Misbehaviour['act'] = (scene) => scene.ask('/v2/account', { headers: scene.pat });

  test.each<Misbehaviour>([
    {
      what: 'a member of another type',
      defect: withBody((body) => ({ ...body, company: 7 })),
      act: ask,
      id: 'sipgate.OAS-getAccount',
      reason: /GET -> 200: body\/company must be string/,
    },
    {
      what: 'a status that is not declared',
      defect: { instead: () => ({ status: 418, headers: {}, body: '' }) },
      act: ask,
      id: 'sipgate.OAS-getAccount',
      reason: /status 418 is not declared/,
    },
    {
      what: 'an account for everybody',
      defect: {
        request: ({ headers }) => {
          headers.authorization = [`Basic ${btoa('token-FQ1V12:e68ead46-a7db-46cd-8a1a-44aed1e4e372')}`];
        },
      },
      act: (scene) => scene.ask('/v2/account'),
      id: 'sipgate.SEC-none-getAccount',
      reason: /GET -> 200: expected status 401/,
    },
    {
      what: 'a wrong method that is not found',
      defect: {
        answer: (answer) => {
          if (answer.status === 405) answer.status = 404;
        },
      },
      act: (scene) => scene.ask('/v2/account', { method: 'PUT', headers: scene.pat, body: '{}' }),
      id: 'sipgate.MTH-unsafe-getAccount',
      reason: /expected status 405/,
    },
    {
      what: 'a path that the document does not have',
      defect: instead('/v2/contacts', '{}'),
      act: (scene) => scene.ask('/v2/contacts', { headers: scene.pat }),
      id: 'sipgate.TRF-paths',
      reason: /GET \/v2\/contacts -> 200: the document has no such path/,
    },
    {
      what: 'a scope that is not asked for',
      defect: instead('/api/v2/phones', '{"data":[]}'),
      act: async (scene) =>
        scene.ask('/api/v2/phones', {
          headers: { authorization: `Bearer ${await sipsimToken(scene, 'account.read')}` },
        }),
      id: 'sipsim.TRF-token-getPhones',
      reason: /GET -> 200 for a token with account\.read; it takes one of: phones\.read/,
    },
  ])('is found out: $what', async ({ defect, act, id, reason }) => {
    const scene = await watching({}, defect);
    await act(scene);
    expect(verdicts(scene)).toContain(`${id} failed`);
    expect(reasonOf(scene, id)).toMatch(reason);
    expect(createReport({ real: scene.watch.result() }).exitCode).toBe(1);
  });

  test('a busy one says nothing about who may ask', async () => {
    const scene = await watching({}, { instead: () => ({ status: 503, headers: {}, body: '' }) });
    await scene.ask('/v2/account');
    expect(verdicts(scene)).toEqual(['sipgate.OAS-getAccount failed']);
  });

  test('one that is not there is no verdict', async () => {
    const scene = await watching();
    await scene.mock.close();
    await scene.ask('/v2/account');
    const report = createReport({ real: scene.watch.result() });
    expect([report.exitCode, report.failures[0]]).toEqual([
      3,
      expect.stringMatching(/1 requests were not answered: .*ECONNREFUSED/),
    ]);
  });
});

test('no secret of the traffic is in the result: not the credential, not the token that was dealt', async () => {
  const scene = await watching();
  const token = await sipsimToken(scene, 'account.read');
  await scene.ask('/api/v2/account', { headers: { authorization: `Bearer ${token}` } });
  await scene.ask('/v2/account', { headers: scene.pat });
  const text = JSON.stringify(scene.watch.result());
  const { sipgate, sipsim } = scene.mock.credentials;
  for (const secret of [token, sipgate.token, sipsim.clientSecret, scene.pat.authorization.slice(6)])
    expect(text).not.toContain(secret);
  expect(text).toContain('<secret:');
});

test('a secret that a body is cut in is not in the result by half', async () => {
  let body = '';
  const scene = await watching({}, { instead: () => ({ status: 418, headers: {}, body }) });
  const { token = '' } = scene.mock.credentials.sipgate;
  const filling = `{"a":"${'x'.repeat(16_384 - 27)}","b":"`;
  body = `${filling}${token}"}`;
  expect([filling.length < 16_384, filling.length + token.length > 16_384]).toEqual([true, true]);
  await scene.ask('/v2/account', { headers: scene.pat });
  const result = scene.watch.result();
  expect(result.verdicts[0]?.exchanges[0]?.response?.body).toBe(`${filling}… (${token.length + 2} characters more)`);
  expect(JSON.stringify(result)).not.toContain(token.slice(0, 8));
});

test('what is kept stays small, however much passes', async () => {
  const scene = await watching({}, { instead: () => ({ status: 418, headers: {}, body: 'x'.repeat(50_000) }) });
  for (let index = 0; index < 40; index += 1) await scene.ask('/v2/account');
  const [verdict] = scene.watch.result().verdicts;
  expect([verdict?.requests, verdict?.exchanges.length]).toEqual([40, 20]);
  expect(JSON.stringify(verdict).length).toBeLessThan(20 * 20_000);
  expect(verdict?.reason).toContain('(40 times)');
});

describe('the command', () => {
  /** Runs it, hands what it prints to `act`, and waits for its end. */
  async function watched(
    args: string[],
    act: (variables: Record<string, string>, kill: () => void) => Promise<unknown>,
    environment: Record<string, string> = {},
  ) {
    const child = launch(['verify', '--record-proxy', ...args], environment);
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    let [stdout, started] = ['', false];
    for await (const chunk of child.stdout ?? []) {
      stdout += String(chunk);
      if (started || !stdout.includes('SIPSIM_TOKEN_URL=')) continue;
      started = true;
      const lines = [...stdout.matchAll(/^(\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]);
      await act(Object.fromEntries(lines), () => child.kill('SIGINT'));
    }
    return { code: await ended, stdout };
  }

  test('tells an application where to ask, ends after so many requests, and writes the same reports', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sidetone-traffic-'));
    const mock = await startMock();
    open.push(mock);
    const args = ['--base-url', mock.url, '--requests', '1', '--report', 'json,har', '--report-dir', folder];
    const { code, stdout } = await watched(args, async ({ SIPGATE_BASE_URL }) => fetch(`${SIPGATE_BASE_URL}/account`));
    expect([code, stdout]).toEqual([0, expect.stringMatching(/1 requests[\s\S]*verified\n$/)]);
    expect(JSON.parse(readFileSync(join(folder, 'sidetone.json'), 'utf8')).rows).toHaveLength(2);
    expect(readFileSync(join(folder, 'sidetone.har'), 'utf8')).toContain('/v2/account');
    rmSync(folder, { recursive: true });
  });

  test('ends by a signal with what it has seen, 1 where something was wrong', async () => {
    const mock = await startMock({ settings: { sipgate: { allowHeader: false } } });
    open.push(mock);
    const { code, stdout } = await watched(['--base-url', mock.url], async ({ SIPGATE_BASE_URL }, kill) => {
      await (await fetch(`${SIPGATE_BASE_URL}/account`, { method: 'PUT' })).text();
      kill();
    });
    expect([code, stdout]).toEqual([1, expect.stringContaining('expected the header Allow')]);
    expect(stdout).toContain('again: curl -i -X PUT');
  });

  test('asks a service by https, whose certificate it checks', async () => {
    const mock = await startMock({ tls: true });
    open.push(mock);
    const args = ['--base-url', mock.url, '--requests', '1'];
    const ask = async ({ SIPGATE_BASE_URL }: Record<string, string>) =>
      (await fetch(`${SIPGATE_BASE_URL}/account`)).status;
    const trusting = await watched(args, ask, { NODE_EXTRA_CA_CERTS: mock.caFile ?? '' });
    expect([trusting.code, trusting.stdout]).toEqual([
      0,
      expect.stringContaining('SIPGATE_BASE_URL=http://127.0.0.1:'),
    ]);
    const { code, stdout } = await watched(args, ask);
    expect([code, stdout]).toEqual([3, expect.stringMatching(/not answered: .*certificate/)]);
  });

  test('ends by itself after a time, 3 where nothing passed', async () => {
    const mock = await startMock();
    open.push(mock);
    const { code, stdout } = await run(['verify', '--record-proxy', '--base-url', mock.url, '--for', '10ms']);
    expect([code, stdout]).toEqual([3, expect.stringContaining('NOT verified')]);
  });

  test.each([
    [['--only', 'sipgate.*']],
    [['--skip', 'sipgate.*']],
    [['--tag', 'MUST']],
    [['--operation', 'getAccount']],
    [['--profile', 'smoke']],
    [['--deviations', 'none.yaml']],
    [['--update-deviations']],
    [['--max-age', '30d']],
    [['--freshness', 'none.json']],
    [['--dry-run']],
    [['--bail']],
    [['--workers', '2']],
  ])('refuses %j, which it would do nothing about', async (flags) => {
    const args = ['verify', '--record-proxy', '--base-url', 'http://127.0.0.1:9', '--for', '10ms'];
    const { code, stdout, stderr } = await run([...args, ...flags]);
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining(`${flags[0]} does nothing`)]);
  });

  test('refuses them from the environment too, but not where they are off', async () => {
    const args = ['verify', '--record-proxy', '--base-url', 'http://127.0.0.1:9', '--for', '10ms'];
    const { code, stderr } = await run(args, { SIDETONE_MAX_AGE: '30d' });
    expect([code, stderr]).toEqual([2, expect.stringContaining('--max-age does nothing')]);
    expect((await run(args, { SIDETONE_BAIL: 'false' })).code).toBe(3);
  });

  test('says before it listens that reports cannot be written', async () => {
    const args = ['verify', '--record-proxy', '--base-url', 'http://127.0.0.1:9', '--for', '10ms', '--report', 'json'];
    expect(await run([...args, '--report-dir', 'package.json'])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('--report-dir: cannot make the folder "package.json"'),
    });
  });

  test.each([
    ['--only', 'sipgate.*'],
    ['--allow-host', 'a.example'],
    ['--max-rate', '1'],
    ['--max-requests', '1'],
    ['--ledger', '.'],
    ['--allow-write'],
    ['--random-seed', 'a'],
    ['--diff', 'a.json', 'b.json'],
  ])('refuses %s, which does nothing with it', async (...flag) => {
    expect(await run(['verify', '--record-proxy', '--base-url', 'http://127.0.0.1:9', ...flag])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`${flag[0]} does nothing with --record-proxy`),
    });
  });

  test('refuses to start without whom to ask', async () => {
    expect(await run(['verify', '--record-proxy'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--target real or --base-url'),
    });
  });
});
