/**
 * CONNECT (RFC 9110 §9.3.6): a tunnel to a vendor's host ends here, by a certificate of its name; one to a host that is
 * let through goes there; every other is refused.
 */
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type SecureContext, TLSSocket } from 'node:tls';
import type { Proxied } from '../request.ts';
import { answerPlain, TLS_HANDSHAKE, type Tunnels, withoutDate } from '../server.ts';
import { nameNamespace } from './absolute-form.ts';
import { type Authority, authorityText, parseAuthority } from './authority.ts';
import { notOurs, refuse, refuseTunnel } from './refusal.ts';
import type { VendorHosts } from './vendor-hosts.ts';

export interface TunnelOptions {
  hosts: VendorHosts;
  /** By the name of the host. */
  contexts: ReadonlyMap<string, SecureContext>;
  /** The fake, for a request whose vendor's host is set. */
  fake: RequestListener;
  plainHttp: () => 'refused' | 'redirected';
  /** Takes a tunnel to a host that is let through; false for another. */
  letThrough: (socket: Duplex, head: Buffer, target: Authority) => boolean;
  /** Answers what is asked of a vendor's host that is let through, instead of the fake; undefined for the fake. */
  real: (name: string) => RequestListener | undefined;
  onRefused?: (authority: string) => void;
}

/** From CONNECT to the end of the handshake. */
const PATIENCE_MILLISECONDS = 30_000;

interface Tunnel {
  socket: Duplex;
  host: string;
  proxyAuthorization: string | undefined;
  /** Requests that are not answered yet; at least one where nobody can count them. */
  active: number;
}

export function createTunnels(options: TunnelOptions): Tunnels {
  const { hosts, contexts, plainHttp, letThrough, real, onRefused } = options;
  const open = new Set<Tunnel>();
  const bySocket = new WeakMap<Duplex, Tunnel>();

  const serve: RequestListener = (incoming, response) => {
    const tunnel = bySocket.get(incoming.socket) as Tunnel;
    tunnel.active += 1;
    response.once('close', () => {
      tunnel.active -= 1;
    });
    answer(incoming, response, tunnel, options);
  };
  const secure = withoutDate(createServer(serve));
  const plain = createServer((incoming, response) => answerPlain(incoming, response, plainHttp()));

  const terminate = (tunnel: Tunnel, head: Buffer, port: number) => {
    const { socket, host } = tunnel;
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    if (head.length > 0) socket.unshift(head);
    const patience = setTimeout(() => socket.destroy(), PATIENCE_MILLISECONDS).unref();
    socket.once('close', () => clearTimeout(patience));
    socket.once('readable', () => {
      const start: Buffer | null = socket.read(1);
      if (!start) return socket.destroy();
      socket.unshift(start);
      if (start[0] !== TLS_HANDSHAKE || port !== 443) {
        clearTimeout(patience);
        return plain.emit('connection', socket);
      }
      const context = contexts.get(host) as SecureContext;
      const secured = new TLSSocket(socket as Socket, {
        ...{ isServer: true, secureContext: context, ALPNProtocols: ['http/1.1'] },
      });
      bySocket.set(secured, tunnel);
      const end = () => socket.destroy();
      secured.on('error', end).once('close', end).once('end', end);
      secured.once('secure', () => {
        clearTimeout(patience);
        // From here on an end may be that of a request, whose answer is awaited.
        secured.off('end', end);
        secure.emit('connection', secured);
      });
    });
  };

  return {
    connect: (request, socket, head) => {
      // Of a connection that breaks nobody is told but its client.
      socket.on('error', () => socket.destroy());
      const target = parseAuthority(request.url ?? '');
      const tunnel: Tunnel = {
        ...{ socket, host: target?.host ?? '', active: 0 },
        proxyAuthorization: request.headers['proxy-authorization'],
      };
      open.add(tunnel);
      socket.once('close', () => open.delete(tunnel));
      const ours = target && hosts.has(target.host) && [443, 80].includes(target.port);
      const answered = ours && real(target.host) !== undefined;
      if (target && !answered && letThrough(socket, head, target)) {
        tunnel.active = 1;
      } else if (ours) {
        terminate(tunnel, head, target.port);
      } else {
        onRefused?.(target ? authorityText(target) : '');
        refuseTunnel(socket, notOurs(request.url ?? ''));
      }
    },
    closeIdle: () => {
      for (const { socket, active } of open) if (active === 0) socket.destroy();
    },
    closeAll: () => {
      for (const { socket } of open) socket.destroy();
    },
  };
}

/** One host, one tunnel: a request for another is misdirected (RFC 9110 §15.5.20), as at the vendor's. */
function answer(incoming: Proxied, response: ServerResponse, tunnel: Tunnel, options: TunnelOptions): void {
  const { host, proxyAuthorization } = tunnel;
  const [whole = '', named = incoming.headers.host ?? host] = /^https:\/\/([^/?#]*)/i.exec(incoming.url ?? '') ?? [];
  const authority = parseAuthority(named, 443);
  if (authority?.host !== host || authority.port !== 443) {
    refuse(response, { status: 421, reason: `this tunnel leads to ${host} alone` });
    return;
  }
  const path = incoming.url?.slice(whole.length) ?? '';
  incoming.url = path.startsWith('/') ? path : `/${path}`;
  incoming.headers.host = host;
  const listener = options.real(host);
  if (listener) {
    listener(incoming, response);
    return;
  }
  const vendorHost = options.hosts.get(host);
  if (vendorHost) incoming.vendorHost = vendorHost;
  nameNamespace(incoming, proxyAuthorization);
  options.fake(incoming, response);
}
