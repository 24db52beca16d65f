/** `exec --intercept`: what its command gets, what is left when it is over, and what is nowhere. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { javaTrustStore } from '../../cli/java-trust-store.ts';
import { proxyEnvironment } from '../../cli/proxy-environment.ts';
import { startMock } from '../../mock-server/index.ts';
import { run, serve } from '../support/command.ts';

const folder = mkdtempSync(join(tmpdir(), 'intercept-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const node = (program: string) => [process.execPath, '--input-type=module', '--eval', program];
const exec = (words: string[], flags: string[] = ['--intercept'], environment?: Record<string, string>) =>
  run(['exec', ...flags, '--', ...words], { TMPDIR: folder, NODE_DISABLE_COMPILE_CACHE: '1', ...environment });
const ENVIRONMENT = node('console.log(JSON.stringify(process.env))');

test('the command gets a proxy and what to trust, by every name, and all of it is gone with it', async () => {
  const own = join(folder, 'own.pem');
  const certificate = (await startMockPem()).trim();
  writeFileSync(own, certificate);
  const before = readdirSync(folder);
  const { stdout } = await exec(ENVIRONMENT, ['--intercept'], {
    ...{ NO_PROXY: 'localhost,.sipgate.com,intranet.example,*', no_proxy: '', JAVA_TOOL_OPTIONS: '-Xmx64m' },
    ...{ REQUESTS_CA_BUNDLE: own, SSL_CERT_FILE: join(folder, 'none.pem') },
  });
  const env = JSON.parse(stdout) as Record<string, string>;
  for (const name of ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy'])
    expect(env[name]).toBe(env.SIDETONE_URL);
  expect([env.NODE_USE_ENV_PROXY, env.SIDETONE_PROXY_URL]).toEqual(['1', env.SIDETONE_URL]);
  const bundles = ['SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE', 'GIT_SSL_CAINFO'].map((name) => env[name]);
  expect(new Set(bundles).size).toBe(1);
  expect(env.NODE_EXTRA_CA_CERTS).toMatch(/node\.pem$/);
  const { port } = new URL(env.SIDETONE_URL ?? '');
  expect(env.JAVA_TOOL_OPTIONS).toMatch(
    new RegExp(`^-Xmx64m .*-Dhttps.proxyPort=${port} "-Djavax.net.ssl.trustStore=`),
  );
  expect(readdirSync(folder)).toEqual(before);
});

test.each([
  [{ NO_PROXY: 'intranet.example, .sipgate.com api.sipgate.com:443 *' }, 'intranet.example'],
  [{ NO_PROXY: 'a.example', no_proxy: 'sipsim.com,b.example' }, 'b.example'],
  [{ NO_PROXY: 'com,*.sipsim.com,127.0.0.1,evil-sipgate.com' }, 'evil-sipgate.com'],
])('of the user’s own exceptions %j those stay that keep nothing of the vendors’ from the proxy', (own, left) => {
  const trust = { bundle: '', added: '', java: '', discard: () => {} };
  const proxy = { url: 'http://127.0.0.1:1', hosts: ['api.sipgate.com', 'app.sipsim.com'], trust };
  const { NO_PROXY, no_proxy } = proxyEnvironment(proxy, own as NodeJS.ProcessEnv);
  expect([NO_PROXY, no_proxy]).toEqual(Array(2).fill(`localhost,127.0.0.1,::1,${left}`));
});

test('the files hold our authority, the user’s own and the machine’s, and Java’s store the same', async () => {
  const own = join(folder, 'own-too.pem');
  const certificate = (await startMockPem()).trim();
  writeFileSync(own, certificate);
  const { stdout } = await exec(
    [
      'sh',
      '-c',
      'cat "$SSL_CERT_FILE"; echo; echo ====; cat "$NODE_EXTRA_CA_CERTS"; echo; echo ====; cat "$SIDETONE_CA_FILE"; ls -l "$(dirname "$SSL_CERT_FILE")"',
    ],
    ['--intercept'],
    { CURL_CA_BUNDLE: own },
  );
  const [bundle = '', added = '', authority = ''] = stdout.split('====\n');
  const ours = authority.slice(0, authority.indexOf('-----END CERTIFICATE-----')).trim();
  expect(bundle.startsWith(ours) && added.startsWith(ours)).toBe(true);
  expect(bundle).toContain(certificate);
  expect(bundle.match(/BEGIN CERTIFICATE/g)?.length).toBeGreaterThan(20);
  expect(added.match(/BEGIN CERTIFICATE/g)).toHaveLength(1);
});

test('Java’s store is laid out as its format says', async () => {
  const pem = await startMockPem();
  const store = javaTrustStore([pem]);
  const der = Buffer.from(pem.replace(/-----.*-----|\s/g, ''), 'base64');
  expect(store.subarray(0, 12).toString('hex')).toBe('feedfeed0000000200000001');
  expect(store.includes(der)).toBe(true);
  expect(store.length).toBe(12 + 4 + 2 + 'sidetone-0'.length + 8 + 2 + 'X.509'.length + 4 + der.length + 20);
});

test('without the flag the command gets none of it', async () => {
  const { stdout } = await exec(ENVIRONMENT, []);
  const names = Object.keys(JSON.parse(stdout) as object);
  expect(names.filter((name) => /PROXY|JAVA_TOOL|SIDETONE_CA/i.test(name) && !(name in process.env))).toEqual([]);
});

/** What every P-256 key begins with in PKCS #8, by its bytes and in Base64. */
const KEY = Buffer.from('308187020100301306072a8648ce3d020106082a8648ce3d030107', 'hex');

test('the authority’s private key, and the hosts’, are in no file, log or environment', async () => {
  const { code, stdout, stderr } = await exec(
    ['sh', '-c', 'env; find "$TMPDIR" -type f -exec cat {} +; curl --version >/dev/null 2>&1; true'],
    ['--intercept', '--log-level', 'info'],
  );
  expect([code, stderr]).toEqual([0, '']);
  // The files were there, so that it is they that have been looked at.
  expect(stdout).toContain('BEGIN CERTIFICATE');
  for (const text of [stdout, stderr]) {
    expect(text).not.toContain('PRIVATE');
    expect(text).not.toContain(KEY.toString('base64').slice(0, -4));
    expect(Buffer.from(text, 'latin1').includes(KEY)).toBe(false);
  }
  expect(files(folder).some((file) => readFileSync(file).includes(KEY))).toBe(false);
});

const files = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((name) => join(directory, name))
    .filter((path) => existsSync(path) && statSync(path).isFile());

test('nor in a member of the library’s mock', async () => {
  await using mock = await startMock({ intercept: true, tls: true });
  expect(JSON.stringify([mock, await mock.namespace('one')])).not.toMatch(/PRIVATE|MIGHAgEAMBMGByqGSM49AgEG/);
});

test('what is refused is said once on stderr, with the flag that lets it through', async () => {
  const program = node(`
    for (const url of ['https://other.example/', 'https://other.example/again', 'http://plain.example/']) {
      await fetch(url).catch(() => {});
    }
    console.log((await fetch('https://api.sipgate.com/v2/account')).status);`);
  const { stdout, stderr } = await exec(program);
  expect(stdout).toBe('401\n');
  expect(stderr).toBe(
    'sidetone: refused to go to other.example:443; --passthrough other.example:443 lets it through\n' +
      'sidetone: refused to go to plain.example:80; --passthrough plain.example:80 lets it through\n',
  );
});

test('--passthrough lets a host through, --intercept-host takes a further name; each asks for the proxy', async () => {
  await using other = await startMock();
  const program = node(`
    console.log((await fetch('http://other.example/health')).status);
    const url = 'https://login.internal/auth/realms/third-party';
    console.log((await (await fetch(url + '/.well-known/openid-configuration')).json()).issuer === url);`);
  const { stdout, stderr } = await exec(program, [
    ...[
      '--passthrough',
      `other.example=${new URL(other.url).host}`,
      '--intercept-host',
      'login.internal=login.sipgate.com',
    ],
  ]);
  expect([stdout, stderr]).toEqual(['200\ntrue\n', '']);
});

test.each([
  [['--passthrough', 'a b'], /passthrough "a b"/],
  [['--intercept-host', 'x.example'], /NAME=HOST/],
  [['--intercept-host', 'x.example=y.example'], /"x\.example".*api\.sipgate\.com/],
])('%j is bad usage', async (flags, message) => {
  expect(await exec(['true'], flags)).toMatchObject({ code: 2, stderr: expect.stringMatching(message) });
});

test('start --intercept names the proxy and the file, for people and for scripts', async () => {
  const { child, block, ended } = await serve(['--intercept', '--json']);
  const { SIDETONE_PROXY_URL: proxy, SIDETONE_CA_FILE: file = '', SIDETONE_URL: url } = JSON.parse(block);
  expect([proxy, existsSync(file)]).toEqual([url, true]);
  child.kill('SIGTERM');
  await ended;
  expect(existsSync(file)).toBe(false);
  await using mock = await startMock({ intercept: true });
  const { startBlock } = await import('../../cli/start-block.ts');
  const text = startBlock(mock, { shortForm: true });
  expect(text).toContain(`proxy    URL        ${mock.url}\n           trust      ${mock.caFile}\n`);
  expect(text).toContain(`curl --proxy ${mock.url} --cacert '${mock.caFile}' -u `);
});

async function startMockPem(): Promise<string> {
  await using mock = await startMock({ intercept: true });
  return mock.ca ?? '';
}
