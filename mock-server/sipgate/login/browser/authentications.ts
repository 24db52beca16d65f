/** Logins that are under way in a browser: one for each browser, with a tab for each authorization request. */
import type { ApiRequest } from '../../../provider.ts';
import type { SipgateState } from '../../state.ts';
import { newSessionId } from '../sessions.ts';
import type { AuthorizationRequest } from './authorization-request.ts';
import { AUTH_SESSION, readCookie } from './cookies.ts';

export interface AuthenticationRecord {
  /** Value of the browser's cookie; the session gets it as its id. */
  id: string;
  realm: string;
  tabs: Record<string, Tab>;
}

export interface Tab {
  request: AuthorizationRequest;
  /** In the form's address: a page can be posted once. */
  sessionCode: string;
  /** Whether it stands for one that was lost. */
  restarted?: boolean;
  /** Who has logged in, and has now to be asked for these scopes. */
  consent?: { user: string; scopes: string[]; session?: string; proven: boolean };
  /** The user of the running session, who has to prove to be it once more. */
  known?: { user: string; session: string };
}

/** A tab with the browser it belongs to. */
export interface OpenTab {
  id: string;
  tabId: string;
  realm: string;
  tab: Tab;
}

/** Keycloak's default for a login that nobody finishes. */
const LIFE = 30 * 60_000;

const expiry = ({ clock }: SipgateState) => ({ expiresAt: clock.now() + LIFE });

export const newCode = ({ ids }: SipgateState) => ids.bytes(32).toString('base64url');

/** The browser's authentication, if it has one here. */
export async function findAuthentication(
  request: ApiRequest,
  realm: string,
  state: SipgateState,
): Promise<AuthenticationRecord | undefined> {
  const found = await state.authentications.get(readCookie(request, AUTH_SESSION) ?? '');
  return found?.realm === realm ? found : undefined;
}

/** Opens a tab in the browser's authentication, or in a new one. */
export async function openTab(
  browser: AuthenticationRecord | undefined,
  realm: string,
  tab: Omit<Tab, 'sessionCode'>,
  state: SipgateState,
): Promise<OpenTab> {
  const id = browser?.id ?? newSessionId(state);
  const tabId = state.ids.bytes(8).toString('base64url');
  const opened = { ...tab, sessionCode: newCode(state) };
  if (!browser) await state.authentications.insert(id, { id, realm, tabs: {} }, expiry(state));
  await saveTab({ id, tabId, realm, tab: opened }, state);
  return { id, tabId, realm, tab: opened };
}

export async function saveTab({ id, tabId, tab }: OpenTab, state: SipgateState): Promise<void> {
  const authentication = await state.authentications.get(id);
  if (!authentication) return;
  const tabs = { ...authentication.tabs, [tabId]: tab };
  await state.authentications.replace(id, { ...authentication, tabs }, expiry(state));
}

/** The authentication goes with its last tab. */
export async function closeTab({ id, tabId }: OpenTab, state: SipgateState): Promise<void> {
  const authentication = await state.authentications.get(id);
  if (!authentication) return;
  const { [tabId]: _, ...tabs } = authentication.tabs;
  if (Object.keys(tabs).length === 0) await state.authentications.remove(id);
  else await state.authentications.replace(id, { ...authentication, tabs });
}

export function tabOf(
  authentication: AuthenticationRecord | undefined,
  tabId: string | undefined,
): OpenTab | undefined {
  if (!authentication || tabId === undefined || !Object.hasOwn(authentication.tabs, tabId)) return undefined;
  const tab = authentication.tabs[tabId];
  return tab && { id: authentication.id, tabId, realm: authentication.realm, tab };
}
