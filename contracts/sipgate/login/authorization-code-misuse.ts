/** sipgate's login server: codes that are used again, or tried wrongly first (RFC 6749 §4.1.2, §10.5). */
import { checksOf } from '../../check.ts';
import type { Reply } from '../../client.ts';
import { expectEqual, expectMember, expectOAuthError, expectStatus, expectThat } from '../../expect.ts';
import type { Session } from '../../session.ts';
import type { FormChange } from '../../token-endpoint/endpoint.ts';
import { traceAtOnce } from '../../trace.ts';
import { expectRedirect } from './authorization-answers.ts';
import {
  ask,
  exchange,
  exchangeForm,
  freshCode,
  obtain,
  type Redeemable,
  redeem,
  refreshTokens,
  useTokens,
} from './authorization-flow.ts';
import { type LoginClient, paramsOf, publicClient, withLoginClient } from './authorization-request.ts';
import { createBrowser } from './browser.ts';
import { expectInvalidToken } from './dead-tokens.ts';
import { KEYCLOAK, loginEndpoint } from './endpoint.ts';

const WRONG = 'sidetone-wrong-secret';
const NOBODY = 'sidetone-no-such-client';

/** What spends a code although it gets no tokens. */
const SPENDING: FormChange[] = [
  { redirect_uri: 'https://other.sidetone.example/callback' },
  { redirect_uri: undefined },
  { code_verifier: 'sidetone' },
];

/** What is refused before the code is looked at. */
const SPARING: FormChange[] = [
  { client_secret: WRONG },
  { client_id: NOBODY },
  { grant_type: undefined },
  { grant_type: 'sidetone' },
];

/** Logs out by the refresh token of an answer. */
function endSession(session: Session, client: LoginClient, tokens: Reply): Promise<Reply> {
  const { id, secret = '' } = client;
  const form = { client_id: id, client_secret: secret, refresh_token: expectMember(tokens, 'refresh_token', 'string') };
  return session.call('sipgate.logout', { params: paramsOf(client), form });
}

/** Checks of second uses. */
export const loginCodeMisuseChecks = checksOf(
  {
    provider: 'sipgate',
    operation: loginEndpoint.operation,
    evidence: 'engine',
    risk: 'write',
    needs: ['sipgate.client', 'sipgate.pat', 'sipgate.user'],
  },
  [
    {
      id: 'sipgate.ACG-03a',
      title: 'A code that was used is 400 invalid_grant',
      level: 'MUST',
      clause: 'RFC 6749 §4.1.2, §10.5',
      run: async (session) => {
        const code = await freshCode(session);
        await redeem(session, code);
        expectOAuthError(await exchange(session, code), 400, 'invalid_grant');
      },
    },
    {
      id: 'sipgate.ACG-03b',
      title: 'A code that is used again takes the tokens with it that were issued for it',
      level: 'SHOULD',
      clause: 'RFC 6749 §4.1.2, RFC 9700 §4.5',
      run: async (session) => {
        const code = await freshCode(session);
        const tokens = await redeem(session, code);
        expectStatus(await useTokens(session, tokens), 200);
        await exchange(session, code);
        expectInvalidToken(await useTokens(session, tokens));
        expectOAuthError(await refreshTokens(session, code.client, tokens), 400, 'invalid_grant');
      },
    },
    {
      id: 'sipgate.ACG-03c',
      title: 'The tokens die also when another client shows the used code',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: (session) =>
        withLoginClient(session, (client) =>
          withLoginClient(session, async (other) => {
            const code = await obtain(session, createBrowser(session), client);
            const tokens = await redeem(session, code);
            expectOAuthError(await exchange(session, { ...code, client: other }), 400, 'invalid_grant');
            expectInvalidToken(await useTokens(session, tokens));
          }),
        ),
    },
    {
      id: 'sipgate.ACG-03d',
      title: 'A stranger with a used code and a wrong secret takes no tokens away',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: async (session) => {
        const code = await freshCode(session);
        const tokens = await redeem(session, code);
        expectOAuthError(await exchange(session, code, { client_secret: WRONG }), 401, 'unauthorized_client');
        expectStatus(await useTokens(session, tokens), 200);
      },
    },
    {
      id: 'sipgate.ACG-03e',
      title: "A used code leaves the user logged in, and another client's tokens alone",
      level: 'PARITY',
      clause: KEYCLOAK,
      // Two clients of one realm of which one needs no consent are known of the fake alone.
      risk: 'mock-only',
      run: (session) =>
        withLoginClient(session, async (client) => {
          const browser = createBrowser(session);
          const code = await obtain(session, browser, client);
          const neighbour = { ...publicClient, ...(client.realm !== undefined && { realm: client.realm }) };
          const tokens = await redeem(session, await obtain(session, browser, neighbour));
          await redeem(session, code);
          await exchange(session, code);
          expectStatus(await useTokens(session, tokens), 200);
          expectRedirect(await ask(browser, client, { prompt: 'none' }), client.redirectUri);
        }),
    },
    {
      id: 'sipgate.ACG-20',
      title: 'A code under way dies with its session, and with the part that its client had in it: each says so',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: (session) =>
        withLoginClient(session, async (client) => {
          const rows: [end: (tokens: Reply, code: Redeemable) => Promise<Reply>, error_description: string][] = [
            [(tokens) => endSession(session, client, tokens), 'Code not valid'],
            [(_, code) => exchange(session, code), 'User session not found'],
          ];
          for (const [end, error_description] of rows) {
            const browser = createBrowser(session);
            const [used, other] = [await obtain(session, browser, client), await obtain(session, browser, client)];
            await end(await redeem(session, used), used);
            const reply = await exchange(session, other);
            expectEqual(reply, 'the body', reply.json(), { error: 'invalid_grant', error_description });
          }
        }),
    },
    {
      id: 'sipgate.ACG-07',
      title: 'Of ten exchanges of one code at once exactly one gets tokens',
      level: 'MUST',
      clause: 'RFC 6749 §4.1.2',
      run: async (session) => {
        const code = await freshCode(session);
        const replies = await traceAtOnce(10, () => exchange(session, code));
        const [first] = replies;
        if (!first) return;
        const statuses = replies.map(({ status }) => status).sort();
        expectEqual(first, 'the statuses', statuses, [200, ...Array.from({ length: 9 }, () => 400)]);
      },
    },
    {
      id: 'sipgate.ACG-08a',
      title: 'An exchange that fails for its redirect_uri or its verifier spends the code',
      level: 'PARITY',
      clause: `${KEYCLOAK}; RFC 6749 §10.5`,
      run: async (session) => {
        for (const change of SPENDING) {
          const code = await freshCode(session);
          expectOAuthError(await exchange(session, code, change), 400, 'invalid_grant');
          expectOAuthError(await exchange(session, code), 400, 'invalid_grant');
        }
      },
    },
    {
      id: 'sipgate.ACG-08b',
      title: 'An exchange by another client spends the code',
      level: 'PARITY',
      clause: `${KEYCLOAK}; RFC 6749 §10.5`,
      run: (session) =>
        withLoginClient(session, (client) =>
          withLoginClient(session, async (other) => {
            const code = await obtain(session, createBrowser(session), client);
            expectOAuthError(await exchange(session, { ...code, client: other }), 400, 'invalid_grant');
            expectOAuthError(await exchange(session, code), 400, 'invalid_grant');
          }),
        ),
    },
    {
      id: 'sipgate.ACG-09a',
      title: 'What is refused for its client or its grant_type leaves the code good',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: async (session) => {
        for (const change of SPARING) {
          const code = await freshCode(session);
          const refused = await exchange(session, code, change);
          expectThat(refused.status >= 400, refused, 'expected a refusal');
          expectStatus(await exchange(session, code), 200);
        }
      },
    },
    {
      id: 'sipgate.ACG-09b',
      title: 'A parameter sent twice, or a foreign origin, leaves the code good',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: async (session) => {
        const foreign = await freshCode(session);
        const headers = { origin: 'https://page.sidetone-foreign.example' };
        expectOAuthError(await exchange(session, foreign, {}, { headers }), 403, 'Invalid origin');
        expectStatus(await exchange(session, foreign), 200);
        const twice = await freshCode(session);
        const form: [string, string][] = [...Object.entries(exchangeForm(twice)), ['code', 'sidetone']];
        expectOAuthError(await exchange(session, twice, {}, { form }), 400, 'invalid_request');
        expectStatus(await exchange(session, twice), 200);
      },
    },
  ],
);
