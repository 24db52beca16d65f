/** GET and POST …/protocol/openid-connect/auth (RFC 6749 §4.1.1): who is it, and may the client have what it asks for? */
import { formOf } from '../../../forms.ts';
import type { Answer, Operation } from '../../../provider.ts';
import type { ClientRecord, UserRecord } from '../../seed.ts';
import { readForm } from '../form-body.ts';
import type { LoginServer } from '../login-server.ts';
import { realmOf } from '../realm.ts';
import { newSessionId } from '../sessions.ts';
import { issuerOf } from '../signatures.ts';
import { findUser } from '../users.ts';
import { type AuthenticationRecord, findAuthentication, openTab } from './authentications.ts';
import { PageError } from './authorization-errors.ts';
import { type AuthorizationRequest, readAuthorizationRequest } from './authorization-request.ts';
import { rememberConsent } from './consents.ts';
import { forgetIdentity, type Identity, identityOf } from './identity.ts';
import {
  answerClient,
  askForConsent,
  browserCookies,
  consentFor,
  openTabFor,
  refuseClient,
  restartCookie,
  type Visit,
} from './login-flow.ts';
import { showLoginPage } from './login-page.ts';

export function createAuthorizationEndpoint(server: LoginServer): Operation {
  return async (request) => {
    const realm = realmOf(request);
    const form = request.method === 'POST' ? readForm(request) : formOf(request.query);
    const issuer = issuerOf(request.origin, realm);
    const read = await readAuthorizationRequest(form, { realm, issuer, state: server.state });
    return authorize(read.request, read.client, { request, realm, server });
  };
}

interface Arrival extends Visit {
  browser: AuthenticationRecord | undefined;
  /** `Set-Cookie` lines that every answer to this browser carries. */
  cookies: string[];
}

async function authorize(request: AuthorizationRequest, client: ClientRecord, visit: Visit): Promise<Answer> {
  const { server, realm } = visit;
  const auto = await automaticUser(server);
  const found = await identityOf(visit.request, realm, server);
  const browser = await findAuthentication(visit.request, realm, server.state);
  const cookies = [
    ...(found || auto ? [] : forgetIdentity(visit)),
    ...(browser ? [] : browserCookies(newSessionId(server.state), visit)),
  ];
  const arrival: Arrival = { ...visit, browser, cookies };
  if (auto) return logInAutomatically(request, client, auto, found, arrival);
  const fresh = found && isFresh(found, request, server);
  if (request.prompts.includes('none')) return answerSilently(request, client, fresh ? found : undefined, arrival);
  if (!found || !fresh) return letLogIn(request, client, found, arrival);

  const consent = await consentFor(found.user, client, request, server);
  const withRestart = [...cookies, await restartCookie(request, visit)];
  const loggedIn = { ...found, proven: false, consent };
  if (consent.length === 0) return answerClient(request, client, loggedIn, { ...arrival, cookies: withRestart });
  const { tab, set } = await open(request, arrival);
  return askForConsent(tab, visit, loggedIn, set);
}

/** Whether the session is good enough for what the client asks. */
function isFresh({ session }: Identity, { prompts, maxAge }: AuthorizationRequest, { state }: LoginServer): boolean {
  if (prompts.includes('login')) return false;
  return maxAge === undefined || state.clock.seconds() - session.authTime <= maxAge;
}

/** OpenID Connect Core §3.1.2.1, `prompt=none`: no page, whatever happens. */
async function answerSilently(
  request: AuthorizationRequest,
  client: ClientRecord,
  identity: Identity | undefined,
  arrival: Arrival,
): Promise<Answer> {
  if (!identity) return refuseClient(request, 'login_required', arrival.cookies);
  const consent = await consentFor(identity.user, client, { ...request, prompts: [] }, arrival.server);
  if (consent.length > 0) return refuseClient(request, 'interaction_required', arrival.cookies);
  return answerClient(request, client, { ...identity, proven: false }, arrival);
}

async function letLogIn(
  request: AuthorizationRequest,
  client: ClientRecord,
  identity: Identity | undefined,
  arrival: Arrival,
): Promise<Answer> {
  const { tab, set } = await open(request, arrival, identity);
  return showLoginPage(tab, client, arrival, { cookies: set });
}

/** Opens a tab; the browser's cookies then name the authentication that it is in. */
async function open(request: AuthorizationRequest, arrival: Arrival, identity?: Identity) {
  const { browser, server, realm } = arrival;
  const known = identity && { user: identity.user.id, session: identity.session.id };
  const tab = known
    ? await openTab(browser, realm, { request, known }, server.state)
    : await openTabFor(request, arrival, browser);
  const set = [...(browser ? [] : browserCookies(tab.id, arrival)), await restartCookie(request, arrival)];
  return { tab, set };
}

/** The user of the setting `sipgate.autoLogin`. */
async function automaticUser({ state }: LoginServer): Promise<UserRecord | undefined> {
  const { autoLogin } = state.settings;
  if (autoLogin === '') return undefined;
  const user = await findUser(state, autoLogin);
  if (user?.enabled) return user;
  throw new PageError(
    400,
    'Invalid Request',
    `settings.sipgate.autoLogin: no enabled user has the address "${autoLogin}"`,
  );
}

async function logInAutomatically(
  request: AuthorizationRequest,
  client: ClientRecord,
  user: UserRecord,
  identity: Identity | undefined,
  arrival: Arrival,
): Promise<Answer> {
  await rememberConsent(user, client, request.scopes, arrival.server.state);
  const running = identity?.user.id === user.id ? { session: identity.session } : {};
  return answerClient(request, client, { user, ...running, proven: true }, arrival);
}
