/** sipgate's login server: what users are asked before a client gets a scope, and what is remembered of it. */
import { checksOf } from '../../check.ts';
import type { Reply } from '../../client.ts';
import { expectEqual, expectMember, expectNoHeader, expectStatus, expectThat } from '../../expect.ts';
import type { Session } from '../../session.ts';
import type { FormChange } from '../../token-endpoint/endpoint.ts';
import { expectErrorPage, expectRedirect, expectRefusal, isConsentPage } from './authorization-answers.ts';
import { arrive, ask, logIn, obtain, redeem } from './authorization-flow.ts';
import { type LoginClient, publicClient, STATE, withLoginClient } from './authorization-request.ts';
import { type Browser, createBrowser } from './browser.ts';
import { readPage } from './browser-pages.ts';
import { KEYCLOAK } from './endpoint.ts';

const CONSENT = 'sipgate.consent';
const SHOW = 'sipgate.getRequiredAction';
const ACCOUNT = 'Access account details';
const BALANCE = 'Access account balance';
const OFFLINE = 'Offline Access';
const BOTH = 'account:read balance:read';

interface Asked {
  browser: Browser;
  client: LoginClient;
  page: Reply;
}

/** Follows redirects as far as the login server itself goes on. */
const land = async (browser: Browser, reply: Reply): Promise<Reply> =>
  reply.status === 302 && browser.leadsOn(reply) ? browser.follow(reply) : reply;

/** Asks for authorization and logs in if need be: what comes then is the consent page, or the answer to the client. */
async function approach(session: Session, browser: Browser, client: LoginClient, change: FormChange = {}) {
  const first = await land(browser, await ask(browser, client, change));
  return first.status === 200 && !isConsentPage(first) ? land(browser, await logIn(session, browser, first)) : first;
}

/** Lends a new client, and the page on which its user is asked for the first time. */
const withConsentPage = (
  session: Session,
  use: (asked: Asked) => Promise<void>,
  change: FormChange = {},
  input: Record<string, unknown> = {},
) =>
  withLoginClient(
    session,
    async (client) => {
      const browser = createBrowser(session);
      await use({ browser, client, page: await approach(session, browser, client, change) });
    },
    undefined,
    input,
  );

/** Lends a new client to which its user has consented for the scope account:read. */
const withConsent = (
  session: Session,
  use: (browser: Browser, client: LoginClient, redirected: URLSearchParams) => Promise<void>,
) =>
  withLoginClient(session, async (client) => {
    const browser = createBrowser(session);
    const { redirected } = await obtain(session, browser, client);
    await use(browser, client, redirected);
  });

function expectAsked(reply: Reply, scopes: string[]): void {
  expectStatus(reply, 200);
  expectThat(isConsentPage(reply), reply, 'expected a page that asks for consent');
  expectEqual(reply, 'what is asked for', readPage(reply.text).items.sort(), [...scopes].sort());
}

function expectAnswered(reply: Reply, { redirectUri }: LoginClient): URLSearchParams {
  const parameters = expectRedirect(reply, redirectUri);
  expectEqual(reply, 'whether there is a code', parameters.has('code'), true);
  return parameters;
}

/** Checks of the consent page: each with a client that nobody has consented to before. */
export const loginConsentChecks = checksOf(
  {
    provider: 'sipgate',
    operation: CONSENT,
    evidence: 'engine',
    risk: 'write',
    needs: ['sipgate.pat', 'sipgate.user'],
  },
  [
    {
      id: 'sipgate.AUT-70a',
      operation: SHOW,
      title: 'Before a client gets scopes its user is asked for each of them, by its description, but not for openid',
      level: 'PARITY',
      clause: `${KEYCLOAK}; the descriptions are those of the sipgate API specification`,
      run: (session) =>
        withConsentPage(session, async ({ page }) => expectAsked(page, [ACCOUNT, BALANCE, OFFLINE]), {
          scope: `openid ${BOTH} offline_access`,
        }),
    },
    {
      id: 'sipgate.AUT-70b',
      operation: SHOW,
      title: 'The page names the client, as text whatever its name holds',
      level: 'MUST',
      clause: 'RFC 6749 §10.11, RFC 9700 §4.16',
      run: (session) => {
        const name = 'sidetone <script>alert(1)</script>';
        const prove = async ({ page }: Asked) => {
          expectAsked(page, [ACCOUNT]);
          expectEqual(page, "whether the client's name is a script", page.text.includes('<script>alert(1)'), false);
          expectEqual(page, 'whether the client is named', readPage(page.text).text.includes(name), true);
        };
        return withConsentPage(session, prove, {}, { name });
      },
    },
    {
      id: 'sipgate.AUT-71',
      title: 'Who consents is led to the client, and its token has the scopes that were asked for',
      level: 'MUST',
      clause: 'RFC 6749 §4.1, §3.3',
      run: (session) =>
        withConsentPage(
          session,
          async ({ browser, client, page }) => {
            const reply = await browser.submit(page, {}, 'accept');
            const parameters = expectRedirect(reply, client.redirectUri);
            expectEqual(reply, '"state"', parameters.get('state'), STATE);
            const tokens = await redeem(session, { client, code: parameters.get('code') ?? '' });
            const scopes = expectMember(tokens, 'scope', 'string').split(' ').sort();
            expectEqual(tokens, 'the scopes', scopes, BOTH.split(' '));
          },
          { scope: BOTH },
        ),
    },
    {
      id: 'sipgate.AUT-71b',
      title: 'With response_mode=form_post, who consents gets a page that posts the code to the client',
      level: 'MUST',
      clause: 'OAuth 2.0 Form Post Response Mode §2',
      run: (session) =>
        withConsentPage(
          session,
          async ({ browser, client, page }) => {
            const reply = await browser.submit(page, {}, 'accept');
            expectStatus(reply, 200);
            const [form] = readPage(reply.text).forms;
            expectEqual(reply, 'where the form leads', form?.action, client.redirectUri);
            const names = form?.fields.map(({ name }) => name) ?? [];
            expectEqual(reply, 'whether there is a code', names.includes('code'), true);
          },
          { response_mode: 'form_post' },
        ),
    },
    {
      id: 'sipgate.AUT-72',
      title: 'Who denies is led to the client with access_denied, and is asked again the next time',
      level: 'MUST',
      clause: 'RFC 6749 §4.1.2.1',
      run: (session) =>
        withConsentPage(session, async ({ browser, client, page }) => {
          const reply = await browser.submit(page, {}, 'cancel');
          const { redirectUri } = client;
          const told = expectRefusal(reply, { redirectUri, error: 'access_denied', state: STATE });
          expectEqual(reply, '"error_description"', told.get('error_description'), null);
          expectAsked(await approach(session, browser, client), [ACCOUNT]);
        }),
    },
    {
      id: 'sipgate.AUT-73a',
      title: 'Who has consented is not asked again for the same scopes',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: (session) =>
        withConsent(session, async (browser, client) => {
          expectAnswered(await ask(browser, client), client);
        }),
    },
    {
      id: 'sipgate.AUT-73b',
      title: 'Consent is remembered of the user, not of the browser',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: (session) =>
        withConsent(session, async (_, client) => {
          expectAnswered(await approach(session, createBrowser(session), client), client);
        }),
    },
    {
      id: 'sipgate.AUT-73c',
      title: 'Consent to one client is none to another',
      level: 'MUST',
      clause: 'RFC 6749 §10.2',
      run: (session) =>
        withConsent(session, async (browser) => {
          await withLoginClient(session, async (other) =>
            expectAsked(await approach(session, browser, other), [ACCOUNT]),
          );
        }),
    },
    {
      id: 'sipgate.AUT-74',
      title:
        'When more scopes are asked for, the user is asked for the new ones alone, from then on for none, all in one session',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: (session) =>
        withConsent(session, async (browser, client, redirected) => {
          const page = await land(browser, await ask(browser, client, { scope: BOTH }));
          expectAsked(page, [BALANCE]);
          const [accepted, later] = [
            await browser.submit(page, {}, 'accept'),
            await ask(browser, client, { scope: BOTH }),
          ];
          for (const reply of [accepted, later]) {
            const sid = expectAnswered(reply, client).get('session_state');
            expectEqual(reply, '"session_state"', sid, redirected.get('session_state'));
          }
        }),
    },
    {
      id: 'sipgate.AUT-75a',
      title: 'prompt=consent asks again for what was consented to',
      level: 'SHOULD',
      clause: 'OpenID Connect Core §3.1.2.1',
      run: (session) =>
        withConsent(session, async (browser, client) => {
          const change = { scope: 'openid account:read', prompt: 'consent' };
          expectAsked(await land(browser, await ask(browser, client, change)), [ACCOUNT]);
        }),
    },
    {
      id: 'sipgate.AUT-75b',
      title: 'Who denies then keeps what was consented to before',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: (session) =>
        withConsent(session, async (browser, client) => {
          const page = await land(browser, await ask(browser, client, { prompt: 'consent' }));
          const denied = await browser.submit(page, {}, 'cancel');
          expectRefusal(denied, { redirectUri: client.redirectUri, error: 'access_denied', state: STATE });
          expectAnswered(await ask(browser, client, { prompt: 'none' }), client);
        }),
    },
    {
      id: 'sipgate.AUT-77',
      title: 'A consent without the cookies of its page is a page with status 400',
      level: 'PARITY',
      clause: `${KEYCLOAK}; RFC 6749 §10.12`,
      run: (session) =>
        withConsentPage(session, async ({ page }) => {
          const reply = await createBrowser(session).submit(page, {}, 'accept');
          expectErrorPage(reply);
          expectNoHeader(reply, 'Set-Cookie');
        }),
    },
    {
      id: 'sipgate.AUT-78',
      title: 'A consent that is sent twice gets one code: the second time is temporarily_unavailable',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: (session) =>
        withConsentPage(session, async ({ browser, client, page }) => {
          expectAnswered(await browser.submit(page, {}, 'accept'), client);
          const { redirectUri } = client;
          const again = await browser.submit(page, {}, 'accept');
          expectRefusal(again, { redirectUri, error: 'temporarily_unavailable', state: STATE });
        }),
    },
    {
      id: 'sipgate.AUT-79',
      operation: 'sipgate.authenticate',
      title: "The vendor's own client needs no consent, even where it asks for it",
      level: 'PARITY',
      clause: KEYCLOAK,
      evidence: 'assumed',
      // That its redirect URI is registered is known of the fake alone.
      risk: 'mock-only',
      needs: ['sipgate.user'],
      run: async (session) => {
        const browser = createBrowser(session);
        expectAnswered(await approach(session, browser, publicClient, { scope: BOTH }), publicClient);
        expectAnswered(await ask(browser, publicClient, { scope: BOTH, prompt: 'consent' }), publicClient);
      },
    },
    {
      id: 'sipgate.AUT-80',
      operation: SHOW,
      title: 'A browser that left the consent page is asked to log in again, and then to consent',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: (session) =>
        withConsentPage(session, async ({ browser, client }) => {
          const reply = await ask(browser, client);
          expectStatus(reply, 200);
          expectEqual(reply, 'whether it asks for consent at once', isConsentPage(reply), false);
          expectAsked(await land(browser, await logIn(session, browser, reply)), [ACCOUNT]);
          expectAnswered(await arrive(session, browser, client), client);
        }),
    },
  ],
);
