/** Turns Node's request into the fake's own, once, at the edge. */
import type { IncomingMessage } from 'node:http';
import type { ApiRequest, VendorHost } from './provider.ts';

export interface Addresses {
  /** Scheme and authority that clients are known to use; wins over the Host header unless empty. */
  publicUrl: string;
  /** Where the fake listens, for a Host header that is missing or no authority. */
  origin: string;
  /** Path prefix of the namespace, '' for none. */
  prefix: string;
}

/** A request of Node's, and what its target in absolute form or its tunnel has told beside. */
export interface Proxied extends IncomingMessage {
  vendorHost?: VendorHost;
  /** Instead of that of the Host line. */
  authority?: string;
  /** Name of the one that the proxy's URL names. */
  namespace?: string;
}

/** @param incoming its target in origin form. */
export function readRequest(incoming: IncomingMessage, addresses: Addresses): ApiRequest {
  const target = incoming.url ?? '/';
  const question = target.indexOf('?');
  const { vendorHost } = incoming as Proxied;
  return {
    method: incoming.method === 'HEAD' ? 'GET' : (incoming.method ?? 'GET'),
    path: question === -1 ? target : target.slice(0, question),
    params: {},
    query: new URLSearchParams(question === -1 ? '' : target.slice(question)),
    headers: incoming.headers,
    authorization: valuesOf('authorization', incoming.rawHeaders),
    origin: vendorHost?.origin ?? (addresses.publicUrl || originOf(incoming, addresses.origin)) + addresses.prefix,
    ...(vendorHost && { vendorHost }),
  };
}

/** Of the lines of one header; Node's `headersDistinct` would make a list of each. @param name in lower case. */
export const valuesOf = (name: string, rawHeaders: string[]): string[] =>
  rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === name);

/**
 * Where the value of a header's first line stands; -1 where there is none. Node sorts a request's headers when it is first
 * asked for them: most requests need not be. @param name in lower case.
 */
export function placeOf(name: string, rawHeaders: string[]): number {
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const one = rawHeaders[index] as string;
    if (one.length === name.length && one.toLowerCase() === name) return index + 1;
  }
  return -1;
}

/** Whether a path is that of a prefix, or below it. */
export const isUnder = (prefix: string, path: string): boolean =>
  path === prefix || path.startsWith(`${prefix}/`) || prefix === '';

/** The absolute form `GET http://host/path` (RFC 9112 §3.2.2) means the same as the path alone. */
export function originForm(target: string): string {
  if (target.startsWith('/')) return target;
  const path = target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '');
  return path.startsWith('/') ? path : `/${path}`;
}

function originOf({ headers }: IncomingMessage, fallback: string): string {
  const host = headers.host ?? '';
  const scheme = fallback.slice(0, fallback.indexOf(':'));
  return /^(?:[\w.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i.test(host) ? `${scheme}://${host}` : fallback;
}
