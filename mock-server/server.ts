/** The socket that the fake answers on. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Listening {
  /** Scheme and authority, without a closing slash. */
  url: string;
  /** Ends within a second, whatever clients do. */
  close(): Promise<void>;
}

const GRACE_MILLISECONDS = 500;

/** @param port 0 for a free one. Rejects with Node's error (EADDRINUSE, EACCES) if it cannot listen. */
export async function listen(app: RequestListener, host: string, port: number): Promise<Listening> {
  const server = createServer(app);
  // The app writes Date itself, by the mock's clock.
  server.on('request', (_request, response) => {
    response.sendDate = false;
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  return { url: `http://${authority(host, address)}`, close: () => close(server) };
}

/** An address that stands for all of the machine's is no URL: name the loopback one. */
function authority(host: string, { address, family, port }: AddressInfo): string {
  if (address === '0.0.0.0' || address === '::') return `127.0.0.1:${port}`;
  if (host === 'localhost') return `localhost:${port}`;
  return family === 'IPv6' ? `[${address}]:${port}` : `${address}:${port}`;
}

async function close(server: Server): Promise<void> {
  const impatience = setTimeout(() => server.closeAllConnections(), GRACE_MILLISECONDS);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
  clearTimeout(impatience);
}
