/** Request targets in absolute form (RFC 9112 §3.2.2), as a proxy gets them: whom each is for. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { splitAuthorization } from '../credentials.ts';
import { isLoopback } from '../loopback.ts';
import type { Proxied } from '../request.ts';
import { answerPlain } from '../server.ts';
import { type Authority, authorityText, parseAuthority } from './authority.ts';
import { notOurs, refuse } from './refusal.ts';
import type { VendorHosts } from './vendor-hosts.ts';

export interface DoorOptions {
  hosts: VendorHosts;
  /** What becomes of plain http to a vendor's host. */
  plainHttp: () => 'refused' | 'redirected';
  /** Scheme and authority that clients know the fake by; '' where that is its address. */
  publicUrl: () => string;
  /** Takes what goes through to other hosts; false for what does not. */
  forward?: (incoming: IncomingMessage, response: ServerResponse, target: Target) => boolean;
  /** Told of each authority that is refused. */
  onRefused?: (authority: string) => void;
}

/** What a target in absolute form names. */
export interface Target extends Authority {
  scheme: 'http' | 'https';
  /** With the query. */
  path: string;
}

/** A function that readies a request for the fake itself, or answers it and returns false. */
export function createDoor(options: DoorOptions): (incoming: Proxied, response: ServerResponse) => boolean {
  const { hosts, plainHttp, publicUrl, forward, onRefused } = options;
  return (incoming, response) => {
    const [whole, scheme = '', named = ''] = ABSOLUTE.exec(incoming.url ?? '') ?? [];
    if (whole === undefined) return true;
    const target = targetOf(scheme.toLowerCase(), named, incoming.url?.slice(whole.length) ?? '');
    if (target && isOwn(target, incoming, publicUrl())) return address(incoming, named, target.path);
    if (target && forward?.(incoming, response, target)) return false;
    const host = target && hosts.get(target.host);
    if (!host || target.port !== PORTS[target.scheme]) {
      onRefused?.(target ? authorityText(target) : '');
      refuse(response, notOurs(named));
      return false;
    }
    address(incoming, target.host, target.path);
    if (target.scheme === 'http') {
      answerPlain(incoming, response, plainHttp());
      return false;
    }
    incoming.vendorHost = host;
    nameNamespace(incoming, incoming.headers['proxy-authorization']);
    return true;
  };
}

const ABSOLUTE = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)/i;
const PORTS = { http: 80, https: 443 };

function targetOf(scheme: string, named: string, rest: string): Target | undefined {
  if (scheme !== 'http' && scheme !== 'https') return undefined;
  const authority = parseAuthority(named, PORTS[scheme]);
  return authority && { ...authority, scheme, path: rest.startsWith('/') ? rest : `/${rest}` };
}

/** The authority counts, and no Host header beside it. */
function address(incoming: Proxied, host: string, path: string): true {
  incoming.headers.host = host;
  incoming.authority = host;
  incoming.url = path;
  return true;
}

function isOwn({ scheme, host, port }: Target, { socket }: IncomingMessage, publicUrl: string): boolean {
  if (publicUrl !== '') {
    // Read as the target is: what an authority may be is more than a URL takes.
    const known = new URL(publicUrl);
    const own = parseAuthority(known.host, known.protocol === 'https:' ? PORTS.https : PORTS.http);
    if (known.protocol === `${scheme}:` && own?.host === host && own.port === port) return true;
  }
  const local = socket.localAddress?.replace(/^::ffff:/, '');
  return port === socket.localPort && (isLoopback(host) || host === local);
}

/** The user of the proxy's URL names a namespace, where the client names none itself. */
export function nameNamespace(incoming: Proxied, proxyAuthorization: string | undefined): void {
  const { scheme, credentials } = splitAuthorization(proxyAuthorization ?? '');
  if (scheme !== 'basic') return;
  const user = Buffer.from(credentials, 'base64').toString('utf8').split(':')[0] ?? '';
  if (user !== '') incoming.namespace = user;
}
