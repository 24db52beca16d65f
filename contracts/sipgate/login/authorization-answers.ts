/** What checks say about answers of the authorization endpoint: pages, and redirects with their parameters (RFC 6749 §4.1.2). */
import { CheckFailure } from '../../check.ts';
import type { Reply } from '../../client.ts';
import { expectEqual, expectHeader, expectNoHeader, expectStatus, expectThat } from '../../expect.ts';
import { readPage } from './browser-pages.ts';

/** The parameters that a redirect adds to this URI, in their order. Exactly 302; fails if it leads elsewhere. */
export function expectRedirect(reply: Reply, uri: string, place: 'query' | 'fragment' = 'query'): URLSearchParams {
  expectStatus(reply, 302);
  const location = expectHeader(reply, 'Location');
  const sign = place === 'fragment' ? '#' : uri.includes('?') ? '&' : '?';
  expectThat(location.startsWith(uri + sign), reply, `expected a redirect to ${uri}${sign}…, got ${location}`);
  return new URLSearchParams(location.slice(uri.length + 1));
}

export interface Refusal {
  redirectUri: string;
  error: string;
  /** As sent; absent if it was not. */
  state?: string;
  place?: 'query' | 'fragment';
}

/** The client is told by redirect (RFC 6749 §4.1.2.1): this error, its state, and no code. */
export function expectRefusal(reply: Reply, { redirectUri, error, state, place }: Refusal): URLSearchParams {
  const parameters = expectRedirect(reply, redirectUri, place);
  expectEqual(reply, '"error"', parameters.get('error'), error);
  expectEqual(reply, '"state"', parameters.get('state'), state ?? null);
  expectEqual(reply, '"code"', parameters.get('code'), null);
  return parameters;
}

/** The user is told by a page, and sent nowhere. */
export function expectErrorPage(reply: Reply): void {
  expectStatus(reply, 400);
  expectNoHeader(reply, 'Location');
  expectHtml(reply);
}

/** A page that asks for a password. */
export function expectLoginPage(reply: Reply): void {
  expectStatus(reply, 200);
  expectHtml(reply);
  expectThat(isLoginPage(reply), reply, 'expected a page with a form that asks for a password');
}

function expectHtml(reply: Reply): void {
  const mediaType = expectHeader(reply, 'Content-Type').split(';')[0];
  expectEqual(reply, 'the media type', mediaType, 'text/html');
}

const asksFor = (name: string) => (reply: Reply) =>
  readPage(reply.text).forms.some(({ fields }) => fields.some((field) => field.name === name));

export const isLoginPage = asksFor('password');
export const isConsentPage = asksFor('accept');

/** The parameters of an answer with a code, for checks of what comes after it. */
export function granted(reply: Reply, uri: string): URLSearchParams {
  const location = reply.headers.location ?? '';
  const parameters = new URLSearchParams(location.startsWith(`${uri}?`) ? location.slice(uri.length + 1) : '');
  if (!parameters.has('code')) throw new CheckFailure(`prerequisite: no code: ${reply.status} ${location}`);
  return parameters;
}
