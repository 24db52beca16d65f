/** sipgate's login server: single sign-on, and when a user who is logged in is asked all the same (OpenID Connect Core §3.1.2). */
import { checksOf } from '../../check.ts';
import type { Reply } from '../../client.ts';
import { expectEqual, expectThat } from '../../expect.ts';
import { atFrozenTime } from '../../frozen-time.ts';
import type { Session } from '../../session.ts';
import type { FormChange } from '../../token-endpoint/endpoint.ts';
import { withChangedSignature } from '../forged-tokens.ts';
import { expectLoginPage, expectRedirect, expectRefusal } from './authorization-answers.ts';
import { ask, logIn, obtain, sharedBrowser } from './authorization-flow.ts';
import {
  AUTHORIZE,
  type LoginClient,
  publicClient,
  STATE,
  seededClient,
  withLoginClient,
} from './authorization-request.ts';
import { type Browser, createBrowser, formIn } from './browser.ts';
import { KEYCLOAK } from './endpoint.ts';

interface LoggedIn {
  browser: Browser;
  client: LoginClient;
  /** `session_state` of the login. */
  sid: string | null;
}

/** A user who is logged in and has consented to the target's own client. */
async function loggedIn(session: Session, browser?: Browser): Promise<LoggedIn> {
  const used = browser ?? (await sharedBrowser(session));
  const client = await seededClient(session);
  const { redirected } = await obtain(session, used, client);
  return { browser: used, client, sid: redirected.get('session_state') };
}

/** What the logged-in user's browser gets for a request that is right but for `change`. */
async function asked(session: Session, change: FormChange): Promise<LoggedIn & { reply: Reply }> {
  const user = await loggedIn(session);
  return { ...user, reply: await ask(user.browser, user.client, change) };
}

/** No page: the answer, with a code. */
function expectCode(reply: Reply, { redirectUri }: LoginClient): URLSearchParams {
  const parameters = expectRedirect(reply, redirectUri);
  expectThat((parameters.get('code') ?? '') !== '', reply, 'expected a code');
  return parameters;
}

/** The user is known: only the password is asked for. */
function expectPasswordAlone(reply: Reply): void {
  expectLoginPage(reply);
  const asked = formIn(reply).fields.filter(({ type }) => type !== 'hidden' && type !== 'submit');
  expectEqual(
    reply,
    'the fields',
    asked.map(({ name }) => name),
    ['password'],
  );
}

/** Checks of a browser that is logged in. */
export const loginAuthorizationPromptChecks = checksOf(
  {
    provider: 'sipgate',
    operation: AUTHORIZE,
    evidence: 'engine',
    risk: 'write',
    needs: ['sipgate.client', 'sipgate.pat', 'sipgate.user'],
  },
  [
    {
      id: 'sipgate.AUT-31',
      title: 'A user who is logged in and has consented is led to the client without any page, also with prompt=none',
      level: 'MUST',
      clause: 'OpenID Connect Core §3.1.2.1',
      run: async (session) => {
        for (const change of [{}, { prompt: 'none' }]) {
          const { reply, client, sid } = await asked(session, change);
          expectEqual(reply, '"session_state"', expectCode(reply, client).get('session_state'), sid);
        }
      },
    },
    {
      id: 'sipgate.AUT-32',
      title: 'prompt=none is interaction_required where the user has not consented to all scopes',
      level: 'MUST',
      clause: `OpenID Connect Core §3.1.2.6; the code as ${KEYCLOAK} (consent_required would do as well)`,
      run: (session) =>
        withLoginClient(session, async (client) => {
          const browser = createBrowser(session);
          await obtain(session, browser, client);
          const reply = await ask(browser, client, { scope: 'account:read balance:read', prompt: 'none' });
          expectRefusal(reply, { redirectUri: client.redirectUri, error: 'interaction_required', state: STATE });
        }),
    },
    {
      id: 'sipgate.AUT-33a',
      title: 'prompt=login asks a user who is logged in for the password alone',
      level: 'MUST',
      clause: `OpenID Connect Core §3.1.2.1; the page as ${KEYCLOAK}`,
      run: async (session) => {
        const { reply } = await asked(session, { prompt: 'login' });
        expectPasswordAlone(reply);
      },
    },
    {
      id: 'sipgate.AUT-33b',
      title: 'After prompt=login and the password the session is the same one',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: async (session) => {
        const { browser, client, sid } = await loggedIn(session, createBrowser(session));
        const answer = await logIn(session, browser, await ask(browser, client, { prompt: 'login' }));
        expectEqual(answer, '"session_state"', expectCode(answer, client).get('session_state'), sid);
      },
    },
    {
      id: 'sipgate.AUT-34a',
      title: 'prompt=none beside login is login_required, even for a user who is logged in',
      level: 'PARITY',
      clause: `${KEYCLOAK}; OpenID Connect Core §3.1.2.1 has it an error`,
      run: async (session) => {
        const { reply, client } = await asked(session, { prompt: 'none login' });
        expectRefusal(reply, { redirectUri: client.redirectUri, error: 'login_required', state: STATE });
      },
    },
    {
      id: 'sipgate.AUT-34b',
      title: 'An unknown prompt and a login_hint of somebody else ask nothing of a user who is logged in',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: async (session) => {
        for (const change of [{ prompt: 'sidetone' }, { login_hint: 'nobody@sidetone.example' }]) {
          const { reply, client } = await asked(session, change);
          expectCode(reply, client);
        }
      },
    },
    {
      id: 'sipgate.AUT-35a',
      title: 'A max_age that is not over asks nothing',
      level: 'MUST',
      clause: 'OpenID Connect Core §3.1.2.1',
      run: async (session) => {
        const { reply, client } = await asked(session, { max_age: '86400' });
        expectCode(reply, client);
      },
    },
    {
      id: 'sipgate.AUT-35b',
      title:
        'max_age counts from the last login: when it is over the password is asked for, and none is login_required',
      level: 'MUST',
      clause: 'OpenID Connect Core §3.1.2.1, §3.1.2.6',
      risk: 'mock-only',
      needs: ['sipgate.client', 'sipgate.pat', 'sipgate.user', 'control'],
      run: (session) =>
        atFrozenTime(session, async () => {
          const { browser, client } = await loggedIn(session, createBrowser(session));
          const askLater = async (by: string, change: FormChange) => {
            await session.control('/clock', 'PUT', { advance: by });
            return ask(browser, client, change);
          };
          expectCode(await askLater('59s', { max_age: '60' }), client);
          const silent = await askLater('2s', { max_age: '60', prompt: 'none' });
          expectRefusal(silent, { redirectUri: client.redirectUri, error: 'login_required', state: STATE });
          expectPasswordAlone(await askLater('0s', { max_age: '60' }));
          expectPasswordAlone(await askLater('0s', { max_age: '0' }));
        }),
    },
    {
      id: 'sipgate.AUT-37a',
      title: 'A user is logged in for every client of a realm: the session is one',
      level: 'PARITY',
      clause: `${KEYCLOAK}: single sign-on`,
      // Which realm a created client is of is known of the fake alone, and so is a redirect URI of the public one.
      risk: 'mock-only',
      run: (session) =>
        withLoginClient(session, async (client) => {
          const browser = createBrowser(session);
          const { redirected } = await obtain(session, browser, client);
          const reply = await ask(browser, { ...publicClient, ...(client.realm && { realm: client.realm }) });
          const sid = expectCode(reply, publicClient).get('session_state');
          expectEqual(reply, '"session_state"', sid, redirected.get('session_state'));
        }),
    },
    {
      id: 'sipgate.AUT-37b',
      title: 'A user is not logged in at another realm',
      level: 'PARITY',
      clause: KEYCLOAK,
      risk: 'mock-only',
      run: async (session) => {
        const { browser } = await loggedIn(session);
        const reply = await ask(browser, publicClient, { prompt: 'none' });
        expectRefusal(reply, { redirectUri: publicClient.redirectUri, error: 'login_required', state: STATE });
      },
    },
    {
      id: 'sipgate.AUT-38',
      title: 'Whoever shows a forged identity is not logged in',
      level: 'PARITY',
      clause: `${KEYCLOAK}; RFC 7515 §5.2`,
      run: async (session) => {
        const browser = createBrowser(session);
        const { client } = await loggedIn(session, browser);
        for (const [key, cookie] of browser.cookies) {
          const value = cookie.value.split('.').length === 3 ? withChangedSignature(cookie.value) : cookie.value;
          browser.cookies.set(key, { ...cookie, value });
        }
        const reply = await ask(browser, client, { prompt: 'none' });
        expectRefusal(reply, { redirectUri: client.redirectUri, error: 'login_required', state: STATE });
      },
    },
  ],
);
