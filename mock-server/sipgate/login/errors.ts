/** The rows of Keycloak's error table, and the one wire form they share. Texts measured on Keycloak 26.7.1. */
import { ApiError, notFound } from '../../errors.ts';
import type { Answer, ApiRequest, Surface } from '../../provider.ts';
import { REALMS } from '../seed.ts';
import type { SipgateState } from '../state.ts';
import { AuthorizationError, PageError } from './browser/authorization-errors.ts';
import { respondWithError } from './browser/authorization-response.ts';
import { messagePage } from './browser/pages.ts';

const row = (status: number, code: string, description?: string) => (reason?: string) =>
  new ApiError(status, code, description ?? '', { reason: reason ?? description ?? code });

/** A row whose status was another one before a version of Keycloak. */
const drifted =
  (since: number, before: number, now: number, code: string, description: string) =>
  (reason: string, { settings: { keycloakVersion } }: SipgateState) =>
    new ApiError(keycloakVersion < since ? before : now, code, description, { reason });

const CLIENT_REFUSED = 'Invalid client or Invalid client credentials';
export const missingGrantType = row(400, 'invalid_request', 'Missing form parameter: grant_type');
export const unsupportedGrantType = row(400, 'unsupported_grant_type', 'Unsupported grant_type');
export const missingClient = drifted(26, 400, 401, 'invalid_client', CLIENT_REFUSED);
export const unknownClient = drifted(20, 400, 401, 'invalid_client', CLIENT_REFUSED);
/** A wrong secret has another code than an unknown client: an oracle, but Keycloak's. */
export const wrongSecret = drifted(9, 400, 401, 'unauthorized_client', CLIENT_REFUSED);
export const undecodableCredentials = row(400, 'unauthorized_client', 'Unexpected error when authenticating client');
export const duplicatedParameter = row(400, 'invalid_request', 'duplicated parameter');
export const invalidOrigin = row(403, 'Invalid origin');
export const dpopFailure = row(400, 'invalid_request', 'DPoP header verification failure');
export const directAccessNotAllowed = row(400, 'unauthorized_client', 'Client not allowed for direct access grants');
export const publicClientNotAllowed = row(
  401,
  'unauthorized_client',
  'Public client not allowed to retrieve service account',
);
export const serviceAccountOff = row(401, 'unauthorized_client', 'Client not enabled to retrieve service account');
export const missingUsername = row(401, 'invalid_request', 'Missing parameter: username');
export const invalidUserCredentials = drifted(26, 401, 400, 'invalid_grant', 'Invalid user credentials');
export const userConsentRequired = row(400, 'invalid_client', 'Client requires user consent');
export const accountDisabled = row(400, 'invalid_grant', 'Account disabled');
export const missingCode = row(400, 'invalid_request', 'Missing parameter: code');
export const codeNotValid = row(400, 'invalid_grant', 'Code not valid');
export const userSessionNotFound = row(400, 'invalid_grant', 'User session not found');
export const userDisabled = row(400, 'invalid_grant', 'User disabled');
export const incorrectRedirectUri = row(400, 'invalid_grant', 'Incorrect redirect_uri');
export const codeOfAnotherClient = row(400, 'invalid_grant', 'Auth error: Found different client_id in clientSession');
export const verifierMissing = row(400, 'invalid_grant', 'PKCE code verifier not specified');
export const verifierUnasked = row(
  400,
  'invalid_grant',
  'PKCE code verifier specified but challenge not present in authorization',
);
export const verifierMalformed = row(400, 'invalid_grant', 'PKCE verification failed: Invalid code verifier');
export const verifierMismatch = row(400, 'invalid_grant', 'PKCE verification failed: Code mismatch');
export const missingRefreshToken = row(400, 'invalid_request', 'No refresh token');
export const invalidRefreshToken = row(400, 'invalid_grant', 'Invalid refresh token');
export const refreshTokenExpired = row(400, 'invalid_grant', 'Token is not active');
export const sessionNotActive = row(400, 'invalid_grant', 'Session not active');
export const noOfflineSession = row(400, 'invalid_grant', 'Offline user session not found');
export const clientLeftSession = row(400, 'invalid_grant', "Session doesn't have required client");
export const refreshTokenOfAnotherClient = row(
  400,
  'invalid_grant',
  "Invalid refresh token. Token client and authorized client don't match",
);
export const refreshTokenReused = row(400, 'invalid_grant', 'Maximum allowed refresh token reuse exceeded');
/** Not the last one that was used, but one before it. */
export const refreshTokenStale = row(400, 'invalid_grant', 'Stale token');
export const invalidScopes = (scope: string, reason: string) =>
  new ApiError(400, 'invalid_scope', `Invalid scopes: ${scope}`, { reason });
export const tokenNotProvided = row(400, 'invalid_request', 'Token not provided');
export const introspectionTokenMissing = row(400, 'invalid_request', 'Token not provided.');
export const unsupportedTokenHint = row(400, 'invalid_request', 'Unsupported token type.');
export const unsupportedTokenType = row(400, 'unsupported_token_type', 'Unsupported token type');
export const tokenOfAnotherClient = row(400, 'invalid_request', 'Unmatching clients');
/** Introspection says it in other words than the token endpoint. */
export const clientAuthenticationFailed = row(401, 'invalid_client', 'Client authentication failed.');
export const publicClientMayNotIntrospect = row(403, 'invalid_request', 'Client not allowed.');
export const realmNotFound = row(404, 'Realm does not exist');
/** Keycloak answers a broken percent-encoding with 500 `unknown_error`; 400 is kinder and never more lenient. */
export const brokenForm = row(400, 'invalid_request', 'Malformed form body');

const SECURITY_HEADERS = {
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'none',
};

const AGAINST_FRAMES = { 'x-frame-options': 'SAMEORIGIN' };

const FOR_PAGES = {
  'content-security-policy': "frame-src 'self'; frame-ancestors 'self'; object-src 'none';",
  ...AGAINST_FRAMES,
};

/** Measured: an answer without content is taken for a page where a form was posted. */
function securityHeaders({ body }: ApiRequest, answer: Answer): Record<string, string> {
  if (answer.body !== undefined) return { ...SECURITY_HEADERS, ...AGAINST_FRAMES };
  const page = answer.html !== undefined || body?.mediaType === 'application/x-www-form-urlencoded';
  return page ? { ...SECURITY_HEADERS, ...FOR_PAGES } : SECURITY_HEADERS;
}

/** Code of an error without a body: its challenge says everything. */
export const EMPTY = '';

export const NO_STORE = { 'cache-control': 'no-store', pragma: 'no-cache' };

/** A surface of the login server under a prefix: `/auth` at login.sipgate.com, `/login` at api.sipgate.com. */
export function loginSurface(prefix: string): Surface {
  return {
    prefix,
    // Measured.
    closingSlash: true,
    write: (error, request) => writeError(routingError(error, request), request),
    headers: securityHeaders,
    options: answerOptions,
  };
}

function writeError(error: ApiError, request: ApiRequest): Answer {
  if (error instanceof AuthorizationError) return respondWithError(error.target, error.code, error.description);
  if (error instanceof PageError) return writePage(error, request);
  if (error.code === EMPTY) return { status: error.status, headers: error.headers };
  const ownRow = OWN_STATUSES[error.code];
  if (ownRow) return { status: error.status, headers: error.headers, body: { error: ownRow } };
  const description = error.message === '' ? {} : { error_description: error.message };
  return { status: error.status, headers: error.headers, body: { error: error.code, ...description } };
}

/** Measured: a program that asks for JSON and no page gets the same text as JSON. */
function writePage({ status, headers, message }: PageError, { headers: { accept = '' } }: ApiRequest): Answer {
  if (accept.includes('application/json') && !accept.includes('text/html')) {
    return { status, headers, body: { error: message } };
  }
  return { status, headers: { ...headers, 'content-language': 'en' }, html: messagePage('We are sorry...', message) };
}

/**
 * Measured: the realm is looked up before the rest of the path and before the method; under `.well-known` a wrong
 * method is 404; directly under `openid-connect` an unknown path is 405 for every method but GET.
 */
function routingError(error: ApiError, { method, path }: ApiRequest): ApiError {
  if (error.status !== 404 && error.status !== 405) return error;
  const [, realm, rest = ''] = /^\/(?:auth\/realms|login)\/([^/]+)(.*)$/.exec(path) ?? [];
  if (realm === undefined) return error;
  if (!REALMS.some((name) => name === realm)) return realmNotFound(error.reason);
  if (rest.startsWith('/.well-known/')) return notFound(error.reason);
  if (/^\/login-actions\/consent\/?$/.test(rest) && method === 'GET') return notFound(error.reason);
  const unknown = error.status === 404 && error.code === 'not_found' && method !== 'GET' && method !== 'OPTIONS';
  return unknown && /^\/protocol\/openid-connect\/[^/]+$/.test(rest) ? wrongMethodBeside(error) : error;
}

const wrongMethodBeside = ({ reason }: ApiError) =>
  new ApiError(405, 'method_not_allowed', '', { reason: `${reason}; Keycloak says 405 to all but GET here` });

/** Errors that arise before the token endpoint is reached. */
const OWN_STATUSES: Record<string, string> = {
  not_found: 'HTTP 404 Not Found',
  method_not_allowed: 'HTTP 405 Method Not Allowed',
  content_too_large: 'HTTP 413 Request Entity Too Large',
};

/** Measured: pages, and introspection, are not for scripts of other origins. */
const optionsOfPages = (path: string): Record<string, string> => ({
  allow: path.includes('introspect') ? 'HEAD, POST, OPTIONS' : 'HEAD, POST, GET, OPTIONS',
  ...(path.includes('login-actions') && { 'cache-control': 'no-store, must-revalidate, max-age=0' }),
});

const CORS_REQUEST_HEADERS =
  'Origin, Accept, X-Requested-With, Access-Control-Request-Method, Access-Control-Request-Headers, DPoP, ' +
  'Content-Type, Authorization';

/** Measured: any origin is allowed to ask; whether it may have the answer is decided by the client's web origins. */
function answerOptions(allow: string[], { headers, path }: ApiRequest): Answer {
  if (/\/logout-confirm\/?$/.test(path)) return { status: 404, body: { error: OWN_STATUSES.not_found } };
  const pages = /\/(?:login-actions\/[^/]+|openid-connect\/auth|token\/introspect)\/?$/.exec(path);
  if (pages) return { status: 200, headers: optionsOfPages(pages[0]) };
  if (headers.origin === undefined) return { status: 200 };
  const methods = allow.includes('POST') ? 'POST, OPTIONS' : 'GET';
  return {
    status: 200,
    headers: {
      'access-control-allow-origin': headers.origin,
      'access-control-allow-methods': allow.length > 1 ? 'GET, HEAD, OPTIONS' : methods,
      'access-control-allow-credentials': 'true',
      'access-control-allow-headers': CORS_REQUEST_HEADERS,
      'access-control-max-age': '3600',
    },
  };
}
