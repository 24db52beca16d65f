/** From a known user to the answer for the client: consent where it is needed, session, code, redirect. */
import type { Answer, ApiRequest } from '../../../provider.ts';
import type { ClientRecord, UserRecord } from '../../seed.ts';
import { createCode } from '../codes.ts';
import type { LoginServer } from '../login-server.ts';
import { joinSession, renewSession, type SessionRecord, startSession, touchSession } from '../sessions.ts';
import { issuerOf } from '../signatures.ts';
import type { OpenTab } from './authentications.ts';
import { openTab, saveTab } from './authentications.ts';
import type { AuthorizationRequest } from './authorization-request.ts';
import { NOT_CACHED, respond, respondWithError } from './authorization-response.ts';
import { missingConsent } from './consents.ts';
import { AUTH_SESSION, AUTH_SESSION_HASH, cookie, RESTART } from './cookies.ts';
import { identityCookies } from './identity.ts';

/** A browser's visit to a realm. */
export interface Visit {
  request: ApiRequest;
  realm: string;
  server: LoginServer;
}

export interface LoggedIn {
  user: UserRecord;
  /** The running session, where there is one. */
  session?: SessionRecord;
  /** Whether the user has just proven to be it. */
  proven: boolean;
  /** Scopes that are to be asked for. */
  consent: string[];
}

/** Scopes that the user has to be asked for before this client is answered. */
export async function consentFor(
  user: UserRecord,
  client: ClientRecord,
  { scopes, prompts }: AuthorizationRequest,
  { state }: LoginServer,
): Promise<string[]> {
  if (!client.consentRequired) return [];
  if (prompts.includes('consent')) return scopes.filter((scope) => scope !== 'openid');
  return missingConsent(user, client, scopes, state);
}

/**
 * Answers the client: its code, in a session of the user.
 * @param visit with the id for a session that has to begin, and cookies to set
 */
export async function answerClient(
  request: AuthorizationRequest,
  client: ClientRecord,
  { user, session: running, proven }: Pick<LoggedIn, 'user' | 'session' | 'proven'>,
  visit: Visit & { newSession?: string; cookies: string[] },
): Promise<Answer> {
  const { server } = visit;
  const { state } = server;
  const session = await sessionFor(user, running, proven, visit);
  await joinSession(session, client, { offline: false, interactive: true }, state);
  const parameters: [string, string][] = [];
  if (request.state !== undefined) parameters.push(['state', request.state]);
  parameters.push(['session_state', session.id], ['iss', request.issuer]);
  if (request.responseType === 'code') parameters.push(['code', await codeFor(request, session, visit)]);
  const cookies = [...visit.cookies, ...(await identityCookies({ session, user }, visit, server))];
  return respond(request, parameters, cookies);
}

async function sessionFor(
  user: UserRecord,
  running: SessionRecord | undefined,
  proven: boolean,
  { realm, server: { state }, newSession }: Visit & { newSession?: string },
): Promise<SessionRecord> {
  if (!running) return startSession({ realm, user, ...(newSession !== undefined && { id: newSession }) }, state);
  if (proven) return renewSession(running, state);
  await touchSession(running.id, state);
  return running;
}

function codeFor(request: AuthorizationRequest, session: SessionRecord, { realm, server: { state } }: Visit) {
  const { client, scopes, nonce, challenge, redirectUri, redirectUriSent } = request;
  return createCode(
    {
      session: session.id,
      client,
      realm,
      scopes,
      ...(redirectUriSent && { redirectUri }),
      ...(nonce !== undefined && { nonce }),
      ...(challenge && { challenge }),
    },
    state,
  );
}

export const refuseClient = (request: AuthorizationRequest, error: string, cookies: string[]) =>
  respondWithError(request, error, undefined, cookies);

/** Sends the browser to the consent page of its tab. */
export async function askForConsent(tab: OpenTab, visit: Visit, loggedIn: LoggedIn, cookies: string[]) {
  const { user, session, consent, proven } = loggedIn;
  const asked = { user: user.id, scopes: consent, proven, ...(session && { session: session.id }) };
  const waiting = { ...tab, tab: { ...tab.tab, consent: asked } };
  await saveTab(waiting, visit.server.state);
  return seeAction('required-action', waiting, visit, { execution: 'OAUTH_GRANT' }, cookies);
}

export const openTabFor = (request: AuthorizationRequest, visit: Visit, browser: Parameters<typeof openTab>[0]) =>
  openTab(browser, visit.realm, { request }, visit.server.state);

/** 302 to one of the pages under `login-actions`. */
export function seeAction(
  action: string,
  tab: OpenTab,
  visit: Visit,
  further: Record<string, string> = {},
  cookies: string[] = [],
): Answer {
  const location = actionUrl(action, tab, visit, further);
  return { status: 302, headers: { ...NOT_CACHED, ...(cookies.length > 0 && { 'set-cookie': cookies }), location } };
}

export function actionUrl(
  action: string,
  { tabId, tab }: OpenTab,
  { request, realm }: Visit,
  further: Record<string, string> = {},
): string {
  const query = new URLSearchParams({
    ...further,
    client_id: tab.request.client,
    tab_id: tabId,
    client_data: clientData(tab.request),
  });
  return `${issuerOf(request.origin, realm)}/login-actions/${action}?${query}`;
}

/** What is needed to tell the client that the login is over, when nothing else is known any more. */
export function clientData({ redirectUri, responseType, responseMode, state }: AuthorizationRequest): string {
  const data = {
    ru: redirectUri,
    rt: responseType,
    ...(responseMode !== 'query' && { rm: responseMode }),
    ...(state !== undefined && { st: state }),
  };
  return Buffer.from(JSON.stringify(data)).toString('base64url');
}

/** Cookies of a browser that comes for the first time, or again after its last login was over. */
export function browserCookies(id: string, visit: Visit): string[] {
  const hash = visit.server.state.ids.bytes(32).toString('base64');
  return [cookie(AUTH_SESSION, id, visit), cookie(AUTH_SESSION_HASH, hash, visit, { maxAge: 60, scripts: true })];
}

/** From this the login can begin again when its tab is gone. */
export async function restartCookie(request: AuthorizationRequest, visit: Visit): Promise<string> {
  const iss = issuerOf(visit.request.origin, visit.realm);
  return cookie(RESTART, await visit.server.signatures.signOwn({ typ: 'Restart', iss, request }), visit);
}
