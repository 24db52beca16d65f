/** `sidetone verify` on servers that are no API at all: none of them is ever green. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { createClient } from '../contracts/client.ts';
import { loadContractDocument } from '../contracts/document.ts';
import {
  checks,
  createTarget,
  type Defect,
  exitCodeOf,
  isLoopback,
  runChecks,
  startBrokenServer,
  urlsOfOrigin,
} from '../contracts/index.ts';
import { runCheck } from '../contracts/run-check.ts';
import { refuseWrites } from '../contracts/safety/permission.ts';
import { createSession } from '../contracts/session.ts';
import { startMock } from '../mock-server/index.ts';
import { run } from './support/command.ts';
import { targetOf } from './support/mock-target.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  closing.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const always = (status: number, body: string, type = 'application/json'): RequestListener => {
  return (_request, response) => void response.writeHead(status, { 'content-type': type }).end(body);
};

describe('cannot verify, exit 3', () => {
  test.each<[string, RequestListener]>([
    ['always 200 with {}', always(200, '{}')],
    ['always 401', always(401, '')],
    ['always 404', always(404, '{}')],
    ['always 500', always(500, '{}')],
    ['a gateway that answers HTML', always(200, '<html>welcome</html>', 'text/html')],
    ['an echo', (request, response) => void request.pipe(response)],
    ['a connection that is reset', (request) => void request.socket.destroy()],
    ['an empty answer', always(200, '')],
    ['204 to everything', (_request, response) => void response.writeHead(204).end()],
    ['a server that never answers', () => undefined],
    ['a server that never ends', (_request, response) => void response.writeHead(200).write('{')],
    ['a canned answer', always(200, '{"access_token":"x","token_type":"Bearer","expires_in":7200,"created_at":1}')],
  ])('%s', async (_what, listener) => {
    const { code, stdout } = await run(['verify', '--base-url', await serve(listener), '--timeout', '500ms']);
    expect([code, stdout]).toEqual([3, expect.stringContaining('NOT verified')]);
  });

  test('nobody at home', async () => {
    const { code, stdout } = await run(['verify', '--base-url', 'http://127.0.0.1:9']);
    expect([code, stdout]).toEqual([3, expect.stringContaining('ECONNREFUSED')]);
  });

  test('real was asked for, without credentials', async () => {
    const { code, stdout } = await run(['verify', '--target', 'real']);
    expect([code, stdout]).toEqual([3, expect.stringContaining('no credentials for sipgate; set SIPGATE_TOKEN_ID')]);
    expect(stdout).toContain('0 requests');
  });

  test('credentials of some checks are missing', async () => {
    await using mock = await startMock();
    const { SIPGATE_ACCOUNT_READ_TOKEN: _, ...environment } = mock.environment;
    const target = createTarget('partly', urlsOfOrigin(mock.url), environment);
    const result = await runChecks(target, { only: ['sipgate.*'] });
    const missing = result.verdicts.filter(({ cause }) => cause === 'missing');
    expect(missing.length).toBeGreaterThan(0);
    expect(missing[0]?.reason).toContain('SIPGATE_ACCOUNT_READ_TOKEN');
    expect(exitCodeOf(result)).toBe(3);
  });

  test('the budget of requests is spent', async () => {
    await using mock = await startMock();
    const result = await runChecks(targetOf(mock), { maxRequests: 20 });
    expect(result.requests).toBeLessThanOrEqual(20);
    expect(result.problems.join()).toContain('budget of 20 requests');
    expect(exitCodeOf(result)).toBe(3);
  });
});

test('the fake itself is verified, with 0 and reports that say so', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sidetone-report-'));
  const { code, stdout } = await run(['verify', '--report', 'json,junit', '--report-dir', folder]);
  expect([code, stdout]).toEqual([0, expect.stringMatching(/verified\n$/)]);
  const report = JSON.parse(readFileSync(join(folder, 'sidetone.json'), 'utf8'));
  expect(report).toMatchObject({ reportVersion: 2, exitCode: 0, failures: [], target: 'mock' });
  expect(report.sides).toMatchObject([{ role: 'mock', trusted: true, problems: [], leftovers: [] }]);
  expect(report.rows).toHaveLength(checks.length);
  expect(report.rows.every(({ result }: { result: string }) => result === 'pass')).toBe(true);
  const junit = readFileSync(join(folder, 'sidetone.junit.xml'), 'utf8');
  expect(junit.match(/<testcase/g)).toHaveLength(checks.length);
  expect(junit).not.toMatch(/<(?:failure|error|skipped)/);
  rmSync(folder, { recursive: true });
});

test('one wrong answer is exit 1, named with its clause', async () => {
  await using mock = await startMock({ settings: { sipgate: { allowHeader: false } } });
  const { code, stdout } = await run(['verify', '--base-url', mock.url, '--quiet']);
  expect(code).toBe(1);
  expect(stdout).toMatch(
    /FAIL {2}sipgate\.MTH-safe-getAccount .*\n.*expected the header Allow\n.*RFC 9110.*\n.*blame fake/,
  );
  expect(stdout).toContain('NOT verified: the target does not behave');
});

describe('on a host that is not loopback', () => {
  test('every check together sends nothing but reads and token requests', async () => {
    await using mock = await startMock();
    const asked: string[] = [];
    const app: RequestListener = (request, response) => {
      asked.push(`${request.method} ${request.url}`);
      mock.app(request, response);
    };
    // Not asked over the network: the app stands for the host.
    const remote = createTarget('elsewhere', urlsOfOrigin('http://api.example'), mock.environment);
    expect(isLoopback(remote)).toBe(false);
    const client = createClient({ app, maxRequests: 2_000, secrets: [], refuse: refuseWrites });
    const session = createSession(remote, loadContractDocument(), client);
    const outcomes = [];
    for (const check of checks) outcomes.push((await runCheck(check, session)).outcome);
    expect(outcomes.filter((outcome) => outcome === 'passed').length).toBeGreaterThan(200);
    expect(outcomes.filter((outcome) => outcome === 'failed' || outcome === 'error')).toEqual([]);
    const harmless = /^(?:GET|HEAD|OPTIONS|TRACE) |^POST [^ ]*\/(?:oauth|openid-connect)\/token(?:\?|$)/;
    expect(asked.filter((line) => !harmless.test(line))).toEqual([]);
    expect(asked.length).toBeLessThanOrEqual(1_000);
  });

  test('which hosts are not is decided by the whole name', () => {
    const at = (origin: string) => isLoopback(createTarget('', urlsOfOrigin(origin), {}));
    expect([at('http://127.0.0.1:1'), at('http://localhost:1'), at('http://[::1]:1')]).toEqual([true, true, true]);
    expect([at('http://127.0.0.1.evil.example'), at('http://localhost.evil.example')]).toEqual([false, false]);
  });
});

test('what a check made and cannot remove is told, with exit 4', async () => {
  await using mock = await startMock();
  const defect: Pick<Defect, 'instead'> = {
    instead: ({ method }) => (method === 'DELETE' ? { status: 500, headers: {}, body: '' } : undefined),
  };
  const broken = await startBrokenServer(mock.url, defect);
  const { code, stdout } = await run(['verify', '--base-url', broken.url, '--only', 'sipgate.CLI-01']);
  await broken.close();
  expect([code, stdout]).toEqual([4, expect.stringMatching(/left behind: OAuth client ".*:sipgate-apps"/)]);
});

test('a target that dies on the way is no verdict, whatever failed since', async () => {
  await using mock = await startMock();
  let left = 30;
  const broken = await startBrokenServer(mock.url, {
    instead: () => (left-- > 0 ? undefined : { status: 401, headers: {}, body: '' }),
  });
  const { code } = await run(['verify', '--base-url', broken.url, '--only', 'sipgate.B*']);
  await broken.close();
  expect(code).toBe(3);
});

test('a fake without the short form is verified but for it', async () => {
  await using mock = await startMock({ shortForm: false });
  const { shortForm: _, ...target } = targetOf(mock);
  const result = await runChecks(target);
  expect(result.problems).toEqual([]);
  expect(exitCodeOf(result)).toBe(0);
  const notRun = result.verdicts.filter(({ outcome }) => outcome === 'not-run');
  expect(notRun.length).toBeGreaterThan(0);
  expect(notRun.every(({ check, cause }) => check.provider === 'shortForm' && cause === 'policy')).toBe(true);
});

test('no secret gets into a verdict or a report', async () => {
  await using mock = await startMock();
  const url = await serve((request, response) => {
    // Echoes what it was sent, as careless gateways do.
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const seen = `${request.url} ${request.headers.authorization} ${Buffer.concat(chunks)}`;
      response.writeHead(200, { 'content-type': 'text/plain', 'www-authenticate': seen }).end(seen);
    });
  });
  const result = await runChecks(targetOf(mock, url));
  const text = JSON.stringify(result);
  const { token = '', clientSecret = '', password = '' } = mock.credentials.sipgate;
  const { tokenId } = mock.credentials.sipgate;
  expect(text).not.toContain(Buffer.from(`${tokenId}:${token}`).toString('base64'));
  for (const secret of [token, clientSecret, password, mock.credentials.sipsim.clientSecret ?? '']) {
    for (const form of [
      secret,
      secret.slice(0, 20),
      encodeURIComponent(secret),
      Buffer.from(secret).toString('base64'),
    ]) {
      expect(text).not.toContain(form);
    }
  }
});
