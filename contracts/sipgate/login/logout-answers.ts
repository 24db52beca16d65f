/** What checks say about answers of the logout endpoint: a question, a page that says goodbye, or the way back to the client. */
import type { Reply } from '../../client.ts';
import { expectEqual, expectHeader, expectStatus, expectThat } from '../../expect.ts';
import type { LoginClient } from './authorization-request.ts';
import { readPage } from './browser-pages.ts';

export const LOGOUT_1_0 = 'OpenID Connect RP-Initiated Logout 1.0';
const STATE = 'a b&c=d/é';

const asks = ({ text }: Reply) =>
  readPage(text).forms.some(({ fields }) => fields.some(({ name }) => name === 'session_code'));

export function expectQuestion(reply: Reply): void {
  expectStatus(reply, 200);
  expectThat(asks(reply), reply, 'expected a page with a form that asks whether to log out');
}

export function expectLoggedOutPage(reply: Reply): void {
  expectStatus(reply, 200);
  expectEqual(reply, 'the media type', expectHeader(reply, 'Content-Type').split(';')[0], 'text/html');
  expectThat(!asks(reply), reply, 'expected no question');
}

export const redirectTo = ({ redirectUri }: LoginClient) => ({ post_logout_redirect_uri: redirectUri, state: STATE });

export function expectLedBack(reply: Reply, { redirectUri }: LoginClient): void {
  expectStatus(reply, 302);
  const location = new URL(expectHeader(reply, 'Location'));
  expectEqual(reply, 'the state', location.searchParams.get('state'), STATE);
  location.search = '';
  expectEqual(reply, 'the place', location.href, redirectUri);
}
