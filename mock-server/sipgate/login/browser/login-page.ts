/** Shows the login page of a tab. Each showing has a code of its own, so that a page can be posted once. */
import type { Answer } from '../../../provider.ts';
import type { ClientRecord } from '../../seed.ts';
import { newCode, type OpenTab, saveTab } from './authentications.ts';
import { NOT_CACHED } from './authorization-response.ts';
import { actionUrl, type Visit } from './login-flow.ts';
import { loginPage } from './pages.ts';

/** Keycloak's id of the login form in its flow; any stable one will do. */
export const EXECUTION = '6c9f0c3e-7a44-4f0e-9a51-5a1de70ce5ab';

export interface Showing {
  cookies?: string[];
  error?: string;
  /** As it was typed. */
  email?: string;
}

export async function showLoginPage(
  open: OpenTab,
  client: ClientRecord,
  visit: Visit,
  { cookies = [], error, email }: Showing,
): Promise<Answer> {
  const { state } = visit.server;
  const { restarted: _, ...kept } = open.tab;
  const shown = { ...open, tab: { ...kept, sessionCode: newCode(state) } };
  await saveTab(shown, state);
  const { known, request, sessionCode } = shown.tab;
  const user = known && (await state.users.get(known.user));
  return {
    status: 200,
    headers: { ...PAGE, ...(cookies.length > 0 && { 'set-cookie': cookies }) },
    html: loginPage({
      action: actionUrl('authenticate', shown, visit, { session_code: sessionCode, execution: EXECUTION }),
      clientName: client.name,
      email: user?.email ?? email ?? request.loginHint ?? '',
      known: user !== undefined,
      ...(error !== undefined && { error }),
    }),
  };
}

export const PAGE = { ...NOT_CACHED, 'content-language': 'en' };
