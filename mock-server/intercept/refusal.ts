/** What the fake answers as a proxy where it does not go on: its own words, and none of the imitated APIs'. */
import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

export interface Refusal {
  status: number;
  /** ASCII. */
  reason: string;
}

export function refuse(response: ServerResponse, { status, reason }: Refusal): void {
  response.writeHead(status, { 'content-type': 'application/json', 'x-sidetone-reason': reason, connection: 'close' });
  response.end(bodyOf(reason));
}

/** To a CONNECT, whose socket is ours. */
export function refuseTunnel(socket: Duplex, { status, reason }: Refusal): void {
  const body = bodyOf(reason);
  const lines = [
    `HTTP/1.1 ${status} ${status === 403 ? 'Forbidden' : 'Bad Gateway'}`,
    ...['content-type: application/json', `content-length: ${Buffer.byteLength(body)}`],
    ...[`x-sidetone-reason: ${reason}`, 'connection: close', '', ''],
  ];
  socket.end(lines.join('\r\n') + body, () => socket.destroy());
}

const bodyOf = (reason: string) => JSON.stringify({ error: 'sidetone_proxy', error_description: reason });

export const notOurs = (authority: string): Refusal => ({
  status: 403,
  reason: `the fake does not stand in for ${readable(authority)}; --passthrough lets a host through`,
});

/** A target is the client's own text, and may hold anything that it takes for one, a password too. */
const readable = (authority: string) => (/^[\w.:[\]-]{1,260}$/.test(authority) ? authority : 'such a host');
