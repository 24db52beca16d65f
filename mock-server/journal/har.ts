/** The journal as an HTTP Archive 1.2, which browsers' network panels and many tools read. */
import { version } from '../version.ts';
import type { JournalEntry } from './view.ts';

/** @param origin scheme, authority and prefix under which the paths stand that were asked of no vendor's host. */
export function toHar(entries: JournalEntry[], origin: string): object {
  return {
    log: {
      version: '1.2',
      creator: { name: 'sidetone', version },
      entries: entries.map((entry) => harEntry(entry, origin)),
    },
  };
}

const nameValues = (pairs: Iterable<[string, string]>) => [...pairs].map(([name, value]) => ({ name, value }));
const headerOf = (headers: [string, string][], name: string) =>
  headers.find(([candidate]) => candidate.toLowerCase() === name)?.[1] ?? '';

function harEntry(entry: JournalEntry, origin: string): object {
  const { request, host, query, milliseconds } = entry;
  const type = headerOf(request.headers, 'content-type');
  return {
    startedDateTime: entry.time,
    time: milliseconds ?? 0,
    request: {
      method: entry.method,
      url: `${host === null ? origin : `https://${host}`}${entry.path}${query === '' ? '' : `?${query}`}`,
      httpVersion: `HTTP/${entry.httpVersion}`,
      cookies: [],
      headers: nameValues(request.headers),
      queryString: nameValues(new URLSearchParams(query)),
      ...(request.body !== null && { postData: { mimeType: type, text: request.body } }),
      headersSize: -1,
      bodySize: request.bodySize,
    },
    response: harAnswer(entry),
    cache: {},
    timings: { send: 0, wait: milliseconds ?? 0, receive: 0 },
    _sidetone: {
      operation: entry.operation,
      credential: entry.credential,
      reason: entry.reason,
      fault: entry.fault,
    },
  };
}

/** Status 0 is how browsers write that there was no answer. */
function harAnswer({ answer, httpVersion }: JournalEntry): object {
  const headers = answer?.headers ?? [];
  const body = answer?.body ?? null;
  return {
    status: answer?.status ?? 0,
    statusText: '',
    httpVersion: `HTTP/${httpVersion}`,
    cookies: [],
    headers: nameValues(headers),
    content: {
      size: answer?.bodySize ?? 0,
      mimeType: headerOf(headers, 'content-type'),
      ...(body !== null && { text: body }),
    },
    redirectURL: headerOf(headers, 'location'),
    headersSize: -1,
    bodySize: answer?.bodySize ?? 0,
  };
}
