/** sipgate's login server: logout by ID token (OpenID Connect RP-Initiated Logout 1.0), as Keycloak does it (measured). */
import { type Check, checksOf } from '../../check.ts';
import { expectEqual, expectHeader, expectMember, expectStatus, expectThat } from '../../expect.ts';
import type { Session } from '../../session.ts';
import { withChangedSignature } from '../forged-tokens.ts';
import { expectErrorPage } from './authorization-answers.ts';
import { paramsOf, withLoginClient } from './authorization-request.ts';
import { readPage } from './browser-pages.ts';
import { expectAlive, expectDead, expectNoRefresh, expectRefreshes } from './dead-tokens.ts';
import { KEYCLOAK, PUBLIC_CLIENT } from './endpoint.ts';
import { LOGOUT } from './logout.ts';
import { expectLedBack, expectLoggedOutPage, expectQuestion, LOGOUT_1_0, redirectTo } from './logout-answers.ts';
import { APP, type Login, withSession } from './own-session.ts';

const GET = 'sipgate.getLogout';

type Parameters = Record<string, string>;

const idTokenOf = ({ reply }: Login) => expectMember(reply, 'id_token', 'string');

/** Both ways to ask: by a link and by a form. */
const ways = [
  { suffix: 'a', operation: GET, by: 'GET', ask: (query: Parameters) => ({ params: APP, query }) },
  { suffix: 'b', operation: LOGOUT, by: 'POST', ask: (form: Parameters) => ({ params: APP, form }) },
];

/** A user's session that goes on: neither token has lost anything. */
async function expectGoesOn(session: Session, { accessToken, refreshToken }: Login): Promise<void> {
  await expectAlive(session, accessToken);
  await expectRefreshes(session, refreshToken);
}

async function expectEnded(session: Session, { accessToken, refreshToken }: Login): Promise<void> {
  await expectNoRefresh(session, refreshToken);
  await expectDead(session, accessToken);
}

/** Requests that are refused by a page, which leads nowhere, with a living session. */
const refusals: {
  id: string;
  title: string;
  level: Check['level'];
  clause: string;
  request(login: Login): Parameters;
}[] = [
  {
    id: 'sipgate.LGO-13c',
    title: 'With the hint, a redirect URI that is not registered',
    level: 'MUST',
    clause: `${LOGOUT_1_0} §3`,
    request: (login) => ({ id_token_hint: idTokenOf(login), post_logout_redirect_uri: 'https://foreign.example/' }),
  },
  {
    id: 'sipgate.LGO-14a',
    title: 'A redirect URI without hint or client',
    level: 'MUST',
    clause: `${LOGOUT_1_0} §3`,
    request: () => ({ post_logout_redirect_uri: 'https://foreign.example/' }),
  },
  {
    id: 'sipgate.LGO-14b',
    title: 'With the client, a redirect URI that is not registered',
    level: 'MUST',
    clause: `${LOGOUT_1_0} §3`,
    request: () => ({ client_id: PUBLIC_CLIENT, post_logout_redirect_uri: 'https://foreign.example/' }),
  },
  {
    id: 'sipgate.LGO-14c',
    title: 'A redirect URI with a client that is not known',
    level: 'MUST',
    clause: `${LOGOUT_1_0} §3`,
    request: () => ({ client_id: 'sidetone-no-such-client', post_logout_redirect_uri: 'https://foreign.example/' }),
  },
  {
    id: 'sipgate.LGO-15a',
    title: 'A hint that is no token',
    level: 'PARITY',
    clause: KEYCLOAK,
    request: () => ({ id_token_hint: 'sidetone' }),
  },
  {
    id: 'sipgate.LGO-15b',
    title: 'An access token as hint',
    level: 'PARITY',
    clause: KEYCLOAK,
    request: ({ accessToken }) => ({ id_token_hint: accessToken }),
  },
  {
    id: 'sipgate.LGO-15c',
    title: 'A hint with a changed signature',
    level: 'MUST',
    clause: `${LOGOUT_1_0} §2 (id_token_hint)`,
    request: (login) => ({ id_token_hint: withChangedSignature(idTokenOf(login)) }),
  },
  {
    id: 'sipgate.LGO-15d',
    title: "A client that is not the hint's",
    level: 'MUST',
    clause: `${LOGOUT_1_0} §2 (client_id)`,
    request: (login) => ({ id_token_hint: idTokenOf(login), client_id: 'sidetone-no-such-client' }),
  },
];

/** What is asked, with the heading or a sentence of the page that comes. The last one ends the session. */
const wordsFor = (login: Login): [query: Parameters, words: string][] => [
  [{}, 'Logging out'],
  [{ post_logout_redirect_uri: 'https://foreign.example/' }, 'Missing parameters: id_token_hint'],
  [{ client_id: PUBLIC_CLIENT, post_logout_redirect_uri: 'https://foreign.example/' }, 'Invalid redirect uri'],
  [{ id_token_hint: 'sidetone' }, 'Invalid parameter: id_token_hint'],
  [{ id_token_hint: idTokenOf(login) }, 'You are logged out'],
];

/** Checks of logouts by programs that hold an ID token, without the user's browser. */
export const loginLogoutPageChecks: Check[] = checksOf(
  { provider: 'sipgate', operation: GET, evidence: 'engine', risk: 'write', needs: ['sipgate.user'] },
  [
    ...ways.flatMap(({ suffix, operation, by, ask }) => [
      {
        id: `sipgate.LGO-11${suffix}`,
        title: `${by} with nothing asks the user first, and ends nothing`,
        operation,
        level: 'SHOULD' as const,
        clause: `${LOGOUT_1_0} §2`,
        run: (session: Session) =>
          withSession(session, async (login) => {
            expectQuestion(await session.call(operation, ask({})));
            await expectGoesOn(session, login);
          }),
      },
      {
        id: `sipgate.LGO-12${suffix}`,
        title: `${by} with the ID token as hint ends its session at once, and says so on a page`,
        operation,
        level: 'PARITY' as const,
        clause: `${KEYCLOAK}; ${LOGOUT_1_0} §2 leaves it open`,
        run: (session: Session) =>
          withSession(session, async (login) => {
            expectLoggedOutPage(await session.call(operation, ask({ id_token_hint: idTokenOf(login) })));
            await expectEnded(session, login);
          }),
      },
    ]),
    {
      id: 'sipgate.LGO-12c',
      title: 'The hint of a session that has ended is good for a page again, beside its client too',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: (session) =>
        withSession(session, async (login) => {
          for (const client of [{}, {}, { client_id: PUBLIC_CLIENT }] as Parameters[]) {
            const query = { id_token_hint: idTokenOf(login), ...client };
            expectLoggedOutPage(await session.call(GET, { params: APP, query }));
          }
        }),
    },
    ...refusals.map(({ request, title, ...described }) => ({
      ...described,
      title: `${title} is a page with 400, no redirect, and the session goes on`,
      run: (session: Session) =>
        withSession(session, async (login) => {
          expectErrorPage(await session.call(GET, { params: APP, query: request(login) }));
          await expectGoesOn(session, login);
        }),
    })),
    {
      id: 'sipgate.LGO-15e',
      title: 'A hint of another realm is a page with 400, and the session goes on',
      level: 'MUST',
      clause: `${LOGOUT_1_0} §2 (id_token_hint)`,
      run: (session) =>
        withSession(session, async (login) => {
          const query = { id_token_hint: idTokenOf(login) };
          expectErrorPage(await session.call(GET, { params: { realm: 'third-party' }, query }));
          await expectGoesOn(session, login);
        }),
    },
    {
      id: 'sipgate.LGO-14d',
      title: "The pages have Keycloak's words, those of a refusal too",
      level: 'PARITY',
      clause: KEYCLOAK,
      run: (session) =>
        withSession(session, async (login) => {
          for (const [query, words] of wordsFor(login)) {
            const reply = await session.call(GET, { params: APP, query });
            const { heading, text } = readPage(reply.text);
            expectEqual(reply, `whether the page says "${words}"`, heading === words || text.includes(words), true);
          }
        }),
    },
    {
      id: 'sipgate.LGO-13d',
      title:
        'Without a session, a registered redirect URI of a client is gone to at once, with the state as it was sent',
      level: 'PARITY',
      clause: `${KEYCLOAK}; ${LOGOUT_1_0} §3 for the state`,
      needs: ['sipgate.pat'],
      run: (session) =>
        withLoginClient(session, async (client) => {
          const query = { client_id: client.id, ...redirectTo(client) };
          expectLedBack(await session.call(GET, { params: paramsOf(client), query }), client);
        }),
    },
    {
      id: 'sipgate.LGO-13e',
      title: 'The same by POST',
      operation: LOGOUT,
      level: 'PARITY',
      clause: `${KEYCLOAK}; ${LOGOUT_1_0} §3 for the state`,
      needs: ['sipgate.pat'],
      run: (session) =>
        withLoginClient(session, async (client) => {
          const form = { client_id: client.id, ...redirectTo(client) };
          expectLedBack(await session.call(LOGOUT, { params: paramsOf(client), form }), client);
        }),
    },
    {
      id: 'sipgate.LGO-13f',
      title: 'Without a state there is none: the way back is the redirect URI byte for byte',
      level: 'MUST',
      clause: `${LOGOUT_1_0} §3`,
      needs: ['sipgate.pat'],
      run: (session) =>
        withLoginClient(
          session,
          async (client) => {
            const uri = 'https://sidetone.example/app/x?y=1&z=%20a';
            const query = { client_id: client.id, post_logout_redirect_uri: uri };
            const reply = await session.call(GET, { params: paramsOf(client), query });
            expectStatus(reply, 302);
            expectEqual(reply, 'Location', expectHeader(reply, 'Location'), uri);
          },
          ['https://sidetone.example/app/*'],
        ),
    },
    {
      id: 'sipgate.LGO-18',
      title: 'A page of the logout, of a refusal too, may not be framed by others, nor stored',
      level: 'PARITY',
      clause: KEYCLOAK,
      risk: 'read',
      needs: [],
      run: async (session) => {
        for (const query of [{}, { id_token_hint: 'sidetone' }] as Parameters[]) {
          const reply = await session.call(GET, { params: APP, query });
          expectEqual(reply, 'X-Frame-Options', expectHeader(reply, 'X-Frame-Options'), 'SAMEORIGIN');
          const policy = expectHeader(reply, 'Content-Security-Policy');
          expectThat(policy.includes("frame-ancestors 'self'"), reply, "expected frame-ancestors 'self'");
          expectEqual(reply, 'Cache-Control', expectHeader(reply, 'Cache-Control'), 'no-cache');
          expectEqual(reply, 'Content-Language', expectHeader(reply, 'Content-Language'), 'en');
        }
      },
    },
    {
      id: 'sipgate.LGO-18b',
      title: 'The end of a logout is not stored, be it a page or a way back',
      level: 'PARITY',
      clause: KEYCLOAK,
      needs: ['sipgate.user', 'sipgate.pat'],
      run: (session) =>
        withSession(session, async (login) => {
          const page = await session.call(GET, { params: APP, query: { id_token_hint: idTokenOf(login) } });
          expectEqual(page, 'Content-Language', expectHeader(page, 'Content-Language'), 'en');
          await withLoginClient(session, async (client) => {
            const query = { client_id: client.id, ...redirectTo(client) };
            const back = await session.call(GET, { params: paramsOf(client), query });
            for (const reply of [page, back])
              expectEqual(reply, 'Cache-Control', expectHeader(reply, 'Cache-Control'), 'no-cache');
          });
        }),
    },
  ],
);
