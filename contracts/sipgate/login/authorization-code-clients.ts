/** sipgate: what a change of an OAuth client over the API does to logins that are under way, and to those that are done. */
import { CheckFailure, checksOf } from '../../check.ts';
import { expectOAuthError, expectStatus } from '../../expect.ts';
import type { Session } from '../../session.ts';
import { clientInput, fullAccess } from '../own-client.ts';
import { expectErrorPage, expectLoginPage } from './authorization-answers.ts';
import { ask, exchange, logIn, obtain, redeem, refreshTokens, useTokens } from './authorization-flow.ts';
import { type LoginClient, withLoginClient } from './authorization-request.ts';
import { createBrowser } from './browser.ts';
import { expectInvalidToken } from './dead-tokens.ts';
import { KEYCLOAK, loginEndpoint } from './endpoint.ts';

const NEW_URI = 'https://sidetone.example/new';

/** Registers another redirect URI in the place of the client's own. */
async function moveRedirectUri(session: Session, { id }: LoginClient): Promise<void> {
  const json = clientInput(session, { redirectUris: [NEW_URI] });
  const request = { authorization: fullAccess(session), params: { clientId: id }, json };
  const { status } = await session.call('sipgate.updateClient', request);
  if (status !== 200) throw new CheckFailure(`prerequisite: the client was not changed: ${status}`);
}

/** Checks of clients that are changed or deleted. */
export const loginCodeClientChecks = checksOf(
  {
    provider: 'sipgate',
    operation: 'sipgate.updateClient',
    evidence: 'assumed',
    risk: 'write',
    needs: ['sipgate.pat', 'sipgate.user'],
  },
  [
    {
      id: 'sipgate.ACG-14a',
      title: 'A redirect URI is good at the authorization endpoint as soon as PUT has registered it',
      level: 'MUST',
      clause: 'RFC 6749 §3.1.2.2; RFC 9110 §9.3.4',
      run: (session) =>
        withLoginClient(session, async (client) => {
          const moved = { ...client, redirectUri: NEW_URI };
          expectErrorPage(await ask(createBrowser(session), moved));
          await moveRedirectUri(session, client);
          expectLoginPage(await ask(createBrowser(session), moved));
        }),
    },
    {
      id: 'sipgate.ACG-14b',
      title: 'A redirect URI that PUT leaves out is refused from then on, for a user who is logged in too',
      level: 'MUST',
      clause: 'RFC 6749 §3.1.2.3; RFC 9110 §9.3.4',
      run: (session) =>
        withLoginClient(session, async (client) => {
          const browser = createBrowser(session);
          await obtain(session, browser, client);
          await moveRedirectUri(session, client);
          expectErrorPage(await ask(browser, client));
        }),
    },
    {
      id: 'sipgate.ACG-14c',
      operation: loginEndpoint.operation,
      title: 'A code that is under way meanwhile can still be exchanged, and consent is kept',
      level: 'PARITY',
      clause: KEYCLOAK,
      evidence: 'engine',
      run: (session) =>
        withLoginClient(session, async (client) => {
          const browser = createBrowser(session);
          const code = await obtain(session, browser, client);
          await moveRedirectUri(session, client);
          expectStatus(await exchange(session, code), 200);
          const moved = { ...client, redirectUri: NEW_URI };
          await obtain(session, browser, moved, { prompt: 'none' });
        }),
    },
    {
      id: 'sipgate.ACG-15a',
      operation: 'sipgate.deleteClient',
      title: 'A deleted client ends with its tokens: the access token is 401, the refresh token gets nothing',
      level: 'PARITY',
      clause: 'sipgate API documentation: "cannot be recovered", its users must log in again',
      evidence: 'documented',
      run: (session) =>
        withLoginClient(session, async (client, { remove }) => {
          const tokens = await redeem(session, await obtain(session, createBrowser(session), client));
          expectStatus(await useTokens(session, tokens), 200);
          expectStatus(await remove(), 202);
          expectInvalidToken(await useTokens(session, tokens));
          expectOAuthError(await refreshTokens(session, client, tokens), 401, 'invalid_client');
        }),
    },
    {
      id: 'sipgate.ACG-15b',
      operation: 'sipgate.deleteClient',
      title: 'A code of a deleted client gets nothing, and its login pages end on a page with status 400',
      level: 'PARITY',
      clause: `${KEYCLOAK} for the answers`,
      run: (session) =>
        withLoginClient(session, async (client, { remove }) => {
          const browser = createBrowser(session);
          const code = await obtain(session, browser, client);
          const other = createBrowser(session);
          const page = await ask(other, client);
          expectLoginPage(page);
          expectStatus(await remove(), 202);
          expectOAuthError(await exchange(session, code), 401, 'invalid_client');
          expectErrorPage(await ask(browser, client));
          expectErrorPage(await logIn(session, other, page));
        }),
    },
  ],
);
