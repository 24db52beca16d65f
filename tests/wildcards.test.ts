import { expect, test } from 'vitest';
import { whyRedirectUriRefused } from '../mock-server/sipgate/redirect-uris.ts';
import { matchesWildcard } from '../mock-server/sipgate/wildcards.ts';

test.each([
  ['https://*.example.com', 'https://app.example.com'],
  ['https://*.example.com', 'https://a.b.example.com'],
  ['https://*.example.com/*', 'https://app.example.com/back?x=1'],
  ['https://example.com/*', 'https://example.com/'],
  ['https://*.example.com/*', 'https://app.example.com'],
  ['http://localhost:*', 'http://localhost:3000'],
  ['http://localhost:*', 'http://localhost:3000/callback'],
  ['https://example.com/back', 'https://example.com/back'],
])('%s matches %s', (pattern, value) => {
  expect(matchesWildcard(pattern, value)).toBe(true);
});

test.each([
  ['https://*.example.com', 'https://example.com'],
  ['https://*.example.com', 'https://evil.com/.example.com'],
  ['https://*.example.com', 'https://evil.com#.example.com'],
  ['https://*.example.com', 'https://user@evil.example.com'],
  ['https://*.example.com', 'https://evilexample.com'],
  ['https://*.example.com', 'http://app.example.com'],

  ['http://localhost:*', 'http://localhost'],
  ['http://localhost:*', 'http://localhost.evil.com:80'],
  ['http://localhost:*', 'http://localhost:80@evil.com'],
  ['https://example.com/back', 'https://example.com/back2'],
  ['https://example.com/back', 'https://EXAMPLE.com/back'],
])('%s does not match %s', (pattern, value) => {
  expect(matchesWildcard(pattern, value)).toBe(false);
});

test('a pattern of many stars matches nothing, at once', () => {
  const pattern = `http://${'*.'.repeat(40)}!`;
  expect(matchesWildcard(pattern, `http://${'a.'.repeat(4_000)}b`)).toBe(false);
});

test.each(['https://*.example.com/*', 'http://localhost:*', 'com.example.app:/back', 'http://127.0.0.1:8080/cb'])(
  'the redirect URI %s may be registered',
  (uri) => expect(whyRedirectUriRefused(uri)).toBeUndefined(),
);

test.each([
  '/back',
  'back',
  '',
  '//x',
  'https://a.example/#x',
  'javascript:alert(1)',
  'DATA:text/html,x',
  'https://',
  'https://a b',
])('the redirect URI "%s" may not', (uri) => expect(whyRedirectUriRefused(uri)).toMatch(/^must/));
