/** On to the network: tunnels and requests to hosts that are let through. */
import { type ClientRequest, Agent as HttpAgent, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { Agent as HttpsAgent, request as requestTls } from 'node:https';
import { connect, isIP } from 'node:net';
import { type Duplex, pipeline } from 'node:stream';
import type { Target } from './absolute-form.ts';
import { type Authority, authorityText } from './authority.ts';
import { type Refusal, refuse, refuseTunnel } from './refusal.ts';

export interface Forwarder {
  /** @param way.named the authority as it is told. */
  tunnel(socket: Duplex, head: Buffer, way: { to: Authority; named: string }): void;
  request(incoming: IncomingMessage, response: ServerResponse, way: Way): void;
  close(): void;
}

export interface Way {
  /** Where it is reached. */
  to: Authority;
  target: Target;
  /** Sees the request's body, the answer and its body go by. */
  watch?: (outgoing: ClientRequest) => void;
}

export function createForwarder(): Forwarder {
  const agents = { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) };
  return {
    tunnel: openTunnel,
    request: (incoming, response, way) => {
      const { to, target, watch } = way;
      const outgoing = (target.scheme === 'https' ? requestTls : request)({
        ...{ host: to.host, port: to.port, method: incoming.method, path: target.path, agent: agents[target.scheme] },
        // An address is no server name (RFC 6066 §3).
        servername: isIP(target.host) === 0 ? target.host : '',
        headers: [...endToEnd(incoming.rawHeaders, ['host', 'expect']), 'Host', hostOf(target)],
      });
      watch?.(outgoing);
      outgoing.on('response', (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.statusMessage, endToEnd(answer.rawHeaders));
        pipeline(answer, response, () => {});
      });
      outgoing.on('error', (error) => {
        if (response.headersSent) response.destroy();
        else refuse(response, unreachable(authorityText(target), error));
      });
      response.once('close', () => outgoing.destroy());
      incoming.pipe(outgoing);
    },
    close: () => {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

function openTunnel(socket: Duplex, head: Buffer, { to, named }: { to: Authority; named: string }): void {
  const upstream = connect({ ...to, allowHalfOpen: true });
  socket.once('close', () => upstream.destroy());
  let connected = false;
  upstream.once('error', (error) => {
    // Nothing but the two's own bytes goes into a tunnel that is open.
    if (!connected) refuseTunnel(socket, unreachable(named, error));
    else socket.destroy();
  });
  upstream.once('connect', () => {
    connected = true;
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    upstream.write(head);
    socket.pipe(upstream).pipe(socket);
  });
}

const unreachable = (named: string, { code }: NodeJS.ErrnoException): Refusal => ({
  status: 502,
  reason: `${named} cannot be reached: ${code ?? 'the connection failed'}`,
});

const hostOf = ({ scheme, host, port }: Target) => {
  const text = authorityText({ host, port });
  return port === (scheme === 'https' ? 443 : 80) ? text.slice(0, text.lastIndexOf(':')) : text;
};

/** Headers that are meant for the next on the way alone (RFC 9110 §7.6.1). */
const HOP = new Set(['connection', 'keep-alive', 'proxy-authorization', 'proxy-connection', 'te', 'upgrade']);

/** @param raw names and values by turns. */
export function endToEnd(raw: string[], without: string[] = []): string[] {
  const pairs = Array.from({ length: raw.length / 2 }, (_, index): [string, string] => [
    raw[index * 2] ?? '',
    raw[index * 2 + 1] ?? '',
  ]);
  const named = pairs.flatMap(([name, value]) =>
    /^connection$/i.test(name) ? value.toLowerCase().split(/\s*,\s*/) : [],
  );
  const left = (name: string) => !HOP.has(name) && !named.includes(name) && !without.includes(name);
  return pairs.filter(([name]) => left(name.toLowerCase())).flat();
}
