import { createHmac, createSecretKey, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { hmac } from '../mock-server/hmac.ts';

const TEXT = randomBytes(5_000).toString('base64url');

test.each(['sha256', 'sha512'] as const)(
  '%s: the bytes that Node makes, whatever the lengths of key and text',
  (digest) => {
    for (const length of [0, 1, 32, 63, 64, 65, 127, 128, 129, 300]) {
      const secret = randomBytes(length);
      for (const size of [0, 1, 55, 56, 64, 200, 4_096, TEXT.length]) {
        const text = TEXT.slice(0, size);
        const expected = createHmac(digest, secret).update(text).digest('hex');
        expect(hmac(digest, secret, text).toString('hex')).toBe(expected);
        // Once more, with what is kept of the key.
        expect(hmac(digest, secret, text).toString('hex')).toBe(expected);
        if (length > 0) expect(hmac(digest, createSecretKey(secret), text).toString('hex')).toBe(expected);
      }
    }
  },
);

test('one key may serve both digests', () => {
  const secret = randomBytes(64);
  for (const digest of ['sha256', 'sha512', 'sha256'] as const) {
    expect(hmac(digest, secret, 'text')).toEqual(createHmac(digest, secret).update('text').digest());
  }
});

test('RFC 4231, test cases 1, 2 and 6', () => {
  const sha256 = (key: Buffer, text: string) => hmac('sha256', key, text).toString('hex');
  expect(sha256(Buffer.alloc(20, 0x0b), 'Hi There')).toBe(
    'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
  );
  expect(sha256(Buffer.from('Jefe'), 'what do ya want for nothing?')).toBe(
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  );
  expect(sha256(Buffer.alloc(131, 0xaa), 'Test Using Larger Than Block-Size Key - Hash Key First')).toBe(
    '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
  );
});
