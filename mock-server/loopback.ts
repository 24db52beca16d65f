/** What names this machine itself. */
import { isIPv4 } from 'node:net';

/** The default of every host here: known without the regular expressions that Node makes for all others. */
export const LOOPBACK = '127.0.0.1';
const NAMES = [LOOPBACK, 'localhost', '::1'];

/** @param host in lower case; an IPv6 address without its brackets. */
export const isLoopback = (host: string): boolean => NAMES.includes(host) || (host.startsWith('127.') && isIPv4(host));

/** @param text `host` or `host:port`, as in a Host header; an IPv6 address in brackets. */
export function isLoopbackAuthority(text: string): boolean {
  const [, address, name] = /^(?:\[([^\]]*)\]|([^:]*))(?::\d+)?$/.exec(text) ?? [];
  return isLoopback((address ?? name ?? '').toLowerCase());
}
