/** The line that repeats a request, run by a real shell: what curl is handed is what was sent. */
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { curlOf, type SecretNames } from '../../contracts/report/curl.ts';
import type { TracedRequest } from '../../contracts/trace.ts';
import { HOSTILE } from './fixture.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** What the words of a command come to in a shell, with these variables. */
function wordsOf(line: string, environment: Record<string, string> = {}): string[] {
  const script = `curl() { for word in "$@"; do printf '%s\\0' "$word"; done; }\n${line}`;
  const output = execFileSync('sh', ['-c', script], { env: { ...process.env, ...environment }, encoding: 'utf8' });
  return output.split('\0').slice(0, -1);
}

const request = (more: Partial<TracedRequest> = {}): TracedRequest => ({
  method: 'GET',
  url: 'https://api.sipgate.com/v2/account',
  headers: {},
  ...more,
});

test('a plain request is a plain line', () => {
  expect(curlOf(request())).toBe('curl -i https://api.sipgate.com/v2/account');
});

test('text of any kind reaches curl as it is, and the shell obeys none of it', () => {
  const text = HOSTILE.replaceAll('\0', '').replaceAll('\ud800', '');
  const url = 'https://api.example/?q=\'$(touch owned)`touch owned`"!\\';
  const headers = { 'x-text': `it's ${text}`, 'x-empty': '', 'x-twice': ['~', '=x'] };
  const line = curlOf(request({ method: 'PUT', url, headers, body: `'${text}` }));
  expect(wordsOf(line)).toEqual([
    ...['-i', '-X', 'PUT', '-H', `x-text: it's ${text}`, '-H', 'x-empty;', '-H', 'x-twice: ~', '-H', 'x-twice: =x'],
    ...['-H', 'Content-Type:', '--data-raw', `'${text}`, url],
  ]);
});

test('a secret is a variable, and the shell puts it in as it is', () => {
  const names: SecretNames = { '<secret:1>': 'SIPGATE_TOKEN_ID:SIPGATE_TOKEN', '<secret:2>': 'ACCESS_TOKEN' };
  const basic = curlOf(request({ headers: { authorization: 'Basic <secret:1>' } }), names);
  expect(basic).toBe('curl -i -u "$SIPGATE_TOKEN_ID:$SIPGATE_TOKEN" https://api.sipgate.com/v2/account');
  expect(wordsOf(basic, { SIPGATE_TOKEN_ID: 'a"b', SIPGATE_TOKEN: '$x y' })[2]).toBe('a"b:$x y');
  const bearer = curlOf(request({ headers: { authorization: 'Bearer <secret:2>' } }), names);
  expect(wordsOf(bearer, { ACCESS_TOKEN: "it's" })[2]).toBe("authorization: Bearer it's");
});

test('a secret without a name is a variable that says its number', () => {
  const line = curlOf(request({ headers: { authorization: 'Bearer <secret:17>', cookie: 'a=<secret>' } }));
  expect(line).toContain('\'authorization: Bearer \'"$SECRET_17"');
  expect(line).toContain('\'cookie: a=\'"$SECRET"'.replace("'cookie: a='", "'cookie: a='"));
});

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

test('a secret in a form is encoded by curl, and everything else of the form arrives as it was', async () => {
  const bodies: string[] = [];
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      bodies.push(Buffer.concat(chunks).toString());
      response.end();
    });
  }).listen(0, '127.0.0.1');
  closing.push(() => server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/oauth/token`;
  const body = 'grant_type=client_credentials&client_secret=<secret:2>&scope=a+b&scope=c%3Ad&x%26y=';
  const line = curlOf(request({ method: 'POST', url, headers: FORM, body }), { '<secret:2>': 'SECRET' });
  const { execFile } = await import('node:child_process');
  await new Promise((resolve) =>
    execFile('sh', ['-c', `${line} -s`], { env: { ...process.env, SECRET: 's+%/ü' } }, resolve),
  );
  expect([...new URLSearchParams(bodies[0])]).toEqual([
    ['grant_type', 'client_credentials'],
    ['client_secret', 's+%/ü'],
    ['scope', 'a b'],
    ['scope', 'c:d'],
    ['x&y', ''],
  ]);
});

test('a form that is malformed on purpose is sent as it stands', () => {
  const body = 'grant_type=%zz&client_secret=<secret:2>';
  expect(wordsOf(curlOf(request({ method: 'POST', headers: FORM, body })), { SECRET_2: 's' })).toContain(
    'grant_type=%zz&client_secret=s',
  );
});

test('curl neither globs nor tidies what was asked', () => {
  const words = wordsOf(curlOf(request({ url: 'https://api.example/v2/../a?x[1]={2}' })));
  expect(words).toEqual(['-i', '--globoff', '--path-as-is', 'https://api.example/v2/../a?x[1]={2}']);
  expect(wordsOf(curlOf(request({ method: 'HEAD' })))[0]).toBe('--head');
});

test('a body that no argument can hold comes by a pipe', () => {
  const line = curlOf(request({ method: 'POST', body: "a\0b%s\\'c" }));
  const [printf = ''] = line.split(' | curl');
  expect(execFileSync('sh', ['-c', printf], { encoding: 'utf8' })).toBe("a\0b%s\\'c");
  expect(line).toContain('--data-binary @-');
});
