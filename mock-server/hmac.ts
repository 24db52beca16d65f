/** HMAC (RFC 2104) of texts, many by the same key. */
import { hash, KeyObject } from 'node:crypto';

export type Digest = 'sha256' | 'sha512';

/** Bytes of what the digest takes at a time. */
const BLOCK = { sha256: 64, sha512: 128 };

/** What the text, and what the digest of that, is put behind: the key, over a whole block, in two disguises. */
interface Pads {
  inner: Buffer;
  outer: Buffer;
}

const known: Record<Digest, WeakMap<KeyObject | Uint8Array, Pads>> = { sha256: new WeakMap(), sha512: new WeakMap() };

/**
 * The same bytes as of `createHmac`, which makes an object for each text that has to be collected: for what a token
 * says, that takes longer than the digests.
 *
 * @param text in ASCII, as what is signed in a JWT is.
 */
export function hmac(digest: Digest, key: KeyObject | Uint8Array, text: string): Buffer {
  let pads = known[digest].get(key);
  if (!pads) {
    pads = padsOf(digest, key);
    known[digest].set(key, pads);
  }
  return hash(digest, behind(pads.outer, hash(digest, behind(pads.inner, text), 'latin1')), 'buffer');
}

function behind(pad: Buffer, text: string): Buffer {
  const bytes = Buffer.allocUnsafe(pad.length + text.length);
  pad.copy(bytes);
  bytes.write(text, pad.length, 'latin1');
  return bytes;
}

function padsOf(digest: Digest, key: KeyObject | Uint8Array): Pads {
  const secret = key instanceof KeyObject ? key.export() : key;
  const block = Buffer.alloc(BLOCK[digest]);
  block.set(secret.length > block.length ? hash(digest, secret, 'buffer') : secret);
  const disguised = (by: number) => Buffer.from(block.map((byte) => byte ^ by));
  return { inner: disguised(0x36), outer: disguised(0x5c) };
}
