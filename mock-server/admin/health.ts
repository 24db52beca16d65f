/** /health: whether the fake answers. */
import type { RequestListener } from 'node:http';
import { realTime } from '../real-time.ts';

export function createHealth(version: string): RequestListener {
  const started = realTime();
  return (_request, response) => {
    const uptime = Math.round((realTime() - started) / 100) / 10;
    const body = Buffer.from(JSON.stringify({ status: 'ok', version, uptime }));
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
    response.end(body);
  };
}
