/** The parts of the fast path: bounded memory, a witness that confuses nobody, signatures as jose makes them. */
import { createHash, createHmac, generateKeyPairSync, randomBytes } from 'node:crypto';
import { decodeJwt, jwtVerify } from 'jose';
import { describe, expect, test, vi } from 'vitest';
import { createClock } from '../../mock-server/clock.ts';
import { createIds } from '../../mock-server/ids.ts';
import { type Jwt, readJwt } from '../../mock-server/jwt.ts';
import { createMarks } from '../../mock-server/remembered/question.ts';
import { createRecent } from '../../mock-server/remembered/recent.ts';
import { createSeals } from '../../mock-server/remembered/seals.ts';
import { createWitness, type Dependence } from '../../mock-server/remembered/witness.ts';
import { createSignedTokens, plainlySigned, type TokenHeader } from '../../mock-server/signed-tokens.ts';

const jwtOf = (token: string) => readJwt(token) as Jwt;

test('what is kept never exceeds its bounds, and what is used stays', () => {
  const recent = createRecent<number>({ count: 100, size: 10_000 });
  recent.keep('used', 0, 10);
  for (let index = 0; index < 10_000; index += 1) {
    recent.keep(`n${index}`, index, 10);
    expect(recent.get('used')).toBe(0);
    expect(recent.count).toBeLessThanOrEqual(100);
  }
  expect(recent.get('n0')).toBeUndefined();
  expect(recent.get('n9999')).toBe(9_999);
});

test('nor its size, and what is larger than half of it is not kept at all', () => {
  const recent = createRecent<string>({ count: 1_000_000, size: 10_000 });
  for (let index = 0; index < 1_000; index += 1) {
    recent.keep(`n${index % 50}`, 'x', 100 + index);
    expect(recent.size).toBeLessThanOrEqual(10_000);
  }
  recent.keep('large', 'x', 5_001);
  expect(recent.get('large')).toBeUndefined();
});

test('a value that is kept again takes its place', () => {
  const recent = createRecent<string>({ count: 10, size: 100 });
  for (const value of ['a', 'b', 'c']) recent.keep('same', value, 10);
  expect([recent.get('same'), recent.count, recent.size]).toEqual(['c', 1, 10]);
});

test('what was asked lately is known again, and what was not is not, however much is asked', () => {
  const marks = createMarks();
  const asked = (url: string, namespace = '') => marks(namespace, { method: 'GET', url, rawHeaders: ['Host', 'a'] });
  const urls = Array.from({ length: 4_000 }, (_, index) => `/v2/account?n=${index}&${'x'.repeat(200)}`);
  expect(urls.filter((url) => asked(url)).length).toBeLessThan(4);
  expect(urls.slice(-100).filter((url) => asked(url)).length).toBeGreaterThan(50);
  expect([asked('', 'one'), asked('', 'other'), asked('', 'one')]).toEqual([false, false, true]);
});

test('a token without a header is none, also before any other was read', async () => {
  vi.resetModules();
  const { readJwt: read } = await import('../../mock-server/jwt.ts');
  expect(read('.eyJpc3MiOjF9.x')).toBeUndefined();
});

describe('seals', () => {
  test('are of a text and a key together', () => {
    const seals = createSeals();
    const [one, other] = [{}, {}];
    seals.add(seals.sealOf('text', one));
    expect(seals.has(seals.sealOf('text', one))).toBe(true);
    expect(seals.has(seals.sealOf('text', other))).toBe(false);
    expect(seals.has(seals.sealOf('texT', one))).toBe(false);
  });

  test('are the SHA-256 of the text, which the key makes another', () => {
    const seals = createSeals();
    const key = {};
    const digest = (text: string) => createHash('sha256').update(text).digest();
    const difference = (text: string) =>
      seals.sealOf(text, key).map((word, at) => (word ^ digest(text).readUInt32LE(4 * at)) >>> 0);
    expect(difference('one text')).toEqual(difference('another'));
    expect(difference('one text')).not.toEqual([0, 0, 0, 0]);
    const fresh = createSeals();
    expect(fresh.sealOf('one text', key)).not.toEqual(seals.sealOf('one text', key));
  });

  test('are known until four others came to where they belong', () => {
    const seals = createSeals();
    const shelfMates = [1, 2, 3, 4, 5].map((nth) => [7 + nth * 8_192, nth, nth, nth] as const);
    seals.add([8, 8, 8, 8]);
    for (const seal of shelfMates) seals.add(seal);
    expect(shelfMates.map(seals.has)).toEqual([false, true, true, true, true]);
    expect(seals.has([8, 8, 8, 8])).toBe(true);
  });

  test('that are asked for stay, whatever comes', () => {
    const seals = createSeals();
    const used = [9, 1, 1, 1] as const;
    seals.add(used);
    for (let nth = 2; nth < 50; nth += 1) {
      seals.add([9 + nth * 8_192, nth, nth, nth]);
      expect(seals.has(used)).toBe(true);
    }
  });

  test('of ten thousand texts hardly one is forgotten', () => {
    const seals = createSeals();
    const key = {};
    const sealed = Array.from({ length: 10_000 }, (_, index) => seals.sealOf(`text ${index}`, key));
    for (const seal of sealed) seals.add(seal);
    expect(sealed.filter(seals.has).length).toBeGreaterThan(9_800);
  });

  test('differ in every part: one word that is another is another seal', () => {
    const seals = createSeals();
    seals.add([1, 2, 3, 4]);
    expect(seals.has([1, 2, 3, 4])).toBe(true);
    for (const other of [
      [1, 9, 3, 4],
      [1, 2, 9, 4],
      [1, 2, 3, 9],
      [32_769, 2, 3, 4],
    ] as const) {
      expect(seals.has(other)).toBe(false);
    }
  });
});

test('the witness sees what each of many takes, however they interleave', async () => {
  const witness = createWitness();
  const clock = witness.clock(createClock(() => 5_500));
  const ids = witness.ids(createIds('seed'));
  const seen: Dependence[] = [];
  const run = (index: number) =>
    new Promise<void>((resolve) => {
      witness.watch(async (dependence) => {
        seen[index] = dependence;
        for (let turn = 0; turn < index; turn += 1) {
          await new Promise((done) => setImmediate(done));
          ids.uuid();
        }
        if (index % 2 === 0) clock.seconds();
        if (index === 3) clock.now();
        if (index === 4) ids.bytes(1);
        resolve();
      });
    });
  await Promise.all(Array.from({ length: 5 }, (_, index) => run(index)));
  ids.uuid();
  expect(seen.map(({ drawn }) => drawn.length)).toEqual([0, 1, 2, 3, 4]);
  expect(seen.map(({ second }) => second)).toEqual([5, undefined, 5, undefined, 5]);
  expect(seen.map(({ instant }) => instant)).toEqual([undefined, undefined, undefined, 5_500, undefined]);
  expect(seen.map(({ unclear }) => unclear)).toEqual([false, false, false, false, true]);
});

test('time that goes on while an answer is made makes it unclear', () => {
  const witness = createWitness();
  let real = 1_999;
  const clock = witness.clock(createClock(() => real++));
  const seen: Dependence[] = [];
  witness.watch((dependence) => {
    seen.push(dependence);
    clock.seconds();
    clock.seconds();
  });
  expect(seen).toMatchObject([{ unclear: true }]);
});

test.each<TokenHeader['alg']>(['RS256', 'HS256', 'HS512'])(
  '%s is signed byte for byte as jose signs it',
  async (alg) => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const secret = randomBytes(64);
    const keys = alg === 'RS256' ? { sign: privateKey, verify: publicKey } : { sign: secret, verify: secret };
    const claims = { scope: 'ü "x"', iss: 'http://a/b', iat: 1, exp: 4_102_444_800, jti: '1', aud: ['a', 'b'] };
    const header = { alg, typ: 'JWT', kid: 'k' } as const;
    const tokens = createSignedTokens();
    const token = await tokens.sign(claims, header, keys);
    expect(token).toBe(await plainlySigned().sign(claims, header, keys));
    expect((await jwtVerify(token, keys.verify)).payload).toEqual(claims);
    expect(decodeJwt(token)).toEqual(claims);
    const jwt = jwtOf(token);
    // Nobody has to wait for what is known.
    expect(tokens.isGood(token, jwt, alg, keys.verify)).toBe(true);
    for (const known of [tokens, createSignedTokens()]) {
      expect(await known.isGood(token, jwt, alg, keys.verify)).toBe(true);
      for (const other of [`${token}A`, token.slice(0, -1), token.replace('.', '..'), `${token}.x`, `${token}=`]) {
        expect(await known.isGood(other, readJwt(other) ?? jwt, alg, keys.verify)).toBe(false);
      }
      expect(await known.isGood(token, jwt, alg, alg === 'RS256' ? otherKey : randomBytes(64))).toBe(false);
    }
  },
);

const otherKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey;

describe('a token whose signature is good but which is not of the plainest kind is left to jose', () => {
  const secret = randomBytes(64);
  const sealed = (text: string) => `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
  const signed = (header: unknown, claims: unknown, text = JSON.stringify) =>
    sealed([header, claims].map((part) => Buffer.from(text(part)).toString('base64url')).join('.'));
  const unsigned = (token: string) => token.slice(0, token.lastIndexOf('.'));
  const good = signed({ alg: 'HS256' }, { exp: 1 });
  /** With another last character where some of its bits mean nothing, and signed so. */
  const respelled = (header: object, claims: object) => {
    const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const parts = [header, claims].map((part) => {
      const bytes = Buffer.from(JSON.stringify(part));
      const text = bytes.toString('base64url');
      return bytes.length % 3 === 0 ? text : text.replace(/.$/, (last) => digits[digits.indexOf(last) + 1] as string);
    });
    return sealed(parts.join('.'));
  };
  test('one of the plainest kind is not', () => {
    expect(createSignedTokens().isGood(good, jwtOf(good), 'HS256', secret)).toBe(true);
  });
  test.each([
    ['another algorithm', signed({ alg: 'HS512' }, {})],
    ['no algorithm', signed({}, {})],
    ['an extension', signed({ alg: 'HS256', crit: ['exp'], exp: 1 }, {})],
    ['a payload that is not encoded', signed({ alg: 'HS256', b64: true }, {})],
    ['an end that is text', signed({ alg: 'HS256' }, { exp: '4102444800' })],
    ['a beginning that is null', signed({ alg: 'HS256' }, { nbf: null })],
    ['a birth that is a list', signed({ alg: 'HS256' }, { iat: [] })],
    ['claims that are a list', signed({ alg: 'HS256' }, [])],
    ['claims that are null', signed({ alg: 'HS256' }, null)],
    ['claims that are no JSON', signed({ alg: 'HS256' }, {}, () => 'x')],
    ['a padded signature', `${good}=`],
    ['a signature with other spare bits', good.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))],
    ['claims with other spare bits', respelled({ alg: 'HS256' }, { a: 1 })],
    ['a header with other spare bits', respelled({ alg: 'HS256', k: '1' }, {})],
    ['an alphabet that is not for URLs', sealed(unsigned(signed({ alg: 'HS256' }, { a: '???' })).replace('_', '/'))],
    ['nothing', ''],
    ['no signature', unsigned(good)],
  ])('%s', (_what, token) => {
    const jwt = readJwt(token);
    expect(jwt !== undefined && createSignedTokens().isGood(token, jwt, 'HS256', secret)).toBe(false);
  });
});
