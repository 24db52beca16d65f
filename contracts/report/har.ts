/** Every exchange of a run as an HTTP archive (HAR 1.2), for browsers' tools and proxies. One page for each check and side. */
import { STATUS_CODES } from 'node:http';
import type { Cookie, Entry, Har, Header, QueryString } from 'har-format';
import type { TracedExchange, TracedRequest, TracedResponse } from '../trace.ts';
import type { Report } from './report.ts';
import { verdictsOf } from './standing.ts';

export function formatHar(report: Report): string {
  const visits = report.rows.flatMap((row) =>
    verdictsOf(row)
      .filter(([, { exchanges }]) => exchanges.length > 0)
      .map(([role, { exchanges }]) => ({ id: `${role} ${row.check.id}`, title: row.check.title, exchanges })),
  );
  const log: Har['log'] = {
    version: '1.2',
    creator: { name: 'sidetone', version: report.version },
    pages: visits.map(({ id, title, exchanges }) => ({
      id,
      title: `${id}: ${title}`,
      startedDateTime: exchanges[0]?.startedAt ?? '',
      pageTimings: {},
    })),
    entries: visits.flatMap(({ id, exchanges }) => exchanges.map((exchange) => entryOf(exchange, id))),
  };
  return `${JSON.stringify({ log }, null, 1)}\n`;
}

function entryOf(
  { startedAt, milliseconds, request, response, error, operation }: TracedExchange,
  pageref: string,
): Entry {
  return {
    pageref,
    startedDateTime: startedAt,
    time: milliseconds,
    request: requestOf(request),
    response: responseOf(response),
    cache: {},
    // Nobody measured the parts.
    timings: { send: 0, wait: milliseconds, receive: 0 },
    ...(operation !== undefined && { comment: operation }),
    ...(error !== undefined && { _error: error }),
  };
}

function requestOf({ method, url, headers, body }: TracedRequest): Entry['request'] {
  const lines = Object.entries(headers).flatMap(([name, values]) => [values].flat().map((value) => ({ name, value })));
  const headerOf = (wanted: string) => lines.find(({ name }) => name.toLowerCase() === wanted)?.value;
  const cookies = (headerOf('cookie') ?? '').split(/;\s*/).filter(Boolean);
  return {
    method,
    url,
    httpVersion: 'HTTP/1.1',
    cookies: cookies.map(cookieOf),
    headers: lines,
    queryString: queryOf(url),
    headersSize: -1,
    bodySize: sizeOf(body),
    ...(body !== undefined && { postData: { mimeType: headerOf('content-type') ?? '', text: body } }),
  };
}

/** Status 0 stands for no answer. */
function responseOf(response: TracedResponse | undefined): Entry['response'] {
  const { status, headers, body } = response ?? { status: 0, headers: {} as Record<string, string>, body: '' };
  return {
    status,
    statusText: STATUS_CODES[status] ?? '',
    httpVersion: response ? 'HTTP/1.1' : '',
    cookies: cookiesOf(headers['set-cookie'] ?? ''),
    headers: Object.entries(headers).map(([name, value]): Header => ({ name, value })),
    content: { size: sizeOf(body), mimeType: headers['content-type'] ?? 'x-unknown', text: body },
    redirectURL: headers.location ?? '',
    headersSize: -1,
    bodySize: response ? sizeOf(body) : -1,
  };
}

const sizeOf = (body = '') => Buffer.byteLength(body);

function queryOf(url: string): QueryString[] {
  const [, query = ''] = /\?([^#]*)/.exec(url) ?? [];
  return [...new URLSearchParams(query)].map(([name, value]) => ({ name, value }));
}

/** Lines that were joined by a comma, which a date may hold too. */
const cookiesOf = (lines: string) =>
  lines
    .split(/,\s*(?=[^;,=\s]+=)/)
    .filter(Boolean)
    .map((line) => cookieOf(line.split(';')[0] ?? ''));

function cookieOf(pair: string): Cookie {
  const [name = '', value = ''] = pair.split(/=(.*)/s);
  return { name, value };
}
