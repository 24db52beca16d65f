/** sipgate's login server: logout by the user, who is logged in at a browser and says yes (measured). */
import { checksOf } from '../../check.ts';
import type { Reply } from '../../client.ts';
import { expectEqual, expectStatus } from '../../expect.ts';
import type { Session } from '../../session.ts';
import { expectErrorPage, expectRefusal } from './authorization-answers.ts';
import { ask, exchange, identitiesOf, obtain } from './authorization-flow.ts';
import { type LoginClient, paramsOf, STATE, withLoginClient } from './authorization-request.ts';
import { type Browser, createBrowser, formIn } from './browser.ts';
import { expectAlive, expectInvalidToken } from './dead-tokens.ts';
import { KEYCLOAK } from './endpoint.ts';
import { expectLedBack, expectLoggedOutPage, expectQuestion, LOGOUT_1_0, redirectTo } from './logout-answers.ts';
import { type Login, loginOf, openAccount } from './own-session.ts';

const CONFIRM = 'sipgate.confirmLogout';

interface Visitor {
  browser: Browser;
  client: LoginClient;
  tokens: Login;
}

/** A browser that is logged in, with the tokens that its client got. */
const withVisitor = (session: Session, use: (visitor: Visitor) => Promise<void>) =>
  withLoginClient(session, async (client) => {
    const browser = createBrowser(session);
    const code = await obtain(session, browser, client, { scope: 'openid account:read' });
    await use({ browser, client, tokens: loginOf(await exchange(session, code)) });
  });

const visitLogout = ({ browser, client }: Visitor, query: Record<string, string>) =>
  browser.call('sipgate.getLogout', { params: paramsOf(client), query });

/** The page that asks whether to log out, and then leads back to the client. */
async function question(visitor: Visitor): Promise<Reply> {
  const page = await visitLogout(visitor, { client_id: visitor.client.id, ...redirectTo(visitor.client) });
  expectQuestion(page);
  return page;
}

/** Single sign-on is over: the client is told that nobody is logged in. */
async function expectStranger({ browser, client }: Visitor): Promise<void> {
  const reply = await ask(browser, client, { prompt: 'none' });
  expectRefusal(reply, { redirectUri: client.redirectUri, error: 'login_required', state: STATE });
}

/** Checks of the page that asks, and of the answer to it. */
export const loginLogoutBrowserChecks = checksOf(
  {
    provider: 'sipgate',
    operation: CONFIRM,
    evidence: 'engine',
    risk: 'write',
    needs: ['sipgate.user', 'sipgate.pat'],
  },
  [
    {
      id: 'sipgate.LGO-16a',
      title: 'Who is logged in is asked first, and nothing ends before the answer',
      operation: 'sipgate.getLogout',
      level: 'SHOULD',
      clause: `${LOGOUT_1_0} §2`,
      run: (session) =>
        withVisitor(session, async (visitor) => {
          await question(visitor);
          await expectAlive(session, visitor.tokens.accessToken);
        }),
    },
    {
      id: 'sipgate.LGO-16b',
      title: 'A yes ends the session, and leads back to the client with the state as it was sent',
      level: 'MUST',
      clause: `${LOGOUT_1_0} §2, §3`,
      run: (session) =>
        withVisitor(session, async (visitor) => {
          const reply = await visitor.browser.submit(await question(visitor));
          expectLedBack(reply, visitor.client);
          expectInvalidToken(await openAccount(session, visitor.tokens.accessToken));
        }),
    },
    {
      id: 'sipgate.LGO-16c',
      title: 'After a yes the browser is a stranger: login_required',
      level: 'MUST',
      clause: `${LOGOUT_1_0} §2`,
      run: (session) =>
        withVisitor(session, async (visitor) => {
          const reply = await visitor.browser.submit(await question(visitor));
          expectStatus(reply, 302);
          expectEqual(reply, "the browser's identities", identitiesOf(visitor.browser), []);
          await expectStranger(visitor);
        }),
    },
    {
      id: 'sipgate.LGO-16d',
      title: 'A yes without a redirect URI ends on a page',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: (session) =>
        withVisitor(session, async (visitor) => {
          const page = await visitLogout(visitor, {});
          expectQuestion(page);
          expectLoggedOutPage(await visitor.browser.submit(page));
          expectInvalidToken(await openAccount(session, visitor.tokens.accessToken));
        }),
    },
    {
      id: 'sipgate.LGO-16e',
      title: "With the browser's own ID token nobody is asked: back to the client at once, and a stranger from then on",
      operation: 'sipgate.getLogout',
      level: 'PARITY',
      clause: `${KEYCLOAK}; ${LOGOUT_1_0} §2`,
      run: (session) =>
        withVisitor(session, async (visitor) => {
          const hint = String(visitor.tokens.reply.json().id_token);
          const reply = await visitLogout(visitor, { id_token_hint: hint, ...redirectTo(visitor.client) });
          expectLedBack(reply, visitor.client);
          expectEqual(reply, "the browser's identities", identitiesOf(visitor.browser), []);
          expectInvalidToken(await openAccount(session, visitor.tokens.accessToken));
          await expectStranger(visitor);
        }),
    },
    {
      id: 'sipgate.LGO-16f',
      title: "A program's logout by refresh token makes the browser a stranger too",
      operation: 'sipgate.logout',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: (session) =>
        withVisitor(session, async (visitor) => {
          const { client, tokens } = visitor;
          const form = { client_id: client.id, client_secret: client.secret ?? '', refresh_token: tokens.refreshToken };
          expectStatus(await session.call('sipgate.logout', { params: paramsOf(client), form }), 204);
          await expectStranger(visitor);
        }),
    },
    {
      id: 'sipgate.LGO-16g',
      title: "An ID token of another session than the browser's ends neither unasked",
      operation: 'sipgate.getLogout',
      level: 'MUST',
      clause: `${LOGOUT_1_0} §2 (an ID token that does not belong to the current session)`,
      evidence: 'assumed',
      run: (session) =>
        withVisitor(session, async (visitor) => {
          const { client, tokens } = visitor;
          const elsewhere = await obtain(session, createBrowser(session), client, { scope: 'openid account:read' });
          const other = loginOf(await exchange(session, elsewhere));
          expectQuestion(await visitLogout(visitor, { id_token_hint: String(other.reply.json().id_token) }));
          await expectAlive(session, tokens.accessToken);
          await expectAlive(session, other.accessToken);
        }),
    },
    {
      id: 'sipgate.LGO-16h',
      title: 'Who is not logged in is asked all the same, and a yes ends on a page',
      level: 'PARITY',
      clause: `${KEYCLOAK} for the question`,
      evidence: 'assumed',
      needs: [],
      run: async (session) => {
        const browser = createBrowser(session);
        const page = await browser.call('sipgate.getLogout');
        expectQuestion(page);
        expectLoggedOutPage(await browser.submit(page));
      },
    },
    {
      id: 'sipgate.LGO-17a',
      title: 'A page that was answered is not taken again: a page with 400',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: (session) =>
        withVisitor(session, async (visitor) => {
          const page = await question(visitor);
          expectStatus(await visitor.browser.submit(page), 302);
          expectErrorPage(await visitor.browser.submit(page));
        }),
    },
    {
      id: 'sipgate.LGO-17b',
      title: "Nobody can say yes in another's browser: a page with 400, and the session goes on",
      level: 'PARITY',
      clause: KEYCLOAK,
      run: (session) =>
        withVisitor(session, async (visitor) => {
          const page = await question(visitor);
          expectErrorPage(await createBrowser(session).submit(page));
          await expectAlive(session, visitor.tokens.accessToken);
        }),
    },
    {
      id: 'sipgate.LGO-17c',
      title: 'A yes with a code that is not of the page is a page with 400, and the session goes on',
      level: 'PARITY',
      clause: 'RFC 9110 §15.5.1; Keycloak 26.7.1 breaks on it with 500, which nobody can rely on',
      evidence: 'assumed',
      run: (session) =>
        withVisitor(session, async (visitor) => {
          const page = await question(visitor);
          const [code = ''] = formIn(page).fields.flatMap(({ name, value }) =>
            name === 'session_code' ? [value] : [],
          );
          const another = code.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'));
          expectErrorPage(await visitor.browser.submit(page, { session_code: another }));
          await expectAlive(session, visitor.tokens.accessToken);
        }),
    },
    {
      id: 'sipgate.LGO-17d',
      title: 'A yes that nobody was asked for is a page with 400',
      level: 'PARITY',
      clause: KEYCLOAK,
      needs: [],
      run: async (session) => {
        const reply = await session.call(CONFIRM, { form: { session_code: 'sidetone' } });
        expectErrorPage(reply);
        expectEqual(reply, 'whether it leads anywhere', reply.headers.location !== undefined, false);
      },
    },
  ],
);
