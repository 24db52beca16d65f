/** How the authorization endpoint answers a client: by redirect, in the query or the fragment, or by a form. */
import type { Answer } from '../../../provider.ts';
import { formPostPage } from './pages.ts';

export const RESPONSE_MODES = ['query', 'fragment', 'form_post'] as const;
export type ResponseMode = (typeof RESPONSE_MODES)[number];

export interface ResponseTarget {
  redirectUri: string;
  responseMode: ResponseMode;
  /** Echoed as it was sent, empty too. */
  state?: string;
  issuer: string;
}

export const NOT_CACHED = { 'cache-control': 'no-store, must-revalidate, max-age=0' };

/** The parameters in the order in which they are given. */
export function respond(
  { redirectUri, responseMode }: ResponseTarget,
  parameters: [name: string, value: string][],
  cookies: string[] = [],
): Answer {
  const headers = { ...NOT_CACHED, ...(cookies.length > 0 && { 'set-cookie': cookies }) };
  if (responseMode === 'form_post') {
    return {
      status: 200,
      headers: { ...headers, 'content-type': 'text/html' },
      html: formPostPage(redirectUri, parameters),
    };
  }
  return { status: 302, headers: { ...headers, location: withParameters(redirectUri, parameters, responseMode) } };
}

export function respondWithError(
  target: ResponseTarget,
  error: string,
  description?: string,
  cookies?: string[],
): Answer {
  const parameters: [string, string][] = [['error', error]];
  if (description !== undefined) parameters.push(['error_description', description]);
  if (target.state !== undefined) parameters.push(['state', target.state]);
  parameters.push(['iss', target.issuer]);
  return respond(target, parameters, cookies);
}

/** A URI with further parameters; its own query and fragment stay. */
export function withParameters(
  uri: string,
  parameters: [name: string, value: string][],
  mode: Exclude<ResponseMode, 'form_post'> = 'query',
): string {
  if (parameters.length === 0) return encodeURI(uri).replaceAll('%25', '%');
  const encoded = parameters.map(([name, value]) => `${name}=${encodeParameter(value)}`).join('&');
  const [, base = '', fragment = ''] = /^([^#]*)(#.*)?$/s.exec(uri) ?? [];
  const ascii = encodeURI(base).replaceAll('%25', '%');
  if (mode === 'fragment') return `${ascii}#${encoded}`;
  return `${ascii}${base.includes('?') ? '&' : '?'}${encoded}${fragment}`;
}

/** As Keycloak encodes (measured): like a form, but for `?` and `~`. */
const encodeParameter = (value: string) =>
  encodeURIComponent(value)
    .replaceAll('%20', '+')
    .replaceAll('%3F', '?')
    .replace(/[!'()]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
