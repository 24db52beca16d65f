/** What names this machine itself. */
import { isIPv4 } from 'node:net';

/** @param host in lower case; an IPv6 address without its brackets. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (host.startsWith('127.') && isIPv4(host));

/** @param text `host` or `host:port`, as in a Host header; an IPv6 address in brackets. */
export function isLoopbackAuthority(text: string): boolean {
  const [, address, name] = /^(?:\[([^\]]*)\]|([^:]*))(?::\d+)?$/.exec(text) ?? [];
  return isLoopback((address ?? name ?? '').toLowerCase());
}
