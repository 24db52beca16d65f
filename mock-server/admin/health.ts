/** /health: whether the fake answers. */
import type { RequestListener } from 'node:http';

export function createHealth(version: string): RequestListener {
  const started = performance.now();
  return (_request, response) => {
    const uptime = Math.round((performance.now() - started) / 100) / 10;
    const body = Buffer.from(JSON.stringify({ status: 'ok', version, uptime }));
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
    response.end(body);
  };
}
