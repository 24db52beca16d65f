/** GET and POST …/protocol/openid-connect/logout (OpenID Connect RP-Initiated Logout 1.0), and Keycloak's own by refresh token. */
import type { JWTPayload } from 'jose';
import { ApiError } from '../../../errors.ts';
import { type Form, formOf } from '../../../forms.ts';
import type { Answer, Operation } from '../../../provider.ts';
import type { ClientRecord } from '../../seed.ts';
import type { SipgateState } from '../../state.ts';
import { authenticateClient } from '../client-authentication.ts';
import { clientCors, withCors } from '../cors.ts';
import { invalidRefreshToken, refreshTokenOfAnotherClient } from '../errors.ts';
import { readForm } from '../form-body.ts';
import type { LoginServer } from '../login-server.ts';
import { realmOf } from '../realm.ts';
import { readRefreshToken } from '../refresh-tokens.ts';
import { endSession, newSessionId } from '../sessions.ts';
import { issuerOf } from '../signatures.ts';
import { findAuthentication, newCode } from './authentications.ts';
import { invalidIdTokenHint, invalidLogoutRedirect, logoutFailed, missingIdTokenHint } from './authorization-errors.ts';
import { withParameters } from './authorization-response.ts';
import { AUTH_SESSION, cookie, readCookie } from './cookies.ts';
import { forgetIdentity, identityOf } from './identity.ts';
import type { Visit } from './login-flow.ts';
import { loggedOutPage, logoutPage } from './pages.ts';
import { isRegistered } from './redirect-uri.ts';

/** A logout that waits for the user's yes. */
export interface LogoutRecord {
  sessionCode: string;
  redirect?: Redirect;
}

interface Redirect {
  uri: string;
  state?: string;
}

const NO_CACHE = { 'cache-control': 'no-cache' };

export function createLogout(server: LoginServer): Record<string, Operation> {
  return {
    'sipgate.getLogout': marked(async (request) => {
      return logOutBrowser(formOf(request.query), { request, realm: realmOf(request), server });
    }),
    'sipgate.logout': async (request) => {
      const visit = { request, realm: realmOf(request), server };
      const form = readForm(request);
      const token = form.get('refresh_token');
      if (token !== undefined) return logOutClient(token, form, visit);
      return marked(() => logOutBrowser(form, visit))(request);
    },
    'sipgate.confirmLogout': marked((request) => confirm({ request, realm: realmOf(request), server })),
  };
}

/** Pages, errors too, are marked alike. */
const marked =
  (operation: Operation): Operation =>
  async (request) => {
    try {
      return await operation(request);
    } catch (error) {
      if (error instanceof ApiError) Object.assign(error.headers, NO_CACHE);
      throw error;
    }
  };

/** Ends the session of a refresh token, dead or alive. */
async function logOutClient(token: string, form: Form, { request, realm, server }: Visit): Promise<Answer> {
  const { state, signatures } = server;
  const client = await authenticateClient(request, form, realm, state);
  return withCors(clientCors(request, client), async () => {
    const claims = await readRefreshToken(token, realm, signatures);
    if (!claims) throw invalidRefreshToken('the refresh token is none of this server, or has expired');
    if (claims.azp !== client.clientId) throw refreshTokenOfAnotherClient();
    await endSession(String(claims.sid), state, claims.typ === 'Offline');
    return { status: 204, headers: NO_CACHE };
  });
}

async function logOutBrowser(form: Form, visit: Visit): Promise<Answer> {
  const { request, realm, server } = visit;
  const hint = await readHint(form.get('id_token_hint'), visit);
  const client = await clientOf(hint, form.get('client_id'), server.state);
  const redirect = redirectOf(form, hint !== undefined, client);
  const identity = await identityOf(request, realm, server);
  const cookies = await browserCookie(visit);
  const sameSession = identity === undefined || identity.session.id === hint?.sid;
  if (hint && sameSession) {
    await endSession(String(hint.sid), server.state);
    return loggedOut(redirect, [...cookies, ...forgetIdentity(visit)]);
  }
  if (redirect && !identity) return loggedOut(redirect, cookies);
  return ask(client, redirect, visit);
}

/** An id token of this realm; its time may be over. */
async function readHint(hint: string | undefined, { realm, request, server }: Visit): Promise<JWTPayload | undefined> {
  if (hint === undefined) return undefined;
  const verified = await server.signatures.verify(hint, realm);
  const claims = verified.kind === 'foreign' ? undefined : verified.claims;
  if (claims?.typ !== 'ID' || claims.iss !== issuerOf(request.origin, realm)) {
    throw invalidIdTokenHint('the hint is no id token of this realm');
  }
  return claims;
}

async function clientOf(
  hint: JWTPayload | undefined,
  clientId: string | undefined,
  { clients }: SipgateState,
): Promise<ClientRecord | undefined> {
  if (hint && clientId !== undefined && hint.azp !== clientId) throw invalidIdTokenHint("client_id is not the hint's");
  return clients.get(String(hint?.azp ?? clientId));
}

/** Keycloak's `+`: whatever is good for a login is good for a logout. */
function redirectOf(form: Form, hinted: boolean, client: ClientRecord | undefined): Redirect | undefined {
  const uri = form.get('post_logout_redirect_uri');
  if (uri === undefined) return undefined;
  if (!hinted && form.get('client_id') === undefined) throw missingIdTokenHint();
  if (!client || !isRegistered(uri, client.redirectUris)) {
    throw invalidLogoutRedirect(`"${uri}" is none of the client's redirect URIs`);
  }
  const state = form.get('state');
  return { uri, ...(state !== undefined && { state }) };
}

const browserCookie = async ({ request, realm, server }: Visit) =>
  (await findAuthentication(request, realm, server.state))
    ? []
    : [cookie(AUTH_SESSION, newSessionId(server.state), { request, realm })];

function loggedOut(redirect: Redirect | undefined, cookies: string[]): Answer {
  const headers = { ...NO_CACHE, ...(cookies.length > 0 && { 'set-cookie': cookies }) };
  if (!redirect) {
    return { status: 200, headers: { ...headers, 'content-language': 'en' }, html: loggedOutPage() };
  }
  const state: [string, string][] = redirect.state === undefined ? [] : [['state', redirect.state]];
  return { status: 302, headers: { ...headers, location: withParameters(redirect.uri, state) } };
}

async function ask(client: ClientRecord | undefined, redirect: Redirect | undefined, visit: Visit): Promise<Answer> {
  const { request, realm, server } = visit;
  const { state } = server;
  const browser = readCookie(request, AUTH_SESSION) ?? newSessionId(state);
  const tab = state.ids.bytes(8).toString('base64url');
  const record = { sessionCode: newCode(state), ...(redirect && { redirect }) };
  await state.logouts.insert(`${browser}/${tab}`, record, { expiresAt: state.clock.now() + LIFE });
  const query = new URLSearchParams({ client_id: client?.clientId ?? 'account', tab_id: tab });
  const action = `${issuerOf(request.origin, realm)}/protocol/openid-connect/logout/logout-confirm?${query}`;
  return {
    status: 200,
    headers: { ...NO_CACHE, 'content-language': 'en', 'set-cookie': [cookie(AUTH_SESSION, browser, visit)] },
    html: logoutPage({ action, code: record.sessionCode }),
  };
}

/** As long as a login may take. */
const LIFE = 30 * 60_000;

async function confirm(visit: Visit): Promise<Answer> {
  const { request, realm, server } = visit;
  const { state } = server;
  const key = `${readCookie(request, AUTH_SESSION) ?? ''}/${request.query.get('tab_id') ?? ''}`;
  const waiting = await state.logouts.get(key);
  if (!waiting || readForm(request).get('session_code') !== waiting.sessionCode) {
    throw logoutFailed('the page was posted before, or by another browser');
  }
  await state.logouts.remove(key);
  const identity = await identityOf(request, realm, server);
  if (identity) await endSession(identity.session.id, state);
  return loggedOut(waiting.redirect, forgetIdentity(visit));
}
