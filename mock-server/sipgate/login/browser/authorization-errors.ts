/** Refusals of the endpoints that browsers visit: a page, or a redirect that tells the client. */
import { ApiError } from '../../../errors.ts';
import type { ResponseTarget } from './authorization-response.ts';

/** Shown to the user: there is no redirect URI that could be trusted with it. */
export class PageError extends ApiError {
  constructor(status: number, message: string, reason = message) {
    super(status, message, message, { reason });
    this.name = 'PageError';
  }
}

/** RFC 6749 §4.1.2.1: told to the client by a redirect. */
export class AuthorizationError extends ApiError {
  readonly target: ResponseTarget;
  readonly description: string | undefined;

  constructor(target: ResponseTarget, error: string, description?: string, reason?: string) {
    super(302, error, description ?? '', { reason: reason ?? description ?? error });
    this.name = 'AuthorizationError';
    this.target = target;
    this.description = description;
  }
}

const page = (message: string) => (reason?: string) => new PageError(400, message, reason);

// Texts measured on Keycloak 26.7.1.
export const clientNotFound = page('Client not found.');
export const clientDisabled = page('Client disabled.');
export const invalidAuthorizationRequest = page('Invalid Request');
export const invalidRedirectUri = page('Invalid parameter: redirect_uri');
export const registrationNotAllowed = page('Registration not allowed');
export const restartNotPossible = page(
  'Restart login cookie not found. It may have expired; it may have been deleted or cookies are disabled in your ' +
    'browser. If cookies are disabled then enable them. Click Back to Application to login again.',
);
export const loginFailed = page('An error occurred, please login again through your application.');
export const invalidIdTokenHint = page('Invalid parameter: id_token_hint');
export const missingIdTokenHint = page('Missing parameters: id_token_hint');
export const invalidLogoutRedirect = page('Invalid redirect uri');
export const logoutFailed = page('Logout failed');
