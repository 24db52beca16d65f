/** The two wire forms of SIPSIM's errors: OAuth's at the token endpoint, the vendor's envelope under /api/v2. */
import { STATUS_CODES } from 'node:http';
import { ApiError } from '../errors.ts';
import type { Answer, ApiRequest, Surface } from '../provider.ts';
import { since } from './settings.ts';
import type { SipsimState } from './state.ts';

// Doorkeeper's texts, but for invalid_client: there the vendor's page shows its own.
const row = (status: number, code: string, description: string) => (reason?: string) =>
  new ApiError(status, code, description, { reason: reason ?? description });

export const missingGrantType = row(400, 'invalid_request', 'Missing required parameter: grant_type.');
export const malformedRequest = row(400, 'invalid_request', 'The request is malformed.');
export const unsupportedGrantType = row(
  400,
  'unsupported_grant_type',
  'The authorization grant type is not supported by the authorization server.',
);
export const invalidClient = row(401, 'invalid_client', 'Client authentication failed');
export const twoAuthentications = row(
  400,
  'invalid_request',
  'The request utilizes more than one mechanism for authenticating the client.',
);
export const invalidScope = row(400, 'invalid_scope', 'The requested scope is invalid, unknown, or malformed.');
/** 401 up to Doorkeeper 5.x, 400 from 6.0 on. */
export const unauthorizedClient = (status: 400 | 401) =>
  row(
    status,
    'unauthorized_client',
    'The client is not authorized to perform this request using this method.',
  )('the integration may not use the client credentials grant');

export const NO_STORE = { 'cache-control': 'no-store', pragma: 'no-cache' };

const JSON_HEADERS = () => ({ 'content-type': 'application/json; charset=utf-8' });

/** /oauth */
export function tokenSurface(state: SipsimState): Surface {
  return {
    prefix: '/oauth',
    closingSlash: true,
    headers: JSON_HEADERS,
    // What is no error of the token endpoint itself comes from the router, before Doorkeeper.
    write: (error, request) => (isOAuthError(error) ? writeOAuth(error) : writeRouting(error, request, state)),
  };
}

/** /api/v2 */
export function apiSurface(state: SipsimState): Surface {
  return {
    prefix: '/api/v2',
    // Rails' router drops it.
    closingSlash: true,
    headers: JSON_HEADERS,
    write: (error, request) => {
      if (error.status === 404 || error.status === 405) return writeRouting(error, request, state);
      const headers = { ...error.headers, ...challenge(error, state) };
      const empty = state.settings.errorBody === 'empty' && (error.status === 401 || error.status === 403);
      return { status: error.status, headers, body: empty ? undefined : envelope(error.status, error, request, state) };
    },
  };
}

const isOAuthError = ({ status }: ApiError) => status === 400 || status === 401 || status === 413;

/** Measured: always the Bearer scheme, whatever the client tried, on 400 as on 401. */
function writeOAuth(error: ApiError): Answer {
  const code = error.status === 413 ? 'invalid_request' : error.code;
  return {
    status: error.status,
    headers: { ...error.headers, ...NO_STORE, 'www-authenticate': bearerChallenge(code, error.message) },
    body: { error: code, error_description: error.message },
  };
}

/** Rails has no route for an unknown path nor for a wrong method: both are 404, without `Allow`. */
function writeRouting(error: ApiError, request: ApiRequest, state: SipsimState): Answer {
  const asked = error.status === 405 && state.settings.wrongMethod === 405;
  const status = asked ? 405 : 404;
  const headers = asked ? { ...error.headers, allow: error.wanted.join(', ') } : error.headers;
  return { status, headers, body: envelope(status, error, request, state) };
}

function challenge(error: ApiError, { settings }: SipsimState): Record<string, string> {
  if (error.status === 401) {
    // Measured: the code stands there although nothing was sent (RFC 6750 §3.1 would leave it out).
    const description = error.code === '' ? 'The access token is invalid' : error.message;
    return { 'www-authenticate': bearerChallenge('invalid_token', description) };
  }
  if (error.status === 403 && since(settings, '5.9.5')) {
    const scopes = error.wanted.join(' ');
    const text = `Access to this resource requires scope "${scopes}".`.replaceAll('"', "'");
    return { 'www-authenticate': bearerChallenge('insufficient_scope', text) };
  }
  return {};
}

const bearerChallenge = (code: string, description: string) =>
  `Bearer realm="Doorkeeper", error="${code}", error_description="${description}"`;

function envelope(status: number, error: ApiError, request: ApiRequest, state: SipsimState): unknown {
  const text = status === 404 || status === 405 || error.message === '' ? STATUS_CODES[status] : error.message;
  return { status, errors: [text], request_id: state.ids.uuid(), path: request.path };
}
