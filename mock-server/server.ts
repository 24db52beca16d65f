/** The socket that the fake answers on. */
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket, Server as SocketServer } from 'node:net';
import * as net from 'node:net';
import type { Duplex } from 'node:stream';
import { LOOPBACK } from './loopback.ts';
import { answerEarly, release } from './remembered/early.ts';
import { KEEP_ALIVE_SECONDS } from './remembered/wire.ts';

export interface Listening {
  /** Scheme and authority, without a closing slash. */
  url: string;
  /** Ends within a second, whatever clients do. */
  close(): Promise<void>;
}

export interface TlsOptions {
  /** PEM. */
  key: string;
  cert: string;
  /** What becomes of a request in plain HTTP, asked at each. The real hosts serve https alone. */
  plainHttp: () => 'refused' | 'redirected';
}

export interface ListenOptions {
  tls?: TlsOptions;
  /** Absent where the fake is no proxy. */
  tunnels?: Tunnels;
}

/** What becomes of CONNECT. */
export interface Tunnels {
  connect(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  closeIdle(): void;
  closeAll(): void;
}

const GRACE_MILLISECONDS = 500;

/** @param port 0 for a free one. Rejects with Node's error (EADDRINUSE, EACCES) if it cannot listen. */
export async function listen(
  app: RequestListener,
  host: string,
  port: number,
  { tls, tunnels }: ListenOptions = {},
): Promise<Listening> {
  const server = tls ? await encrypted(app, tls) : plain(app);
  answerEarly(server.http, tls ? 'secureConnection' : 'connection');
  server.http.on('connect', (request, socket, head) => {
    release(socket);
    (tunnels?.connect ?? refuseConnect)(request, socket, head);
  });
  await new Promise<void>((resolve, reject) => {
    server.socket.once('error', reject);
    server.socket.once('listening', resolve);
    listenAt(server.socket, host, port);
  });
  const address = server.socket.address() as AddressInfo;
  const url = `${tls ? 'https' : 'http'}://${authority(host, address)}`;
  return { url, close: () => close(server, tunnels) };
}

/** Of Node 26.4 and later, which its types do not have yet. */
const { BoundSocket } = net as { BoundSocket?: new (address: { host: string; port: number }) => object };

/** Throws, or has the socket emit, Node's error. */
function listenAt(socket: SocketServer, host: string, port: number): void {
  // Node looks every other host up, and has to know what IPv6 addresses look like then: a sixth of a mock's start.
  if (BoundSocket && (host === LOOPBACK || net.isIPv4(host))) socket.listen(new BoundSocket({ host, port }));
  else socket.listen(port, host);
}

interface Serving {
  socket: SocketServer;
  /** Whom requests arrive at. */
  http: Server;
  closeIdle(): void;
  closeAll(): void;
}

function plain(app: RequestListener): Serving {
  const server = withoutDate(createServer(app));
  return {
    ...{ socket: server, http: server },
    closeIdle: () => server.closeIdleConnections(),
    closeAll: () => server.closeAllConnections(),
  };
}

/** TLS and plain HTTP on one port: the first byte of a connection tells them apart. */
async function encrypted(app: RequestListener, { key, cert, plainHttp }: TlsOptions): Promise<Serving> {
  // Loaded here: TLS costs a start what most starts do not need.
  const { createServer: createTlsServer } = await import('node:https');
  const secure = withoutDate(createTlsServer({ key, cert }, app));
  const insecure = createServer((request, response) => answerPlain(request, response, plainHttp()));
  const open = new Set<Socket>();
  const socket = net.createServer((connection) => {
    open.add(connection);
    connection.on('close', () => open.delete(connection));
    // Of a connection that breaks nobody is told but its client.
    connection.on('error', () => connection.destroy());
    connection.once('readable', () => {
      const start: Buffer | null = connection.read(1);
      if (!start) return connection.destroy();
      connection.unshift(start);
      (start[0] === TLS_HANDSHAKE ? secure : insecure).emit('connection', connection);
    });
  });
  return {
    ...{ socket, http: secure },
    closeIdle: () => {
      secure.closeIdleConnections();
      insecure.closeIdleConnections();
    },
    closeAll: () => {
      for (const connection of open) connection.destroy();
    },
  };
}

/** RFC 8446 §5.1: the content type of the first record. */
export const TLS_HANDSHAKE = 22;

/** To plain http where https alone is spoken. */
export function answerPlain(request: IncomingMessage, response: ServerResponse, how: 'refused' | 'redirected'): void {
  if (how === 'redirected') {
    response.writeHead(308, { location: `https://${request.headers.host}${request.url}`, connection: 'close' }).end();
    return;
  }
  response.writeHead(400, { 'content-type': 'text/plain', connection: 'close' });
  response.end('This port speaks https alone.\n');
}

/** The app writes Date itself, by the mock's clock. */
export function withoutDate<S extends Server>(server: S): S {
  // Longer than clients keep an idle connection: else one is closed just as it is used again.
  server.keepAliveTimeout = KEEP_ALIVE_SECONDS * 1000;
  server.on('request', (_request, response) => {
    response.sendDate = false;
  });
  return server;
}

/** RFC 9110 §9.3.6: a server that is no proxy says so, and why, to those who take it for one. */
function refuseConnect(_request: IncomingMessage, socket: Duplex): void {
  const reason = 'the fake is a proxy when it is started with --intercept';
  const lines = ['HTTP/1.1 403 Forbidden', `x-sidetone-reason: ${reason}`, 'content-length: 0', 'connection: close'];
  socket.on('error', () => socket.destroy()).end(`${lines.join('\r\n')}\r\n\r\n`, () => socket.destroy());
}

/** An address that stands for all of the machine's is no URL: name the loopback one. */
function authority(host: string, { address, family, port }: AddressInfo): string {
  if (address === '0.0.0.0' || address === '::') return `${LOOPBACK}:${port}`;
  if (host === 'localhost') return `localhost:${port}`;
  return family === 'IPv6' ? `[${address}]:${port}` : `${address}:${port}`;
}

async function close({ socket, closeIdle, closeAll }: Serving, tunnels: Tunnels | undefined): Promise<void> {
  const impatience = setTimeout(() => {
    tunnels?.closeAll();
    closeAll();
  }, GRACE_MILLISECONDS);
  await new Promise<void>((resolve) => {
    socket.close(() => resolve());
    tunnels?.closeIdle();
    closeIdle();
  });
  clearTimeout(impatience);
}
