/** The wire form of errors at api.sipgate.com, and its headers. */
import { STATUS_CODES } from 'node:http';
import type { ApiError } from '../errors.ts';
import type { Answer, ApiRequest, Surface } from '../provider.ts';
import type { SipgateState } from './state.ts';

/** A surface of the REST API under a prefix: `/v2`, and the root for the short form. */
export function restSurface(prefix: string, state: SipgateState): Surface {
  return {
    prefix,
    write: (error) => writeError(error, state),
    headers: (request) => ({ 'x-b3-traceid': state.ids.hex(16), ...corsHeaders(request) }),
    options: (allow, request) => answerOptions(allow, request),
  };
}

function writeError(error: ApiError, { settings }: SipgateState): Answer {
  const headers: Record<string, string> = { ...error.headers };
  if (error.status === 401 && settings.wwwAuthenticate) headers['www-authenticate'] = challenges(error);
  if (error.status === 405 && settings.allowHeader) headers.allow = allowedMethods(error.wanted);
  return { status: error.status, headers, body: error.status === 401 ? undefined : errorBody(error, settings) };
}

/** RFC 7617 §2 and RFC 6750 §3: an error code only where a token was sent. */
function challenges(error: ApiError): string {
  const bearer = error.code === 'invalid_token' ? ', error="invalid_token"' : '';
  return `Basic realm="sipgate", charset="UTF-8", Bearer realm="sipgate"${bearer}`;
}

function errorBody(error: ApiError, { errorBody }: SipgateState['settings']): unknown {
  const title = STATUS_CODES[error.status] ?? error.message;
  switch (errorBody) {
    case 'empty':
      return undefined;
    case 'errors':
      return { errors: [{ status: String(error.status), title, detail: error.reason }] };
    case 'name-message':
      return { name: title.toUpperCase().replaceAll(' ', '_'), message: error.reason };
  }
}

/** The path's methods, with the two that come with them (RFC 9110 §9.3.2, §9.3.7). */
const allowedMethods = (methods: string[]) =>
  [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].sort().join(', ');

/** Observed: any origin is reflected, with credentials, on errors too. */
function corsHeaders({ headers }: ApiRequest): Record<string, string> {
  if (headers.origin === undefined) return { vary: 'Origin' };
  return {
    vary: 'Origin',
    'access-control-allow-origin': headers.origin,
    'access-control-allow-credentials': 'true',
  };
}

function answerOptions(allow: string[], { headers }: ApiRequest): Answer {
  const methods = allowedMethods(allow);
  const answer: Answer = { status: 200, headers: { allow: methods } };
  if (headers['access-control-request-method'] !== undefined) {
    Object.assign(answer.headers ?? {}, {
      'access-control-allow-methods': methods,
      'access-control-allow-headers':
        headers['access-control-request-headers'] ?? 'Authorization, Content-Type, Accept',
      'access-control-max-age': '3600',
    });
  }
  return answer;
}
