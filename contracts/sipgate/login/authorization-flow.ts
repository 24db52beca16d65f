/** sipgate's login server: the way of a browser from the authorization request to the client, and of the code to tokens. */
import { CheckFailure } from '../../check.ts';
import type { Reply } from '../../client.ts';
import { expectMember } from '../../expect.ts';
import { bearer, type CallOptions, required, type Session } from '../../session.ts';
import { changedForm, type FormChange } from '../../token-endpoint/endpoint.ts';
import { granted, isConsentPage, isLoginPage } from './authorization-answers.ts';
import { AUTHORIZE, authorizationForm, type LoginClient, paramsOf, seededClient } from './authorization-request.ts';
import { type Browser, type Cookie, createBrowser } from './browser.ts';

/** Asks for authorization with a browser's cookies; whatever comes is the answer. */
export const ask = (browser: Browser, client: LoginClient, change: FormChange = {}): Promise<Reply> =>
  browser.call(AUTHORIZE, { params: paramsOf(client), query: authorizationForm(client, change) });

/** Sends a login page with the target's user, or with something else. */
export function logIn(
  { target }: Session,
  browser: Browser,
  page: Reply,
  change: Record<string, string> = {},
): Promise<Reply> {
  const { id, secret } = required(target.sipgate?.user);
  return browser.submit(page, { username: id, password: secret, ...change });
}

/** Logs in and consents where it is asked to; the answer is the one to the client. */
export async function arrive(
  session: Session,
  browser: Browser,
  client: LoginClient,
  change: FormChange = {},
): Promise<Reply> {
  let reply = await ask(browser, client, change);
  for (let steps = 0; steps < 5; steps += 1) {
    if (reply.status === 302 && browser.leadsOn(reply)) reply = await browser.follow(reply);
    else if (isLoginPage(reply)) reply = await logIn(session, browser, reply);
    else if (isConsentPage(reply)) reply = await browser.submit(reply, {}, 'accept');
    else return reply;
  }
  throw new CheckFailure('prerequisite: the login goes round in circles');
}

/** As `arrive`, for checks of what comes after: fails as a prerequisite if there is no code. */
export async function obtain(
  session: Session,
  browser: Browser,
  client: LoginClient,
  change: FormChange = {},
): Promise<{ client: LoginClient; code: string; redirected: URLSearchParams }> {
  const reply = await arrive(session, browser, client, change);
  const redirected = granted(reply, client.redirectUri);
  const code = redirected.get('code') ?? '';
  return { client, code, redirected };
}

/** A browser that checks share, so that they log in once: the target's user stays logged in at it. */
export const sharedBrowser = (session: Session): Promise<Browser> =>
  session.once('browser', async () => createBrowser(session));

/** By which the browser is logged in, as long as the server knows them. */
export const identitiesOf = ({ cookies }: Browser): Cookie[] =>
  [...cookies.values()].filter(({ name }) => name === 'KEYCLOAK_IDENTITY');

/** A code for the target's own client that nothing else of the run uses. */
export const freshCode = async (session: Session, change: FormChange = {}) =>
  obtain(session, await sharedBrowser(session), await seededClient(session), change);

export interface Redeemable {
  client: LoginClient;
  code: string;
}

/** The form of a right exchange but for `change`. */
export function exchangeForm({ client, code }: Redeemable, change: FormChange = {}): Record<string, string> {
  const { id, secret, redirectUri } = client;
  const form = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, client_id: id };
  return changedForm(secret === undefined ? form : { ...form, client_secret: secret }, change);
}

/** Sends a code to the token endpoint, rightly but for `change` and `options`. */
export const exchange = (
  session: Session,
  code: Redeemable,
  change: FormChange = {},
  options: CallOptions = {},
): Promise<Reply> =>
  session.call('sipgate.createToken', { params: paramsOf(code.client), form: exchangeForm(code, change), ...options });

/** The tokens for a code, for checks of what is done with them. */
export async function redeem(session: Session, code: Redeemable, change: FormChange = {}): Promise<Reply> {
  const reply = await exchange(session, code, change);
  if (reply.status !== 200) throw new CheckFailure(`prerequisite: no tokens: ${reply.status} ${reply.text}`);
  return reply;
}

/** What the API says to the access token of an answer with the scope account:read. */
export const useTokens = (session: Session, tokens: Reply): Promise<Reply> =>
  session.call('sipgate.getAccount', { authorization: bearer(expectMember(tokens, 'access_token', 'string')) });

/** Asks for fresh tokens with the refresh token of an answer. */
export function refreshTokens(session: Session, client: LoginClient, tokens: Reply): Promise<Reply> {
  const { id, secret } = client;
  const form = {
    grant_type: 'refresh_token',
    refresh_token: expectMember(tokens, 'refresh_token', 'string'),
    client_id: id,
    ...(secret !== undefined && { client_secret: secret }),
  };
  return session.call('sipgate.createToken', { params: paramsOf(client), form });
}
