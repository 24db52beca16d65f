/** Sends a request that was recorded once more, with the secrets that it had, to the fake itself. */
import type { IncomingMessage } from 'node:http';
import type * as https from 'node:https';
import { InputError } from '../input-error.ts';
import type { RecordedExchange } from '../journal/exchange.ts';

export interface Replayed {
  /** 0 where there was no answer. */
  status: number;
  /** Real time. */
  milliseconds: number;
}

/** What belongs to one connection or is counted anew; RFC 9110 §7.6.1. */
const NOT_AGAIN = /^(?:connection|keep-alive|content-length|transfer-encoding|te|trailer|upgrade|expect)$/i;
const LONGEST = 60_000;

/**
 * @param address scheme, authority and prefix of the world.
 * Rejects with an InputError for a request of whose body too little is known.
 */
export async function replay(exchange: RecordedExchange, address: string): Promise<Replayed> {
  const { method, target, rawHeaders, body } = exchange;
  const refusal = whyNot(exchange);
  if (refusal !== undefined) throw new InputError(refusal);
  const headers = rawHeaders.filter((_, index) => !NOT_AGAIN.test(rawHeaders[index - (index % 2)] ?? ''));
  const length = body ? ['content-length', String(body.bytes.length)] : [];
  const url = new URL(address);
  // Loaded here: few mocks ever send a request themselves, and fewer by TLS. Its own certificate needs no proof.
  const { request }: Pick<typeof https, 'request'> =
    url.protocol === 'https:' ? await import('node:https') : ((await import('node:http')) as never);
  const started = performance.now();
  const options = {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port,
    path: url.pathname.replace(/\/$/, '') + target,
  };
  const status = await new Promise<number>((resolve) => {
    const asked = request({ ...options, method, rejectUnauthorized: false, headers: [...headers, ...length] as never });
    asked.setTimeout(LONGEST, () => asked.destroy());
    asked.once('response', (answer: IncomingMessage) => {
      answer.resume().once('close', () => resolve(answer.statusCode ?? 0));
    });
    asked.once('error', () => resolve(0));
    asked.end(body?.bytes);
  });
  return { status, milliseconds: Math.round((performance.now() - started) * 10) / 10 };
}

function whyNot({ rawHeaders, body }: RecordedExchange): string | undefined {
  if (body && body.bytes.length < body.size) {
    return `of the body's ${body.size} bytes the journal has ${body.bytes.length} alone (server.journalBody)`;
  }
  const announced = rawHeaders.some(
    (name, index) =>
      index % 2 === 0 &&
      (/^transfer-encoding$/i.test(name) || (/^content-length$/i.test(name) && rawHeaders[index + 1] !== '0')),
  );
  if (!body && announced) return 'the fake refused the request before it read the body, so the journal has none of it';
  return undefined;
}
