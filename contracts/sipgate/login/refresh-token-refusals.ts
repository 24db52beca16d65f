/** sipgate's login server: refresh tokens that get nothing (RFC 6749 §5.2, §6), as Keycloak refuses them (measured). */
import { type Check, checksOf } from '../../check.ts';
import type { Reply } from '../../client.ts';
import { expectOAuthError } from '../../expect.ts';
import { clientBasic, type Session } from '../../session.ts';
import { requestToken } from '../../token-endpoint/endpoint.ts';
import { withChangedSignature } from '../forged-tokens.ts';
import { withClient } from '../own-client.ts';
import { FOREIGN } from './cross-origin.ts';
import { clientMembers, expectRefreshes } from './dead-tokens.ts';
import { KEYCLOAK, loginEndpoint, PUBLIC_CLIENT } from './endpoint.ts';
import { APP, askForTokens, type Login, refresh, withSession } from './own-session.ts';

interface Refusal {
  id: string;
  title: string;
  level: Check['level'];
  clause: string;
  /** What is asked with a living refresh token. */
  ask(session: Session, login: Login): Promise<Reply>;
  status: number;
  error: string;
}

/** None of these spends the refresh token that it is asked with. */
const refusals: Refusal[] = [
  {
    id: 'sipgate.RFT-05b',
    title: 'A refresh token with a changed signature is 400 invalid_grant',
    level: 'MUST',
    clause: 'RFC 6749 §5.2, §10.4',
    ask: (session, { refreshToken }) => refresh(session, withChangedSignature(refreshToken)),
    status: 400,
    error: 'invalid_grant',
  },
  {
    id: 'sipgate.RFT-08a',
    title: 'An access token is no refresh token: 400 invalid_grant',
    level: 'MUST',
    clause: 'RFC 6749 §1.5, §5.2',
    ask: (session, { accessToken }) => refresh(session, accessToken),
    status: 400,
    error: 'invalid_grant',
  },
  {
    id: 'sipgate.RFT-08b',
    title: 'An ID token is no refresh token: 400 invalid_grant',
    level: 'MUST',
    clause: 'RFC 6749 §1.5, §5.2',
    ask: (session, { reply }) => refresh(session, String(reply.json().id_token)),
    status: 400,
    error: 'invalid_grant',
  },
  {
    id: 'sipgate.RFT-11',
    title: 'A refresh token sent twice is 400 invalid_request',
    level: 'MUST',
    clause: 'RFC 6749 §3.2, §5.2',
    ask: (session, { refreshToken }) => {
      const form = new URLSearchParams({ grant_type: 'refresh_token', client_id: PUBLIC_CLIENT });
      for (const _ of 'ab') form.append('refresh_token', refreshToken);
      return refresh(session, refreshToken, {}, { form: form.toString() });
    },
    status: 400,
    error: 'invalid_request',
  },
  {
    id: 'sipgate.RFT-12',
    title: 'A refresh token in the query is not read: 400 invalid_request',
    level: 'MUST',
    clause: 'RFC 6749 §6 (in the request body), §2.3.1',
    ask: (session, { refreshToken }) =>
      session.call(loginEndpoint.operation, {
        params: APP,
        query: { refresh_token: refreshToken },
        form: { grant_type: 'refresh_token', client_id: PUBLIC_CLIENT },
      }),
    status: 400,
    error: 'invalid_request',
  },
  {
    id: 'sipgate.RFT-13',
    title: 'A page of an origin that the client has not registered gets no new tokens: 403',
    level: 'PARITY',
    clause: KEYCLOAK,
    ask: (session, { refreshToken }) => refresh(session, refreshToken, {}, { headers: FOREIGN }),
    status: 403,
    error: 'Invalid origin',
  },
];

/** Checks of refusals, and that none of them ends anything. */
export const loginRefreshTokenRefusalChecks: Check[] = checksOf(
  {
    provider: 'sipgate',
    operation: loginEndpoint.operation,
    evidence: 'engine',
    risk: 'write',
    needs: ['sipgate.user'],
  },
  [
    ...refusals.map(({ ask, status, error, ...described }) => ({
      ...described,
      run: (session: Session) =>
        withSession(session, async (login) => {
          expectOAuthError(await ask(session, login), status, error);
          await expectRefreshes(session, login.refreshToken);
        }),
    })),
    {
      id: 'sipgate.RFT-04a',
      title: "Another client's refresh token is 400 invalid_grant, and is not spent by it",
      level: 'MUST',
      clause: 'RFC 6749 §6, §5.2',
      needs: ['sipgate.user', 'sipgate.pat'],
      run: (session) =>
        withSession(session, (login) =>
          withClient(session, async ({ id, secret }) => {
            const reply = await refresh(session, login.refreshToken, { client_id: id, client_secret: secret });
            expectOAuthError(reply, 400, 'invalid_grant');
            await expectRefreshes(session, login.refreshToken);
          }),
        ),
    },
    {
      id: 'sipgate.RFT-04b',
      title: 'A refresh token of another realm is 400 invalid_grant, and is not spent by it',
      level: 'MUST',
      clause: 'RFC 6749 §6, §5.2',
      needs: ['sipgate.user', 'sipgate.client'],
      run: (session) =>
        withSession(session, async ({ refreshToken }) => {
          const form = { grant_type: 'refresh_token', ...clientMembers(session), refresh_token: refreshToken };
          expectOAuthError(await session.call(loginEndpoint.operation, { form }), 400, 'invalid_grant');
          await expectRefreshes(session, refreshToken);
        }),
    },
    {
      id: 'sipgate.RFT-05a',
      title: 'What is no refresh token at all is 400 invalid_grant',
      level: 'MUST',
      clause: 'RFC 6749 §5.2',
      risk: 'read',
      needs: [],
      run: async (session) => {
        for (const refresh_token of ['', 'sidetone', 'a.b.c']) {
          const reply = await askForTokens(session, { grant_type: 'refresh_token', refresh_token });
          expectOAuthError(reply, 400, 'invalid_grant');
        }
      },
    },
    {
      id: 'sipgate.RFT-05c',
      title: 'Without a refresh token the answer is 400 invalid_request',
      level: 'MUST',
      clause: 'RFC 6749 §6, §5.2',
      risk: 'read',
      needs: [],
      run: async (session) => {
        const reply = await askForTokens(session, { grant_type: 'refresh_token' });
        expectOAuthError(reply, 400, 'invalid_request');
      },
    },
    {
      id: 'sipgate.RFT-09',
      title:
        'A confidential client that does not prove itself is told before its refresh token: 401 unauthorized_client',
      level: 'PARITY',
      clause: `${KEYCLOAK}; RFC 6749 §6 demands authentication, §5.2 has it invalid_client`,
      risk: 'read',
      needs: ['sipgate.client'],
      run: async (session) => {
        const change = { grant_type: 'refresh_token', refresh_token: 'sidetone', scope: undefined };
        for (const client_secret of [undefined, 'sidetone-wrong-secret']) {
          const reply = await requestToken(loginEndpoint, session, { ...change, client_secret });
          expectOAuthError(reply, 401, 'unauthorized_client');
        }
      },
    },
    {
      id: 'sipgate.RFT-14',
      title: 'A confidential client may prove itself by Basic at a refresh too: then the refresh token is looked at',
      level: 'MUST',
      clause: 'RFC 6749 §2.3.1, §6',
      risk: 'read',
      needs: ['sipgate.client'],
      run: async (session) => {
        const form = { grant_type: 'refresh_token', refresh_token: 'sidetone' };
        const authorization = clientBasic(loginEndpoint.client(session.target));
        const reply = await session.call(loginEndpoint.operation, { form, authorization });
        expectOAuthError(reply, 400, 'invalid_grant');
      },
    },
    {
      id: 'sipgate.TKE-22',
      title: 'Without a code the authorization code grant is 400 invalid_request',
      level: 'MUST',
      clause: 'RFC 6749 §4.1.3, §5.2',
      risk: 'read',
      needs: [],
      run: async (session) => {
        const reply = await askForTokens(session, { grant_type: 'authorization_code' });
        expectOAuthError(reply, 400, 'invalid_request');
      },
    },
  ],
);
