/** Raw bytes to a mock's port, as proxies' clients send them. */
import { connect } from 'node:net';
import type { Mock } from '../../mock-server/index.ts';

export interface Said {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** One request in absolute form, on a connection of its own. */
export async function askAbsolute(mock: Mock, target: string, headers: Record<string, string> = {}, method = 'GET') {
  const lines = Object.entries({ host: 'whatever.example', ...headers, connection: 'close' });
  const head = [`${method} ${target} HTTP/1.1`, ...lines.map(([name, value]) => `${name}: ${value}`), '', ''];
  return parse(await say(mock, Buffer.from(head.join('\r\n'))));
}

/** What a server says to these bytes until it closes. Rejects after 20 seconds: nothing may hang. */
export function say(mock: Mock, bytes: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(mock.url).port), '127.0.0.1');
    const chunks: Buffer[] = [];
    const text = () => Buffer.concat(chunks).toString('latin1');
    const limit = setTimeout(() => {
      socket.destroy();
      reject(new Error(`still open after: ${text()}`));
    }, 20_000);
    const done = () => {
      clearTimeout(limit);
      resolve(text());
    };
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', done);
    socket.on('close', done);
    socket.write(bytes);
  });
}

export function parse(answer: string): Said {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const headers = lines.map((line): [string, string] => [
    line.slice(0, line.indexOf(':')).toLowerCase(),
    line.slice(line.indexOf(':') + 1).trim(),
  ]);
  return { status: Number(first.split(' ')[1]), headers: Object.fromEntries(headers), body };
}
