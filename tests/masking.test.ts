/** What is shown holds no secret, however it was written down. */
import { describe, expect, test } from 'vitest';
import { createSecrets } from '../mock-server/masking/secrets.ts';

const secret = 's1p:g4te+100%/geh eim "ü"\\';
const base64 = (text: string) => Buffer.from(text).toString('base64');
const base64url = (text: string) => Buffer.from(text).toString('base64url');
const everyByte = (text: string) =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
const everyCharacter = (text: string) =>
  [...text].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');

const secrets = createSecrets();
secrets.note({ id: 'client-1', clientSecret: secret, deep: [{ password: 'correct horse' }] });
const mask = secrets.masker(['one-more-secret']);

const HIDDEN: [string, string][] = [
  ['raw', secret],
  ['percent-encoded', encodeURIComponent(secret)],
  ['percent-encoded, every byte, lower case', everyByte(secret)],
  ['as a form', new URLSearchParams({ x: secret }).toString().slice(2)],
  ['JSON', JSON.stringify(secret).slice(1, -1)],
  ['JSON, every character escaped', everyCharacter(secret)],
  ['JSON in JSON', JSON.stringify(JSON.stringify(secret))],
  ['Base64', base64(secret)],
  ['Base64url', base64url(secret)],
  ['Base64 twice', base64(base64(secret))],
  ['inside Basic, after 1 byte', base64(`a${secret}`)],
  ['inside Basic, after 2 bytes', base64(`ab${secret}`)],
  ['inside Basic, after 3 bytes', base64(`abc${secret}tail`)],
  ['Base64 of what is percent-encoded', base64(`id:${encodeURIComponent(secret)}`)],
  ['percent-encoded Base64', encodeURIComponent(base64(secret))],
  ["a JWT's part", `${base64url('{"alg":"x"}')}.${base64url(JSON.stringify({ sub: secret }))}.c2ln`],
  ["a JWT's part alone", base64url(JSON.stringify({ claim: secret, more: 1 }))],
  ['in a path in front of which the alphabet of Base64 stands', `/v2/things/${base64(secret).replaceAll('=', '')}`],
];

/** What anybody could read out of a text again. */
function readings(text: string, depth = 3): string[] {
  const tries = [() => decodeURIComponent(text), () => decodeURIComponent(text.replaceAll('+', ' '))];
  tries.push(
    () => JSON.parse(`"${text}"`) as string,
    () => JSON.parse(text) as string,
  );
  for (const run of text.match(/[\w+/-]{4,}/g) ?? []) {
    for (let shift = 0; shift < 4; shift += 1)
      tries.push(() => Buffer.from(run.slice(shift), 'base64').toString('utf8'));
  }
  const decoded = tries.flatMap((read) => {
    try {
      return [String(read())];
    } catch {
      return [];
    }
  });
  const new_ = [...new Set(decoded)].filter((reading) => reading !== text && reading.length > 5);
  return depth === 0 ? [text] : [text, ...new_.flatMap((reading) => readings(reading, depth - 1))];
}

describe('a secret that is known is masked', () => {
  test.each(HIDDEN)('%s', (_how, hidden) => {
    expect(readings(hidden).some((reading) => reading.includes(secret) || hidden.includes('eyJ'))).toBe(true);
    const masked = mask(`before ${hidden} after`);
    expect(masked).toMatch(/^before .*\[secret:[0-9a-f]{6}\].* after$/s);
    for (const reading of readings(masked)) {
      for (let start = 0; start + 8 <= secret.length; start += 1) {
        expect(reading).not.toContain(secret.slice(start, start + 8));
      }
    }
  });
  test('members of members, and further ones', () => {
    expect(mask('a correct horse and one-more-secret')).toMatch(/^a \[secret:\w{6}\] and \[secret:\w{6}\]$/);
  });
  test('the same one has the same label, and another world has another', () => {
    const label = mask('correct horse');
    expect(mask('x correct horse')).toBe(`x ${label}`);
    const other = createSecrets();
    other.note({ password: 'correct horse' });
    expect(other.masker()('correct horse')).not.toBe(label);
  });
});

describe('a value at a place for secrets is masked, known or not', () => {
  test.each([
    [
      'grant_type=password&username=ada&password=x&client_id=c',
      'grant_type=password&username=ada&password=[]&client_id=c',
    ],
    ['/auth?code=ab%2Bcd&state=s', '/auth?code=[]&state=s'],
    ['{"clientSecret": "a\\"b", "name": "n"}', '{"clientSecret": "[]", "name": "n"}'],
    ['{"access_token":"opaque","token_type":"Bearer"}', '{"access_token":"[]","token_type":"Bearer"}'],
    ['a token eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0. in a sentence', 'a token [] in a sentence'],
  ])('%s', (text, masked) => {
    expect(mask(text).replace(/\[secret:[0-9a-f]{6}\]/g, '[]')).toBe(masked);
  });
  test('and the rest is left alone', () => {
    const text =
      'GET /v2/account?scope=all%20x&tokenId=token-FQ1V12 {"token_type":"Bearer","company":"Müller"} %zz \\x';
    expect(mask(text)).toBe(text);
  });
});
