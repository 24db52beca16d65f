/** Listens to a request on its way to a vendor's real host, and to its answer. */
import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { arrival, type RecordedBody, type RecordedExchange } from '../journal/exchange.ts';
import { realTime } from '../real-time.ts';
import { endToEnd } from './forward.ts';

/** More of a body is not kept. */
const LARGEST_BODY = 1_048_576;

/** @param done told once, when the answer has gone by or the connection is over. */
export function overhear(
  incoming: IncomingMessage,
  response: ServerResponse,
  outgoing: ClientRequest,
  done: (exchange: RecordedExchange) => void,
): void {
  const started = realTime();
  const exchange: RecordedExchange = {
    ...arrival(incoming, Date.now(), ''),
    rawHeaders: endToEnd(incoming.rawHeaders),
  };
  const sent = collect(incoming);
  outgoing.once('response', (answer) => {
    exchange.milliseconds = realTime() - started;
    const heard = collect(answer);
    const { statusCode: status = 0, headers } = answer;
    answer.once('end', () => {
      const body = decoded(heard(), headers['content-encoding']);
      exchange.answer = {
        ...{ status, headers: Object.entries(headers).flatMap(([name, value]) => linesOf(name, value)) },
        ...(body && { body: { text: body.bytes.toString('utf8'), size: body.size } }),
      };
    });
  });
  response.once('close', () => {
    const body = decoded(sent(), incoming.headers['content-encoding']);
    if (body) exchange.body = body;
    done(exchange);
  });
}

const linesOf = (name: string, value: string | string[] | undefined) =>
  [value ?? []].flat().flatMap((line) => [name, line]);

/** What has come so far, and how much there was. */
function collect(stream: IncomingMessage): () => RecordedBody | undefined {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on('data', (chunk: Buffer) => {
    if (size < LARGEST_BODY) chunks.push(chunk);
    size += chunk.length;
  });
  return () => (size === 0 ? undefined : { bytes: Buffer.concat(chunks).subarray(0, LARGEST_BODY), size });
}

const DECODERS: Record<string, (bytes: Buffer, options: { maxOutputLength: number }) => Buffer> = {
  gzip: gunzipSync,
  'x-gzip': gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
};

/** Secrets are found in plain text alone: what cannot be read is not kept. */
function decoded(body: RecordedBody | undefined, encoding = 'identity'): RecordedBody | undefined {
  if (!body || encoding === 'identity') return body;
  try {
    const bytes = DECODERS[encoding.toLowerCase()]?.(body.bytes, { maxOutputLength: LARGEST_BODY });
    return bytes && { bytes, size: bytes.length };
  } catch {
    return undefined;
  }
}
