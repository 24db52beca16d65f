/** `sidetone verify --target both` as a program: the matrix, deviations, plans, and the same report twice. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Mock, startMock } from '../mock-server/index.ts';
import { run } from './support/command.ts';

const CHALLENGE = 'sipgate.BAS-02b';
let folder: string;
/** Stands for the real API: it has no challenges. */
let other: Mock;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sidetone-matrix-'));
  other = await startMock({ settings: { sipgate: { wwwAuthenticate: false } } });
});
afterAll(async () => {
  await other.close();
  rmSync(folder, { recursive: true });
});

const both = (...more: string[]) => run(['verify', '--target', 'both', '--base-url', other.url, ...more]);
const at = (name: string) => join(folder, name);

test('what differs is shown with its blame, the difference and the line that asks again', async () => {
  const { code, stdout } = await both('--only', `${CHALLENGE},sipgate.BAS-01`);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^mock \/ real http.*\n {2}pass\/pass +1\n {2}pass\/fail +1 {2}1 blame real\n/);
  expect(stdout).toContain(`FAIL  ${CHALLENGE}`);
  expect(stdout).toContain('pass/fail, blame real: RFC 7617 §2 demands it: MUST.');
  expect(stdout).toMatch(/differs: GET \/v2\/account: header www-authenticate: mock Basic.*, real \(absent\)/);
  expect(stdout).toMatch(/\n {6}again on real: curl -i .*\$.*http/);
});

test('a deviation is written without a reason, refused without one, known with one, and stale when it is no more', async () => {
  const file = at('deviations.yaml');
  const flags = ['--only', CHALLENGE, '--deviations', file];
  const first = await both(...flags, '--update-deviations');
  expect([first.code, first.stderr]).toEqual([
    1,
    expect.stringContaining('1 added, 0 changed, 0 removed; say the reason'),
  ]);

  const refused = await both(...flags);
  expect([refused.code, refused.stderr]).toEqual([
    2,
    expect.stringMatching(/deviations\.yaml:\d+: deviations\[0\]\.reason/),
  ]);

  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace(/reason:.*/, 'reason: the gateway drops it'));
  const known = await both(...flags);
  expect([known.code, known.stdout]).toEqual([
    0,
    expect.stringMatching(/KNOWN sipgate\.BAS-02b .*the gateway drops it/),
  ]);

  other.configure({ sipgate: { wwwAuthenticate: true } });
  const stale = await both(...flags);
  other.configure({ sipgate: { wwwAuthenticate: false } });
  expect([stale.code, stale.stdout]).toEqual([1, expect.stringContaining(`STALE ${CHALLENGE}`)]);
});

test('a deviations file that was named and is not there is bad usage', async () => {
  const { code, stderr } = await run(['verify', '--deviations', at('none.yaml')]);
  expect([code, stderr]).toEqual([2, expect.stringContaining('none.yaml')]);
});

test('a plan is made without anybody answering', async () => {
  const { code, stdout } = await run(['verify', '--target', 'both', '--base-url', 'http://127.0.0.1:9', '--dry-run']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^mock: \d+ checks, at most \d+ requests; nothing was sent/);
  expect(stdout).toMatch(/\nreal http:\/\/127\.0\.0\.1:9: \d+ checks, at most/);
});

test.each([
  [['--mock-url', 'http://127.0.0.1:9', '--target', 'real'], '--mock-url'],
  [['--tag', 'nice'], 'no check has the tag "nice"'],
  [['--profile', 'quick'], "'quick' is invalid"],
  [['--max-age', 'soon'], '"soon" is no duration'],
])('bad usage is said: %j', async (flags, message) => {
  const { code, stderr } = await run(['verify', ...flags]);
  expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
});

/**
 * What is a time, in the words of the reports, of HTTP and of both APIs; SIPSIM's page keys hold one too, and a webhook's
 * signature is made from one. With a time the length of its body may change.
 */
const withoutTimes = (report: string) =>
  report
    .replace(/\d{4}-\d\d-\d\dT(?:[\d:.]|%3A)+(?:Z|(?:%2B|[+-])\d\d(?:%3A|:)\d\d)?/g, '<time>')
    .replace(/(page(?:=|\\":\\"))[\w-]{40,}/g, '$1<key>')
    .replace(/(X-Webhook-(?:Timestamp|Signature)\\":\\")\w+/g, '$1<time>')
    .replace(/\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT/g, '<time>')
    .replace(/"milliseconds": \d+/g, '"milliseconds": 0')
    .replace(/((?:refresh_)?expires_in|created_at|createdAt|iat|exp|auth_time|nbf|offset)(\\?"): ?-?\d+/g, '$1$2:0')
    .replace(/"content-length": "\d+"/g, '"content-length": "0"')
    .replace(/\b(?:in|after) \d+(?:\.\d+)? m?s\b|\d+ s ago/g, '<time>');

test('the same seed gives the same report of the whole suite, but for times', { timeout: 180_000 }, async () => {
  const report = async (name: string) => {
    const flags = ['--random-seed', 'seven', '--report', 'json', '--report-dir', at(name)];
    const { code } = await run(['verify', ...flags]);
    expect(code).toBe(0);
    return withoutTimes(readFileSync(join(at(name), 'sidetone.json'), 'utf8')).split('\n');
  };
  const [first, second] = [await report('one'), await report('two')];
  expect(first.length).toBeGreaterThan(100_000);
  expect(first.find((line, index) => line !== second[index])).toBeUndefined();
  expect(second.length).toBe(first.length);
});

test('what was passed is kept where a team keeps it, and opens the gate of age', async () => {
  const file = at('freshness.json');
  const flags = ['--only', 'sipgate.BAS-01', '--max-age', '30d'];
  const closed = await run(['verify', ...flags]);
  expect([closed.code, closed.stdout]).toEqual([1, expect.stringContaining('not fresh: of 1 checks')]);
  expect((await both(...flags, '--freshness', file)).code).toBe(0);
  expect(existsSync(file)).toBe(true);
  expect((await run(['verify', ...flags, '--freshness', file])).code).toBe(0);
  const { stdout } = await run(['explain', 'sipgate.BAS-01', '--freshness', file]);
  expect(stdout).toContain(`on ${other.url}`);
});

test('a check of a report is asked again, and what has changed is shown', async () => {
  const dir = at('replayed');
  await run(['verify', '--base-url', other.url, '--only', CHALLENGE, '--report', 'json', '--report-dir', dir]);
  const flags = ['--report', join(dir, 'sidetone.json'), '--base-url', other.url];
  const same = await run(['replay', CHALLENGE, ...flags]);
  expect([same.code, same.stdout]).toEqual([1, expect.stringContaining('the answers do not differ')]);
  other.configure({ sipgate: { wwwAuthenticate: true } });
  const fixed = await run(['replay', CHALLENGE, ...flags]);
  other.configure({ sipgate: { wwwAuthenticate: false } });
  expect(fixed.code).toBe(0);
  expect(fixed.stdout).toMatch(
    /before: failed: .*\nnow: {4}passed\n {2}differs: .*header www-authenticate: before \(absent\), now Basic/,
  );
  const unknown = await run(['replay', 'sipgate.BAS-01', ...flags]);
  expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('holds no check "sipgate.BAS-01"')]);
});
