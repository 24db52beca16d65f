/** sipgate's login server: login pages sent without their cookies, twice, by another browser, or with a forged address. */
import { type Check, checksOf } from '../../check.ts';
import type { Reply } from '../../client.ts';
import { expectEqual, expectHeader, expectStatus, expectThat } from '../../expect.ts';
import type { Session } from '../../session.ts';
import type { FormChange } from '../../token-endpoint/endpoint.ts';
import { expectErrorPage, expectLoginPage, expectRedirect, expectRefusal } from './authorization-answers.ts';
import { ask, logIn, obtain, sharedBrowser } from './authorization-flow.ts';
import { STATE, seededClient } from './authorization-request.ts';
import { type Browser, createBrowser, formIn } from './browser.ts';
import { readPage } from './browser-pages.ts';
import { KEYCLOAK } from './endpoint.ts';

const AUTHENTICATE = 'sipgate.authenticate';
const SHOW = 'sipgate.getAuthenticate';
const TIMED_OUT = 'Your login attempt timed out. Login will start from the beginning.';
const CONSENT_PAGE = 'sipgate.getRequiredAction';

/** A new browser with a login page of the target's own client. */
async function atLoginPage(session: Session, change: FormChange = {}) {
  const browser = createBrowser(session);
  const client = await seededClient(session);
  return { browser, client, page: await ask(browser, client, change) };
}

/** The parameters in the address that the page's form is sent to. */
const addressOf = (page: Reply) => Object.fromEntries(new URL(formIn(page).action, page.request.url).searchParams);

/** No code and no identity, nor a step further: the browser is led back to the login page. */
function expectLedBack(reply: Reply, browser: Browser): void {
  expectStatus(reply, 302);
  const back = browser.leadsOn(reply) && expectHeader(reply, 'Location').includes('/login-actions/authenticate?');
  expectEqual(reply, 'whether it leads to the login page', back, true);
  expectNoIdentity(reply);
}

const expectNoIdentity = (reply: Reply) =>
  expectEqual(
    reply,
    'whether somebody is logged in',
    /KEYCLOAK_IDENTITY=[^;]/.test(reply.headers['set-cookie'] ?? ''),
    false,
  );

/** Checks of what must not log anybody in. */
export const loginPageMisuseChecks = checksOf(
  {
    provider: 'sipgate',
    operation: AUTHENTICATE,
    evidence: 'engine',
    risk: 'write',
    needs: ['sipgate.client', 'sipgate.pat', 'sipgate.user'],
  },
  [
    {
      id: 'sipgate.AUT-54',
      title: 'A page that is sent without its cookies logs nobody in: a page with status 400, which is not stored',
      level: 'PARITY',
      clause: `${KEYCLOAK}; RFC 6749 §10.12`,
      run: async (session) => {
        const { page } = await atLoginPage(session);
        const reply = await logIn(session, createBrowser(session), page);
        expectErrorPage(reply);
        expectEqual(reply, 'Cache-Control', reply.headers['cache-control'], 'no-store, must-revalidate, max-age=0');
        expectNoIdentity(reply);
      },
    },
    {
      id: 'sipgate.AUT-55',
      // A real account may be locked for wrong passwords.
      risk: 'mock-only',
      title: 'The page before the last one is not taken, even with the right password: it leads to a new one',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: async (session) => {
        const { browser, page } = await atLoginPage(session);
        await logIn(session, browser, page, { password: 'sidetone-wrong-password' });
        const reply = await logIn(session, browser, page);
        expectLedBack(reply, browser);
        expectLoginPage(await browser.follow(reply));
      },
    },
    {
      id: 'sipgate.AUT-56',
      title: 'A page that is sent again after the login tells the client temporarily_unavailable, in its response mode',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: async (session) => {
        const { redirectUri } = await seededClient(session);
        await obtain(session, await sharedBrowser(session), await seededClient(session));
        for (const place of ['query', 'fragment'] as const) {
          const { browser, page } = await atLoginPage(session, { response_mode: place });
          const first = await logIn(session, browser, page);
          expectRedirect(first, redirectUri, place);
          const reply = await logIn(session, browser, page);
          const told = expectRefusal(reply, { redirectUri, error: 'temporarily_unavailable', state: STATE, place });
          expectEqual(reply, '"error_description"', told.get('error_description'), 'authentication_expired');
        }
      },
    },
    {
      id: 'sipgate.AUT-57',
      title: 'The page of one browser logs nobody in at another one, which is told to begin again',
      level: 'MUST',
      clause: `RFC 6749 §10.12, RFC 9700 §4.7; the answer as ${KEYCLOAK}`,
      run: async (session) => {
        const { page } = await atLoginPage(session);
        const other = await atLoginPage(session);
        const reply = await logIn(session, other.browser, page);
        expectLedBack(reply, other.browser);
        const again = await other.browser.follow(reply);
        expectLoginPage(again);
        expectEqual(again, `whether it says "${TIMED_OUT}"`, readPage(again.text).text.includes(TIMED_OUT), true);
      },
    },
    {
      id: 'sipgate.AUT-61',
      title: 'Two tabs of a browser can both be finished, each with its own state, in one session',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: async (session) => {
        const browser = createBrowser(session);
        const client = await seededClient(session);
        await obtain(session, await sharedBrowser(session), client);
        const [one, other] = [
          await ask(browser, client, { state: 'one' }),
          await ask(browser, client, { state: 'other' }),
        ];
        const sessions = new Set<string | null>();
        for (const [page, state] of [
          [other, 'other'],
          [one, 'one'],
        ] as const) {
          const reply = await logIn(session, browser, page);
          const parameters = expectRedirect(reply, client.redirectUri);
          expectEqual(reply, '"state"', parameters.get('state'), state);
          expectEqual(reply, 'whether there is a code', parameters.has('code'), true);
          sessions.add(parameters.get('session_state'));
          expectEqual(reply, 'the number of sessions', sessions.size, 1);
        }
      },
    },
    {
      id: 'sipgate.AUT-62a',
      operation: SHOW,
      title: 'An address made up by somebody else redirects to no URI that is not registered',
      level: 'MUST',
      clause: 'RFC 9700 §4.11.2 (open redirector)',
      run: async (session) => {
        const browser = await sharedBrowser(session);
        const client = await seededClient(session);
        await obtain(session, browser, client);
        const data = { ru: 'https://evil.example/', rt: 'code', st: 'x' };
        const client_data = Buffer.from(JSON.stringify(data)).toString('base64url');
        const query = { client_id: client.id, tab_id: 'sidetone', client_data };
        for (const operation of [SHOW, AUTHENTICATE]) {
          const reply = await browser.call(operation, { query });
          const elsewhere = reply.headers.location !== undefined && !browser.leadsOn(reply);
          expectEqual(reply, 'whether it leads away from the login server', elsewhere, false);
        }
      },
    },
    {
      id: 'sipgate.AUT-62b',
      title: 'An address whose client_data cannot be read is a page with status 400',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: async (session) => {
        const { browser, page } = await atLoginPage(session);
        const query = { ...addressOf(page), client_data: 'sidetone' };
        expectErrorPage(await browser.call(AUTHENTICATE, { query, form: {} }));
      },
    },
    {
      id: 'sipgate.AUT-62c',
      title: 'An address that names another client is a page with status 400',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: async (session) => {
        const { browser, page } = await atLoginPage(session);
        const right = addressOf(page);
        const { client_data: _, ...bare } = right;
        for (const address of [right, bare]) {
          const query = { ...address, client_id: 'sidetone-no-such-client' };
          expectErrorPage(await browser.call(AUTHENTICATE, { query, form: {} }));
        }
      },
    },
    {
      id: 'sipgate.AUT-63',
      operation: SHOW,
      title: 'GET of the address without its session_code shows the page once more',
      level: 'PARITY',
      clause: KEYCLOAK,
      risk: 'read',
      needs: ['sipgate.client', 'sipgate.pat'],
      run: async (session) => {
        const { browser, page } = await atLoginPage(session);
        const { session_code: _, ...query } = addressOf(page);
        expectLoginPage(await browser.call(SHOW, { query }));
      },
    },
    {
      id: 'sipgate.AUT-64',
      operation: SHOW,
      title:
        'GET of the address with a step that is not the current one says that the page has expired, and how to go on',
      level: 'PARITY',
      clause: KEYCLOAK,
      risk: 'read',
      needs: ['sipgate.client', 'sipgate.pat'],
      run: async (session) => {
        const { browser, page } = await atLoginPage(session);
        const query = { ...addressOf(page), execution: '00000000-0000-4000-8000-000000000000' };
        const reply = await browser.call(SHOW, { query });
        expectStatus(reply, 200);
        const { heading, links } = readPage(reply.text);
        expectEqual(reply, 'the heading', heading, 'Page has expired');
        const onward = links.map((link) => ({ ...reply, headers: { location: link } })).filter(browser.leadsOn);
        expectThat(onward[0] !== undefined, reply, 'expected a link to the login page');
        expectLoginPage(await browser.follow(onward[0]));
      },
    },
    ...[SHOW, CONSENT_PAGE].map((operation, index) => ({
      id: `sipgate.AUT-66${'ab'[index]}`,
      operation,
      title: `GET of ${index === 0 ? 'a login page' : 'a consent page'} without the cookies of a login is a page with status 400`,
      level: 'PARITY' as const,
      clause: KEYCLOAK,
      risk: 'read' as const,
      needs: ['sipgate.client', 'sipgate.pat'] as Check['needs'],
      run: async (session: Session) => {
        const { client } = await atLoginPage(session);
        expectErrorPage(await createBrowser(session).call(operation, { query: { client_id: client.id, tab_id: 'x' } }));
      },
    })),
    {
      id: 'sipgate.AUT-67',
      operation: CONSENT_PAGE,
      title: 'The consent page of a tab whose user has not logged in leads back to the login page',
      level: 'PARITY',
      clause: KEYCLOAK,
      risk: 'read',
      needs: ['sipgate.client', 'sipgate.pat'],
      run: async (session) => {
        const { browser, page } = await atLoginPage(session);
        const { client_id = '', tab_id = '' } = addressOf(page);
        expectLedBack(await browser.call(CONSENT_PAGE, { query: { client_id, tab_id } }), browser);
      },
    },
  ],
);
