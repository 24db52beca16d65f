/** Reads a request body, once it is known that the request may have one. */
import type { IncomingMessage } from 'node:http';
import getRawBody from 'raw-body';
import { badRequest, contentTooLarge, unsupportedMediaType } from './errors.ts';

export interface RequestBody {
  bytes: Buffer;
  /** As sent, without parameters; empty if the request names none. */
  mediaType: string;
}

/** @param limit in bytes; a longer body is 413. */
export async function readBody(request: IncomingMessage, limit: number): Promise<RequestBody> {
  const mediaType = (request.headers['content-type'] ?? '').split(';')[0]?.trim() ?? '';
  try {
    return { bytes: await getRawBody(request, { limit }), mediaType };
  } catch (cause) {
    if ((cause as { type?: string }).type === 'entity.too.large') throw contentTooLarge(limit);
    throw badRequest('the request body broke off', cause);
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Parses a body that must be of one of the declared media types. Throws 415 or 400. */
export function parseJsonBody({ bytes, mediaType }: RequestBody, declared: string[]): unknown {
  if (!declared.includes(mediaType.toLowerCase())) {
    const given = mediaType === '' ? 'without a Content-Type' : `of type "${mediaType}"`;
    throw unsupportedMediaType(`the body is ${given}; expected ${declared.join(' or ')}`);
  }
  if (bytes.length === 0) throw badRequest('the body is empty; expected JSON');
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch (cause) {
    throw badRequest(whyNoJson(cause), cause);
  }
}

/** Without the part of the body that V8 quotes: there may be a secret in it. */
export function whyNoJson(cause: unknown): string {
  const position = /at position \d+(?: \(line \d+ column \d+\))?/.exec((cause as Error).message)?.[0];
  return position === undefined ? 'the body is not JSON' : `the body is not JSON: wrong ${position}`;
}
