/** Errors of the imitated APIs: thrown by name anywhere, given their wire form by one function of the surface they leave by. */

export interface ApiErrorOptions {
  /** Why, for the developer who reads `x-sidetone-reason`. Default: the message. */
  reason?: string;
  headers?: Record<string, string>;
  /** OAuth scopes that would have sufficed (403) or methods that the path has (405). */
  wanted?: string[];
  /** OAuth scopes of a credential that did not suffice. */
  granted?: string[];
  cause?: unknown;
}

/** An error that a client of the imitated API is meant to see. `code` is the OAuth error code where one exists. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly reason: string;
  readonly headers: Record<string, string>;
  readonly wanted: string[];
  readonly granted: string[] | undefined;

  constructor(status: number, code: string, message: string, options: ApiErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.reason = options.reason ?? message;
    this.headers = options.headers ?? {};
    this.wanted = options.wanted ?? [];
    this.granted = options.granted;
  }
}

// RFC 9110 §15.5; codes of 401 and 403 from RFC 6750 §3.1.
export const badRequest = (reason: string, cause?: unknown) =>
  new ApiError(400, 'invalid_request', 'Bad Request', { reason, cause });
/** `credentialSent` tells RFC 6750 §3.1's two cases apart: no error code without a credential. */
export const unauthorized = (reason: string, credentialSent: boolean, description = 'Unauthorized') =>
  new ApiError(401, credentialSent ? 'invalid_token' : '', description, { reason });
export const forbidden = (reason: string, wanted: string[], granted?: string[]) =>
  new ApiError(403, 'insufficient_scope', 'Forbidden', { reason, wanted, ...(granted && { granted }) });
export const notFound = (reason: string) => new ApiError(404, 'not_found', 'Not Found', { reason });
export const methodNotAllowed = (method: string, allow: string[]) =>
  new ApiError(405, 'method_not_allowed', 'Method Not Allowed', {
    reason: `${method} is not allowed here; allowed: ${allow.join(', ')}`,
    wanted: allow,
  });
export const contentTooLarge = (limit: number) =>
  new ApiError(413, 'content_too_large', 'Content Too Large', { reason: `the body is larger than ${limit} bytes` });
export const unsupportedMediaType = (reason: string) =>
  new ApiError(415, 'unsupported_media_type', 'Unsupported Media Type', { reason });

/** Reason of a token that no provider of this server knows, or not any more. */
export const NOT_OURS = 'the token is none of this server';
