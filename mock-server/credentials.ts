/** Reads the Authorization header (RFC 9110 §11.4, RFC 7617, RFC 6750) and compares secrets. */
import { hash, timingSafeEqual } from 'node:crypto';

export interface BasicCredentials {
  userId: string;
  password: string;
}

/** Splits `scheme SP credentials`. The scheme comes in lower case: its case has no meaning (RFC 9110 §11.1). */
export function splitAuthorization(value: string): { scheme: string; credentials: string } {
  const space = value.indexOf(' ');
  if (space === -1) return { scheme: value.toLowerCase(), credentials: '' };
  return { scheme: value.slice(0, space).toLowerCase(), credentials: value.slice(space + 1).trim() };
}

const PADDED = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const UNPADDED = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2,3})?$/;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Decodes the credentials of a Basic header: Base64 of UTF-8 `user-id:password`, split at the first colon.
 * Returns what is wrong, as a sentence, where it is not that.
 * @param options.padding `optional`: Base64 may come without its closing equals signs.
 */
export function parseBasic(
  credentials: string,
  options: { padding?: 'required' | 'optional' } = {},
): BasicCredentials | string {
  if (credentials === '') return 'the Basic credentials are empty';
  const unpadded = options.padding === 'optional' && UNPADDED.test(credentials);
  if (!PADDED.test(credentials) && !unpadded) return 'the Basic credentials are not Base64';
  let text: string;
  try {
    text = utf8.decode(Buffer.from(credentials, 'base64'));
  } catch {
    return 'the Basic credentials are not UTF-8';
  }
  const colon = text.indexOf(':');
  if (colon === -1) return 'the Basic credentials have no colon';
  // RFC 7617 §2: no control characters in either part.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\x00-\x1f\x7f]/.test(text)) return 'the Basic credentials hold control characters';
  return { userId: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** b64token of RFC 6750 §2.1. */
export const isB64Token = (token: string) => /^[A-Za-z0-9._~+/-]+=*$/.test(token);

/** Compares two secrets in a time that does not tell where they differ, nor how long either is. */
export function sameSecret(left: string, right: string): boolean {
  if (Math.max(left.length, right.length) > LONGEST) return timingSafeEqual(digest(left), digest(right));
  // Two hashes take some tenth of what a whole request does.
  return timingSafeEqual(spread(left, LEFT), spread(right, RIGHT));
}

/** In UTF-16 code units, of which each takes three bytes at most. Longer ones are hashed to one length. */
const LONGEST = 170;
const [LEFT, RIGHT] = [Buffer.alloc(3 * LONGEST + 2), Buffer.alloc(3 * LONGEST + 2)];

/** All of the room is written, whatever the text. */
function spread(text: string, room: Buffer): Buffer {
  room.fill(0);
  room.writeUInt16LE(room.write(text, 2));
  return room;
}

const digest = (text: string) => hash('sha256', text, 'buffer');
