/** A client that speaks through the proxy: CONNECT, then TLS with the mock's authority. */
import { request as plainRequest } from 'node:http';
import { request } from 'node:https';
import type { Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import type { Mock, MockNamespace } from '../../mock-server/index.ts';

/** Rejects with the refusal's status and reason. */
export function openTunnel(proxyUrl: string, authority: string, headers: Record<string, string> = {}): Promise<Socket> {
  const { hostname, port, username } = new URL(proxyUrl);
  const named = username === '' ? {} : { 'proxy-authorization': `Basic ${btoa(`${username}:`)}` };
  return new Promise((resolve, reject) => {
    const asked = plainRequest({
      host: hostname,
      port,
      method: 'CONNECT',
      path: authority,
      headers: { ...named, ...headers },
    });
    asked.on('error', reject);
    asked.on('connect', (answer, socket: Socket) => {
      if (answer.statusCode === 200) return resolve(socket);
      socket.destroy();
      reject(Object.assign(new Error(String(answer.headers['x-sidetone-reason'])), { status: answer.statusCode }));
    });
    asked.end();
  });
}

export interface SecureOptions {
  ca?: string | undefined;
  servername?: string;
  ALPNProtocols?: string[];
  session?: Buffer;
}

/** Resolves once the handshake is done. */
export function secured(socket: Socket, options: SecureOptions): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const tls = connect({ socket, ...(options as object) });
    tls.once('secureConnect', () => resolve(tls)).once('error', reject);
  });
}

export interface Asked {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

/** One request on an open connection. */
export function askOn(
  socket: TLSSocket,
  url: string,
  { method = 'GET', headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Asked> {
  const { pathname, search, hostname } = new URL(url);
  return new Promise((resolve, reject) => {
    const asked = request({
      ...{ method, path: pathname + search, createConnection: () => socket },
      headers: { host: hostname, connection: 'keep-alive', ...headers },
    });
    asked.on('error', reject);
    asked.on('response', async (answer) => {
      const text = Buffer.concat(await answer.toArray()).toString();
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text });
    });
    asked.end(body);
  });
}

/** One request through a tunnel of its own. */
export async function askThrough(
  mock: Mock | (MockNamespace & { ca?: string }),
  url: string,
  options: Parameters<typeof askOn>[2] & SecureOptions = {},
): Promise<Asked> {
  const { hostname } = new URL(url);
  const ca = 'ca' in options ? options.ca : mock.ca;
  const socket = await openTunnel(mock.proxyUrl ?? '', `${hostname}:443`);
  const tls = await secured(socket, { servername: hostname, ca });
  const answer = await askOn(tls, url, options);
  tls.destroy();
  return answer;
}
