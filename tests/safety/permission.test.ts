/** What a run may do to somebody else's account: to read, unless it is told that it may do more. */
import { describe, expect, test } from 'vitest';
import {
  checks,
  createTarget,
  exitCodeOf,
  type RunOptions,
  runChecks,
  urlsOfEnvironment,
  urlsOfOrigin,
} from '../../contracts/index.ts';
import { refuseHost } from '../../contracts/safety/hosts.ts';
import { announce } from '../../contracts/safety/permission.ts';
import { startMock } from '../../mock-server/index.ts';
import { run } from '../support/command.ts';
import { HOST, remoteOf } from '../support/remote.ts';

const elsewhere = createTarget('elsewhere', urlsOfOrigin(`http://${HOST}`), {});
const HARMLESS = /^(?:GET|HEAD|OPTIONS|TRACE) |^POST [^ ]*\/(?:oauth|openid-connect)\/token(?:\?|$)/;

/** One check of each risk. */
const ONLY = ['sipgate.ACC-01', 'sipgate.CLI-04', 'sipgate.CLI-15b', 'sipsim.TRN-01'];

async function outcomesWith(permission: RunOptions) {
  await using mock = await startMock();
  const { target, options, asked } = remoteOf(mock);
  const { verdicts } = await runChecks(target, { ...options, only: ONLY, ...permission });
  return {
    asked,
    verdicts: Object.fromEntries(verdicts.map(({ check, outcome, reason }) => [check.risk, reason ?? outcome])),
  };
}

describe('by risk, off loopback', () => {
  test('it reads, and says what would allow the rest', async () => {
    const { asked, verdicts } = await outcomesWith({});
    expect(verdicts).toEqual({
      read: 'passed',
      write: 'changes the account; allow it with --allow-write',
      destructive: 'ends or rotates what was there before; allow it with --allow-destructive',
      'mock-only': 'moves time or settings, or asks about data, that only the fake has',
    });
    expect(asked.filter((line) => !HARMLESS.test(line))).toEqual([]);
  });

  test('--allow-write lets it make and remove its own', async () => {
    const { verdicts } = await outcomesWith({ allowWrite: true });
    expect(verdicts).toMatchObject({
      read: 'passed',
      write: 'passed',
      destructive: expect.stringContaining('--allow-destructive'),
    });
  });

  test('--allow-destructive lets it do both; what only the fake has is never asked', async () => {
    const { verdicts } = await outcomesWith({ allowDestructive: true });
    expect(verdicts).toMatchObject({
      write: 'passed',
      destructive: 'passed',
      'mock-only': expect.stringContaining('only the fake'),
    });
  });

  test('whatever a check says of itself, nothing is changed or ended that the run has not made', async () => {
    await using mock = await startMock();
    const { target, options, asked } = remoteOf(mock);
    const [example] = checks.filter(({ id }) => id === 'sipgate.CLI-04');
    const own = { clientId: mock.credentials.sipgate.clientId ?? '' };
    const sly = ['sipgate.deleteClient', 'sipgate.updateClient'].map((operation) => ({
      ...(example as NonNullable<typeof example>),
      id: `sipgate.SLY-${operation}`,
      run: async (session: Parameters<(typeof checks)[number]['run']>[0]) => {
        await session.call(operation, { params: own, json: {} });
      },
    }));
    const result = await runChecks(target, { ...options, allowWrite: true, checks: sly });
    expect(result.verdicts.map(({ outcome, cause }) => [outcome, cause])).toEqual([
      ['not-run', 'policy'],
      ['not-run', 'policy'],
    ]);
    expect(result.verdicts[0]?.reason).toBe(
      `would end the OAuth client "${own.clientId}"; allow it with --allow-destructive`,
    );
    expect(asked.filter((line) => /^(?:DELETE|PUT)/.test(line))).toEqual([]);
  });
});

describe('hosts', () => {
  test.each([
    ['https://api.sipgate.com/v2', undefined],
    ['https://login.sipgate.com/auth', undefined],
    ['https://app.sipsim.com/api/v2', undefined],
    ['http://127.0.0.1:4010', undefined],
    ['http://[::1]:4010', undefined],
    ['https://api.sipgate.com.evil.example/v2', 'api.sipgate.com.evil.example'],
    ['https://evil.example/?api.sipgate.com', 'evil.example'],
    ['https://sipgate.com/v2', 'sipgate.com'],
    ['http://127.0.0.1.evil.example', '127.0.0.1.evil.example'],
  ])('%s', (url, refused) => {
    const reason =
      refused && `"${refused}" is no host of the vendors: if it is yours to ask, add --allow-host ${refused}`;
    expect(refuseHost(url)).toBe(reason);
  });

  test('one that is allowed is asked, by its whole name', () => {
    expect(refuseHost('https://staging.example/v2', ['Staging.Example'])).toBeUndefined();
    expect(refuseHost('https://a.staging.example/v2', ['staging.example'])).toContain('--allow-host a.staging.example');
  });

  test('a run against another one sends nothing', async () => {
    await using mock = await startMock();
    const { target, asked } = remoteOf(mock);
    await expect(runChecks(target)).rejects.toThrow(`add --allow-host ${HOST}`);
    expect(asked).toEqual([]);
  });

  test('the command says so, with 2', async () => {
    const { code, stderr } = await run(['verify', '--base-url', 'https://staging.example']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('"staging.example" is no host of the vendors')]);
  });

  test('a redirect to another host is never followed, a request to one never sent', async () => {
    await using mock = await startMock();
    const { target, options, asked } = remoteOf(mock, ({ url = '' }, response) => {
      if (!url.startsWith('/auth/realms/third-party/protocol/openid-connect/auth')) return false;
      response
        .writeHead(302, { location: 'https://evil.example/auth/realms/third-party/login-actions/authenticate' })
        .end();
      return true;
    });
    const only = ['sipgate.AUT-*', 'sipgate.ACG-01*'];
    const { verdicts } = await runChecks(target, { ...options, only, allowWrite: true });
    expect(verdicts.filter(({ outcome }) => outcome === 'failed').length).toBeGreaterThan(0);
    expect(asked.length).toBeGreaterThan(0);
    for (const { exchanges } of verdicts) {
      for (const { request } of exchanges) expect(new URL(request.url).host).toBe(HOST);
    }
  });
});

describe('what is announced', () => {
  test('hosts, what may be done to them, budget and rate', () => {
    expect(announce(elsewhere, {})).toBe('asks api.example: reads only; at most 1000 requests, 10 a second');
    expect(announce(elsewhere, { allowWrite: true, maxRequests: 50, maxRate: 2 })).toBe(
      'asks api.example: reads, creates, and removes what it created; at most 50 requests, 2 a second',
    );
    const real = createTarget('real', urlsOfEnvironment({}), {});
    expect(announce(real, { allowDestructive: true })).toBe(
      'asks api.sipgate.com, login.sipgate.com, app.sipsim.com: reads, creates, removes, and ends what was there before; at most 1000 requests, 10 a second',
    );
    expect(announce(createTarget('here', urlsOfOrigin('http://127.0.0.1:1'), {}), {})).toBeUndefined();
  });

  test('by the command, before anything is asked', async () => {
    const { stdout } = await run(['verify', '--target', 'real', '--max-rate', '3']);
    expect(stdout).toMatch(/^asks api\.sipgate\.com, .*: reads only; at most 1000 requests, 3 a second\n/);
  });
});

test('the budget is kept, and what was made is removed within it', async () => {
  await using mock = await startMock();
  for (const maxRequests of [12, 17, 23, 31]) {
    const { target, options, asked } = remoteOf(mock);
    const only = ['sipgate.CLI-*'];
    const result = await runChecks(target, { ...options, only, maxRequests, allowWrite: true });
    expect(asked.length).toBeLessThanOrEqual(maxRequests);
    expect([result.leftovers, exitCodeOf(result)]).toEqual([[], 3]);
  }
});
