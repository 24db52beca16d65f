/** What is asked, as one text; and whether the same was asked lately. */
import type { Socket } from 'node:net';
import type { VendorHost } from '../provider.ts';
import type { Proxied } from '../request.ts';

/** The last question of a connection, which is most often its next one too. */
interface Last {
  method: string | undefined;
  url: string | undefined;
  vendorHost: VendorHost | undefined;
  authority: string | undefined;
  rawHeaders: string[];
  question: string;
}

/** Two that are the same text have the same namespace, host, method, target and header lines, and so the same answer. */
export function createQuestions(namespace: string): (incoming: Proxied) => string {
  const lasts = new WeakMap<Socket, Last>();
  return (incoming) => {
    const { method, url, rawHeaders, vendorHost, authority, socket } = incoming;
    const last = lasts.get(socket);
    if (
      last &&
      last.method === method &&
      last.url === url &&
      last.vendorHost === vendorHost &&
      last.authority === authority &&
      areSame(last.rawHeaders, rawHeaders)
    ) {
      return last.question;
    }
    // Of a target in absolute form the host is another than the line's. Every header counts: which of them an answer
    // depends on is the handlers' affair.
    const host = `${vendorHost?.name ?? ''} ${authority ?? ''}`;
    const question = [namespace, host, method, url, ...rawHeaders].join('\n');
    lasts.set(socket, { method, url, vendorHost, authority, rawHeaders, question });
    return question;
  };
}

function areSame(some: string[], others: string[]): boolean {
  if (some.length !== others.length) return false;
  for (let index = 0; index < some.length; index += 1) if (some[index] !== others[index]) return false;
  return true;
}

/** Each text has one place. */
const PLACES = 8_192;

/**
 * True for a text that was told lately. A number is kept of each, so that what is told once costs no memory. Rarely, one
 * is taken for another: never rely on it.
 */
export function createMarks(): (text: string) => boolean {
  const marks = new Uint32Array(PLACES);
  return (text) => {
    // FNV-1a.
    let mark = 0x811c9dc5;
    for (let index = 0; index < text.length; index += 1) {
      mark = Math.imul(mark ^ text.charCodeAt(index), 0x01000193);
    }
    mark >>>= 0;
    const known = marks[mark % PLACES] === mark;
    marks[mark % PLACES] = mark;
    return known;
  };
}
