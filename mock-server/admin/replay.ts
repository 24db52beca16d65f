/** Sends a request that was recorded once more, with the secrets that it had, to the fake itself. */
import type { IncomingMessage } from 'node:http';
import type * as https from 'node:https';
import { InputError } from '../input-error.ts';
import type { RecordedExchange } from '../journal/exchange.ts';
import { realTime } from '../real-time.ts';

export interface Replayed {
  /** 0 where there was no answer. */
  status: number;
  /** Real time. */
  milliseconds: number;
}

/** What belongs to one connection or is counted anew; RFC 9110 §7.6.1. */
const NOT_AGAIN = /^(?:connection|keep-alive|content-length|transfer-encoding|te|trailer|upgrade|expect)$/i;
/** Said anew: by a tunnel it came from the tunnel's own request. */
const NAMES_NAMESPACE = /^(?:x-sidetone-namespace|proxy-authorization)$/i;
const LONGEST = 60_000;

/**
 * @param address scheme, authority and prefix of the world.
 * @param namespace its name, '' for none: a vendor's host has no path that could name it.
 * Rejects with an InputError for a request of whose body too little is known.
 */
export async function replay(exchange: RecordedExchange, address: string, namespace: string): Promise<Replayed> {
  const { method, target, host, rawHeaders, body } = exchange;
  const refusal = whyNot(exchange);
  if (refusal !== undefined) throw new InputError(refusal);
  const again = (name: string) => !NOT_AGAIN.test(name) && !(host !== undefined && NAMES_NAMESPACE.test(name));
  const headers = rawHeaders.filter((_, index) => again(rawHeaders[index - (index % 2)] ?? ''));
  const named = host !== undefined && namespace !== '' ? ['x-sidetone-namespace', namespace] : [];
  const length = body ? ['content-length', String(body.bytes.length)] : [];
  const url = new URL(address);
  // Loaded here: few mocks ever send a request themselves, and fewer by TLS. Its own certificate needs no proof.
  const { request }: Pick<typeof https, 'request'> =
    url.protocol === 'https:' ? await import('node:https') : ((await import('node:http')) as never);
  const started = realTime();
  const options = {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port,
    // In absolute form, so that the rules of the vendor's host hold again.
    path: host === undefined ? url.pathname.replace(/\/$/, '') + target : `https://${host}${target}`,
  };
  const status = await new Promise<number>((resolve) => {
    const sent = [...headers, ...named, ...length] as never;
    const asked = request({ ...options, method, rejectUnauthorized: false, headers: sent });
    asked.setTimeout(LONGEST, () => asked.destroy());
    asked.once('response', (answer: IncomingMessage) => {
      answer.resume().once('close', () => resolve(answer.statusCode ?? 0));
    });
    asked.once('error', () => resolve(0));
    asked.end(body?.bytes);
  });
  return { status, milliseconds: Math.round((realTime() - started) * 10) / 10 };
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
