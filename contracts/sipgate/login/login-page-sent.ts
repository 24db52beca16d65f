/** sipgate's login server: what comes of sending the login page. */
import { type Check, checksOf } from '../../check.ts';
import { expectEqual, expectHeader, expectNoHeader, expectStatus, expectThat } from '../../expect.ts';
import { required, type Session } from '../../session.ts';
import { expectLoginPage, expectRedirect, expectRefusal } from './authorization-answers.ts';
import { arrive, ask, logIn } from './authorization-flow.ts';
import { STATE, seededClient } from './authorization-request.ts';
import { createBrowser, formIn } from './browser.ts';
import { readPage } from './browser-pages.ts';
import { KEYCLOAK } from './endpoint.ts';
import { cookiePath } from './login-page.ts';

const AUTHENTICATE = 'sipgate.authenticate';
const WRONG = 'sidetone-wrong-password';
const REFUSED = 'Invalid username or password.';

/** A login page of a new browser, sent with something changed. */
async function sent(session: Session, change: Record<string, string>) {
  const browser = createBrowser(session);
  const client = await seededClient(session);
  const reply = await logIn(session, browser, await ask(browser, client), change);
  return { browser, client, reply };
}

/** Checks of what comes of sending the page. */
export const loginPageSentChecks: Check[] = checksOf(
  {
    provider: 'sipgate',
    operation: AUTHENTICATE,
    evidence: 'engine',
    risk: 'write',
    needs: ['sipgate.client', 'sipgate.pat', 'sipgate.user'],
  },
  [
    {
      id: 'sipgate.AUT-51',
      // A real account may be locked for wrong passwords.
      risk: 'mock-only',
      title: 'A wrong password gets the page again: it says so, keeps the address, and logs nobody in',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: async (session) => {
        const { reply } = await sent(session, { password: WRONG });
        expectLoginPage(reply);
        expectEqual(reply, `whether it says "${REFUSED}"`, readPage(reply.text).text.includes(REFUSED), true);
        const { fields } = formIn(reply);
        const filled = (wanted: string) => fields.find(({ name }) => name === wanted)?.value;
        expectEqual(reply, 'the username', filled('username'), session.target.sipgate?.user?.id);
        expectEqual(reply, 'the password', filled('password'), '');
        expectNoHeader(reply, 'Set-Cookie');
      },
    },
    {
      id: 'sipgate.AUT-52',
      risk: 'mock-only',
      title: 'An unknown user, an empty password and an empty form are told by the same words as a wrong password',
      level: 'PARITY',
      clause: `${KEYCLOAK}; no oracle`,
      run: async (session) => {
        const wrong = await sent(session, { password: WRONG });
        const words = readPage(wrong.reply.text).text;
        const changes = [{ username: 'nobody@sidetone.example', password: WRONG }, { password: '' }];
        for (const change of changes as Record<string, string>[]) {
          const { reply } = await sent(session, change);
          expectLoginPage(reply);
          expectEqual(reply, 'the words', readPage(reply.text).text, words);
        }
        const browser = createBrowser(session);
        const page = await ask(browser, await seededClient(session));
        const query = [...new URL(formIn(page).action, page.request.url).searchParams];
        const empty = await browser.call(AUTHENTICATE, { query, form: {} });
        expectLoginPage(empty);
        expectEqual(empty, 'the words', readPage(empty.text).text, words);
        expectEqual(empty, 'the username', formIn(empty).fields.find(({ name }) => name === 'username')?.value, '');
      },
    },
    {
      id: 'sipgate.AUT-53',
      risk: 'mock-only',
      title: 'After a wrong password the right one still leads on',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: async (session) => {
        const { browser, reply } = await sent(session, { password: WRONG });
        const answer = await logIn(session, browser, reply);
        expectStatus(answer, 302);
        const back = expectHeader(answer, 'Location').includes('/login-actions/authenticate');
        expectEqual(answer, 'whether it leads back to the page', back, false);
      },
    },
    {
      id: 'sipgate.AUT-58',
      title: 'The address is known in any case of letters, and with spaces around it',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: async (session) => {
        const username = ` ${required(session.target.sipgate?.user).id.toUpperCase()} `;
        const { reply } = await sent(session, { username });
        expectStatus(reply, 302);
      },
    },
    {
      id: 'sipgate.AUT-59',
      title: 'A login that is cancelled is access_denied, whatever else the form holds',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: async (session) => {
        const browser = createBrowser(session);
        const client = await seededClient(session);
        const page = await ask(browser, client);
        const query = [...new URL(formIn(page).action, page.request.url).searchParams];
        const reply = await browser.call(AUTHENTICATE, { query, form: { cancel: '1' } });
        expectRefusal(reply, { redirectUri: client.redirectUri, error: 'access_denied', state: STATE });
      },
    },
    {
      id: 'sipgate.AUT-60b',
      title: 'A login sets the identity for the realm alone and not for scripts, and takes the restart cookie away',
      level: 'PARITY',
      clause: `${KEYCLOAK}; RFC 6265 §4.1.2`,
      run: async (session) => {
        const browser = createBrowser(session);
        const client = await seededClient(session);
        const reply = await arrive(session, browser, client);
        expectRedirect(reply, client.redirectUri);
        const cookies = [...browser.cookies.values()];
        const identity = cookies.find(({ name }) => name === 'KEYCLOAK_IDENTITY');
        expectEqual(reply, 'the path of the identity', identity?.attributes.path, cookiePath(session));
        expectEqual(reply, 'whether it is HttpOnly', identity?.attributes.httponly, '');
        const status = cookies.find(({ name }) => name === 'KEYCLOAK_SESSION');
        expectEqual(reply, 'whether scripts may see that there is a session', status?.attributes.httponly, undefined);
        expectThat(Number(status?.attributes['max-age']) > 0, reply, 'expected KEYCLOAK_SESSION to have an end');
        const restarts = cookies.filter(({ name }) => name === 'KC_RESTART').length;
        expectEqual(reply, 'the number of restart cookies', restarts, 0);
      },
    },
  ],
);
