/** …/login-actions/authenticate, required-action and consent: where the login server's own pages post to. */
import { ApiError } from '../../../errors.ts';
import type { Answer, ApiRequest, Operation } from '../../../provider.ts';
import type { ClientRecord, UserRecord } from '../../seed.ts';
import { readForm } from '../form-body.ts';
import type { LoginServer } from '../login-server.ts';
import { realmOf } from '../realm.ts';
import { findSession } from '../sessions.ts';
import { issuerOf } from '../signatures.ts';
import { authenticateUser } from '../users.ts';
import { closeTab, findAuthentication, newCode, type OpenTab, openTab, saveTab, tabOf } from './authentications.ts';
import { invalidAuthorizationRequest, loginFailed, restartNotPossible } from './authorization-errors.ts';
import type { AuthorizationRequest } from './authorization-request.ts';
import { NOT_CACHED, RESPONSE_MODES, type ResponseTarget, respondWithError } from './authorization-response.ts';
import { describeScope, rememberConsent } from './consents.ts';
import { expired, RESTART, readCookie } from './cookies.ts';
import { identityOf } from './identity.ts';
import {
  actionUrl,
  answerClient,
  askForConsent,
  browserCookies,
  consentFor,
  type LoggedIn,
  refuseClient,
  seeAction,
  type Visit,
} from './login-flow.ts';
import { EXECUTION, PAGE, showLoginPage } from './login-page.ts';
import { consentPage, expiredPage } from './pages.ts';
import { isRegistered } from './redirect-uri.ts';

export function createLoginActions(server: LoginServer): Record<string, Operation> {
  const authenticateOperation = action(server, authenticate);
  return {
    'sipgate.getAuthenticate': authenticateOperation,
    'sipgate.authenticate': authenticateOperation,
    'sipgate.getRequiredAction': action(server, showConsent),
    'sipgate.consent': action(server, consent),
  };
}

type Action = (open: OpenTab, client: ClientRecord, visit: Visit) => Promise<Answer>;

function action(server: LoginServer, act: Action): Operation {
  return async (request) => {
    const visit = { request, realm: realmOf(request), server };
    try {
      const open = await tabOfRequest(visit);
      if (!('tab' in open)) return open;
      const client = await server.state.clients.get(open.tab.request.client);
      if (!client?.enabled) throw loginFailed('the client is gone or disabled');
      return await act(open, client, visit);
    } catch (error) {
      if (error instanceof ApiError) Object.assign(error.headers, NOT_CACHED);
      throw error;
    }
  };
}

/** The tab that the request is about; else the answer that helps the browser on. */
async function tabOfRequest(visit: Visit): Promise<OpenTab | Answer> {
  const { request, realm, server } = visit;
  const target = await targetOf(visit);
  const browser = await findAuthentication(request, realm, server.state);
  const open = tabOf(browser, request.query.get('tab_id') ?? undefined);
  if (open) {
    if (request.query.get('client_id') === open.tab.request.client) return open;
    throw loginFailed('client_id is not the one that this login is for');
  }
  if (target && (await identityOf(request, realm, server))) {
    return respondWithError(target, 'temporarily_unavailable', 'authentication_expired');
  }
  const restart = await readRestart(request, realm, server);
  if (!restart) throw restartNotPossible('the browser sent no cookie of a login that is under way');
  const reopened = await openTab(browser, realm, { request: restart, restarted: true }, server.state);
  return seeAction('authenticate', reopened, visit, {}, browser ? [] : browserCookies(reopened.id, visit));
}

async function readRestart(
  request: ApiRequest,
  realm: string,
  { signatures }: LoginServer,
): Promise<AuthorizationRequest | undefined> {
  const verified = await signatures.verifyOwn(readCookie(request, RESTART) ?? '', realm);
  if (verified.kind !== 'good' || verified.claims.typ !== 'Restart') return undefined;
  return verified.claims.request as AuthorizationRequest;
}

/** Where `client_data` says that the client waits, if the client has registered that. */
async function targetOf({ request, realm, server }: Visit): Promise<ResponseTarget | undefined> {
  const data = request.query.get('client_data');
  if (data === null) return undefined;
  const { ru, rm, st } = parseClientData(data);
  const client = await server.state.clients.get(request.query.get('client_id') ?? '');
  if (typeof ru !== 'string' || client?.realm !== realm || !isRegistered(ru, client.redirectUris)) return undefined;
  return {
    redirectUri: ru,
    responseMode: RESPONSE_MODES.find((mode) => mode === rm) ?? 'query',
    issuer: issuerOf(request.origin, realm),
    ...(typeof st === 'string' && { state: st }),
  };
}

function parseClientData(data: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(data, 'base64url').toString('utf8'));
    if (typeof parsed === 'object' && parsed !== null) return parsed as Record<string, unknown>;
  } catch {
    // As the next line.
  }
  throw invalidAuthorizationRequest('client_data is not what this server gave out');
}

const CANNOT_LOG_IN = 'Invalid username or password.';
const TIMED_OUT = 'Your login attempt timed out. Login will start from the beginning.';
const DISABLED = 'Account is disabled, contact your administrator.';

async function authenticate(open: OpenTab, client: ClientRecord, visit: Visit): Promise<Answer> {
  const { request, server } = visit;
  const { tab } = open;
  if (tab.consent) return seeAction('required-action', open, visit, { execution: 'OAUTH_GRANT' });
  const code = request.query.get('session_code');
  if (code === null) return showLoginPage(open, client, visit, tab.restarted ? { error: TIMED_OUT } : {});
  if (code !== tab.sessionCode) return seeAction('authenticate', open, visit, { execution: EXECUTION });
  if (request.query.get('execution') !== EXECUTION) {
    return { status: 200, headers: PAGE, html: expiredPage(actionUrl('authenticate', open, visit)) };
  }
  const form = readForm(request);
  if (form.get('cancel') !== undefined) return denyAccess(open, visit);
  const running = tab.known && (await findSession(tab.known.session, server.state));
  const known = running && (await server.state.users.get(running.user));
  const email = form.get('username') ?? '';
  const user = await authenticateUser(known?.email ?? email.trim(), form.get('password') ?? '', server.state);
  if (typeof user === 'string') {
    return showLoginPage(open, client, visit, { email, error: user === 'disabled' ? DISABLED : CANNOT_LOG_IN });
  }
  const session = running ?? (await sessionOfOtherTab(user, visit));
  const wanted = await consentFor(user, client, tab.request, server);
  const loggedIn: LoggedIn = { user, proven: true, consent: wanted, ...(session && { session }) };
  if (wanted.length > 0) return askForConsent(open, visit, loggedIn, []);
  return finish(open, client, loggedIn, visit);
}

/** Measured: a second tab of the same browser and user joins the session that the first has begun. */
async function sessionOfOtherTab(user: UserRecord, { request, realm, server }: Visit) {
  const identity = await identityOf(request, realm, server);
  return identity?.user.id === user.id ? identity.session : undefined;
}

async function finish(
  open: OpenTab,
  client: ClientRecord,
  loggedIn: Pick<LoggedIn, 'user' | 'session' | 'proven'>,
  visit: Visit,
): Promise<Answer> {
  await closeTab(open, visit.server.state);
  return answerClient(open.tab.request, client, loggedIn, {
    ...visit,
    newSession: open.id,
    cookies: forgetRestart(visit),
  });
}

async function denyAccess(open: OpenTab, visit: Visit): Promise<Answer> {
  await closeTab(open, visit.server.state);
  return refuseClient(open.tab.request, 'access_denied', forgetRestart(visit));
}

const forgetRestart = (visit: Visit) =>
  readCookie(visit.request, RESTART) === undefined ? [] : [expired(RESTART, visit)];

async function showConsent(open: OpenTab, client: ClientRecord, visit: Visit): Promise<Answer> {
  const { state } = visit.server;
  if (!open.tab.consent) return seeAction('authenticate', open, visit);
  const shown = { ...open, tab: { ...open.tab, sessionCode: newCode(state) } };
  await saveTab(shown, state);
  const { name, privacyUrl, termsUrl } = client;
  const page = consentPage({
    action: actionUrl('consent', shown, visit),
    code: shown.tab.sessionCode,
    clientName: name,
    scopes: open.tab.consent.scopes.map((scope) => describeScope(scope, state)),
    privacyUrl,
    termsUrl,
  });
  return { status: 200, headers: PAGE, html: page };
}

async function consent(open: OpenTab, client: ClientRecord, visit: Visit): Promise<Answer> {
  const { state } = visit.server;
  const { consent: asked } = open.tab;
  if (!asked) return seeAction('authenticate', open, visit);
  // Measured: the form's code is not looked at; the tab is asked once.
  const form = readForm(visit.request);
  if (form.get('cancel') !== undefined) return denyAccess(open, visit);
  const user: UserRecord | undefined = await state.users.get(asked.user);
  if (!user?.enabled) throw loginFailed('the user is gone or disabled');
  await rememberConsent(user, client, asked.scopes, state);
  const session = asked.session === undefined ? undefined : await findSession(asked.session, state);
  return finish(open, client, { user, proven: asked.proven, ...(session && { session }) }, visit);
}
