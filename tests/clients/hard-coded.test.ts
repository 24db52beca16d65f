/** Programs that know the vendors' hosts alone, under `exec --intercept`: not a line of theirs differs from the real. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { startMock } from '../../mock-server/index.ts';
import { pythonOf, root } from './python-home.ts';
import { type Ended, run } from './support.ts';

const program = (name: string) => join(root, 'tests/clients/programs/hard-coded', name);
const exec = (words: string[]): Promise<Ended> =>
  run(process.execPath, ['cli/bin.ts', 'exec', '--intercept', '--', ...words], '', {});

const goProgram = join(root, 'node_modules/.cache/sidetone/go/account');
// Go's own library is compiled once, and that takes its time.
beforeAll(() => {
  const cache = dirname(goProgram);
  mkdirSync(cache, { recursive: true });
  const env = { ...process.env, GOCACHE: cache, GOTELEMETRY: 'off' };
  execFileSync('go', ['build', '-o', goProgram, program('account.go')], { stdio: 'inherit', env });
}, 600_000);

/** A Java says whatever variable it was told by. */
const withoutNotice = (stderr: string) => stderr.replace(/^Picked up JAVA_TOOL_OPTIONS: .*\n/, '');

const ACCOUNTS: [string, string[]][] = [
  ['Python, requests', [pythonOf(), program('requests_account.py')]],
  ['Python, urllib', [pythonOf(), program('urllib_account.py')]],
  ['Node, axios', [process.execPath, program('axios.mjs'), 'axios']],
  ['Node, axios 0.27', [process.execPath, program('axios.mjs'), 'axios-0.27']],
  ['Node, fetch', [process.execPath, program('fetch.mjs')]],
  ['Node, node:https', [process.execPath, program('https.mjs')]],
  ['curl', ['sh', program('account.sh')]],
  ['Ruby, net/http', ['ruby', program('account.rb')]],
  ['Go, net/http', [goProgram]],
  ['Java, both clients', ['java', program('Account.java')]],
];

describe('both accounts', () => {
  test.each(ACCOUNTS)('%s', async (_who, words) => {
    const { code, stdout, stderr } = await exec(words);
    expect([withoutNotice(stderr), stdout, code]).toEqual([
      '',
      'sipgate 200 Müller & Söhne GmbH\nsipsim 200 12345\n',
      0,
    ]);
  });
});

describe('without the authority the client fails, and asks for nothing', () => {
  // axios 0.2x sends no CONNECT: it leaves TLS to the proxy, and trusts it.
  test.each(ACCOUNTS.filter(([who]) => who !== 'Node, axios 0.27'))('%s', async (_who, [command = '', ...args]) => {
    await using mock = await startMock({ intercept: true });
    const { hostname, port } = new URL(mock.url);
    const { stdout, stderr } = await run(command, args, '', {
      ...{ HTTP_PROXY: mock.url, http_proxy: mock.url, HTTPS_PROXY: mock.url, https_proxy: mock.url },
      ...{ NODE_USE_ENV_PROXY: '1', JAVA_TOOL_OPTIONS: `-Dhttps.proxyHost=${hostname} -Dhttps.proxyPort=${port}` },
    });
    expect(stdout).not.toContain('200');
    expect(stderr).toMatch(/certificate|PKIX/i);
    expect(mock.requests()).toEqual([]);
  });
});

test("sipgate's own library, in each call that the fake serves", async () => {
  const { stdout, stderr } = await exec([process.execPath, program('sipgateio.mjs')]);
  const [calls = '', refused] = stdout.split('\n');
  expect([stderr, JSON.parse(calls), refused]).toEqual([
    '',
    { company: 'Müller & Söhne GmbH', webuser: 'w0', user: 'w0', balance: 'number', names: ['A', 'C'], gone: 404 },
    'Unauthorized',
  ]);
});

test('openid-client finds the login server by discovery, completes the code flow, and every issuer is the vendor’s', async () => {
  const { stdout, stderr } = await exec([process.execPath, program('openid.mjs')]);
  const realm = 'https://login.sipgate.com/auth/realms/third-party';
  expect([stderr, stdout]).toEqual(['', `https://login.sipgate.com ${realm} ${realm} true 200\n`]);
});
