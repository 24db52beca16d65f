/** What is asked, as one text; whether it is the same as before, and whether it was asked lately. */
import { type Proxied, placeOf } from '../request.ts';

/** The same text means the same namespace, host, method, target and header lines, and so the same answer. */
export function questionOf(namespace: string, asked: Asked): string {
  const { method, url, rawHeaders, vendorHost, authority = '' } = asked;
  // Of a target in absolute form the host is another than the line's. Every header counts: which of them an answer
  // depends on is the handlers' affair.
  const host = `${vendorHost?.name ?? ''} ${authority}`;
  return [namespace, host, method, url, ...rawHeaders].join('\n');
}

/** What a question's text is made of: lists of lines are compared more quickly than they are joined. */
export type Asked = Pick<Proxied, 'method' | 'url' | 'rawHeaders' | 'vendorHost' | 'authority'>;

/** As it is now: those who serve a request may change it. */
export const askedBy = ({ method, url, rawHeaders, vendorHost, authority }: Proxied): Asked => ({
  ...{ method, url, rawHeaders },
  ...(vendorHost && { vendorHost }),
  ...(authority !== undefined && { authority }),
});

/** The same question, whoever asks; undefined where nobody says who. */
export function withoutCredential(incoming: Proxied): Asked | undefined {
  const place = placeOf('authorization', incoming.rawHeaders);
  if (place === -1) return undefined;
  const asked = askedBy(incoming);
  // No header line is like this one.
  asked.rawHeaders = incoming.rawHeaders.with(place, '\r');
  return asked;
}

/** In the same namespace. */
export const isSame = (one: Asked, other: Asked): boolean =>
  one.method === other.method &&
  one.url === other.url &&
  one.vendorHost === other.vendorHost &&
  one.authority === other.authority &&
  areSame(one.rawHeaders, other.rawHeaders);

function areSame(some: string[], others: string[]): boolean {
  if (some.length !== others.length) return false;
  for (let index = 0; index < some.length; index += 1) if (some[index] !== others[index]) return false;
  return true;
}

/** Each question has one place. */
const PLACES = 8_192;

/**
 * True for a question that was asked lately. A number is kept of each, so that what is asked once costs no memory. Now
 * and then one is taken for another, or forgotten: never rely on it.
 */
export function createMarks(): (namespace: string, asked: Asked) => boolean {
  const marks = new Uint32Array(PLACES);
  return (namespace, { method = '', url = '', rawHeaders }) => {
    let mark = marked(marked(marked(0x811c9dc5, namespace), method), url);
    for (const line of rawHeaders) mark = marked(mark, line);
    mark >>>= 0;
    const known = marks[mark % PLACES] === mark;
    marks[mark % PLACES] = mark;
    return known;
  };
}

/** Characters that are looked at, at either end of a text and between. */
const LOOKED_AT = 64;

/** FNV-1a. */
function marked(mark: number, text: string): number {
  const { length } = text;
  const step = Math.ceil(length / LOOKED_AT);
  for (let index = 0; index < length; ) {
    mark = Math.imul(mark ^ text.charCodeAt(index), 0x01000193);
    index += index < LOOKED_AT || index >= length - LOOKED_AT ? 1 : step;
  }
  return Math.imul(mark ^ length, 0x01000193);
}
