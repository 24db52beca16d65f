/** The two wire forms of SIPSIM's errors: OAuth's at the token endpoint, the vendor's envelope under /api/v2. */
import { STATUS_CODES } from 'node:http';
import { ApiError } from '../errors.ts';
import type { Answer, ApiRequest, Surface } from '../provider.ts';
import { wireTime } from './envelope.ts';
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

/** Doorkeeper 5.5.0 and 5.8: who may not revoke is told so with 403, without a challenge. */
export const revocationRefused = row(403, 'unauthorized_client', 'You are not authorized to revoke this token');
/** Nobody asks: neither client credentials nor an access token. */
export const notAuthorized = row(
  400,
  'invalid_request',
  'The request is missing a required parameter, includes an unsupported parameter value, or is otherwise malformed.',
);
/** An access token that opens nothing, at the token endpoint's siblings. */
export const invalidToken = (description: string, reason: string) =>
  new ApiError(401, 'invalid_token', description, { reason });

// Errors of /api/v2. Texts are the fake's own but for the documented 409.
/** A parameter or member that is missing or cannot be; the text names it. 422 unless `sipsim.invalidParameter` differs. */
export const invalid = (name: string, what: string, reason?: string) =>
  new ApiError(422, 'invalid', `${name} ${what}`, {
    reason: `${name} ${what}${reason === undefined ? '' : `: ${reason}`}`,
  });
export const noSuch = (what: string, id: string) =>
  new ApiError(404, 'not_found', `${what} not found`, { reason: `the account has no ${what.toLowerCase()} "${id}"` });
export const tagExists = (name: string) =>
  new ApiError(409, 'conflict', 'Tag with this name already exists', { reason: `there is a tag "${name}" already` });

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
      if (isRouting(error)) return writeRouting(error, request, state);
      const refused = error.status === 401 || error.status === 403;
      const headers = { ...error.headers, ...(refused && NO_STORE), ...challenge(error, state) };
      const empty = state.settings.errorBody === 'empty' && refused;
      const status = error.status === 422 ? state.settings.invalidParameter : error.status;
      return { status, headers, body: empty ? undefined : envelope(status, error.message, request, state) };
    },
  };
}

const isOAuthError = ({ status }: ApiError) => [400, 401, 403, 413].includes(status);

const isRouting = ({ status }: ApiError) => status === 404 || status === 405;

/** Measured: always the Bearer scheme, whatever the client tried, on 400 as on 401; nothing of the kind on 403. */
function writeOAuth({ status, code: kind, message, headers: own }: ApiError): Answer {
  const code = status === 413 ? 'invalid_request' : kind;
  const challenge = { ...NO_STORE, 'www-authenticate': bearerChallenge(code, message) };
  const headers = { ...own, ...(status !== 403 && challenge) };
  const state = code === 'invalid_token' && { state: 'unauthorized' };
  return { status, headers, body: { error: code, error_description: message, ...state } };
}

/** Rails has no route for an unknown path nor for a wrong method: both are 404, without `Allow`. */
function writeRouting(error: ApiError, request: ApiRequest, state: SipsimState): Answer {
  const asked = error.status === 405 && state.settings.wrongMethod === 405;
  const status = asked ? 405 : 404;
  const headers = asked ? { ...error.headers, allow: error.wanted.join(', ') } : error.headers;
  // What was looked for and is not there says so; what has no route says no more than its status.
  const text = status === error.status ? error.message : (STATUS_CODES[status] ?? '');
  return { status, headers, body: envelope(status, text, request, state) };
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

function envelope(status: number, text: string, request: ApiRequest, { ids, clock, settings }: SipsimState): unknown {
  const timestamp = settings.errorTimestamp && { timestamp: wireTime(clock.now()) };
  return { status, errors: [text], request_id: ids.uuid(), path: request.path, ...timestamp };
}
