/** sipgate's login server: logouts by refresh token that end nothing (measured). */
import { type Check, checksOf } from '../../check.ts';
import { expectOAuthError } from '../../expect.ts';
import type { CallOptions, Session } from '../../session.ts';
import { withClient } from '../own-client.ts';
import { FOREIGN } from './cross-origin.ts';
import { clientMembers, expectAlive, expectRefreshes } from './dead-tokens.ts';
import { KEYCLOAK, loginEndpoint, PUBLIC_CLIENT } from './endpoint.ts';
import { LOGOUT } from './logout.ts';
import { APP, type Login, logOut, withSession } from './own-session.ts';

interface Refusal {
  id: string;
  title: string;
  level: Check['level'];
  clause: string;
  /** What is asked with the tokens of a living login. */
  request(login: Login): CallOptions;
  status: number;
  error: string;
}

const CLIENT = { client_id: PUBLIC_CLIENT };

/** None of these ends the session. */
const refusals: Refusal[] = [
  {
    id: 'sipgate.LGO-02a',
    title: 'What is no refresh token is 400 invalid_grant',
    level: 'PARITY',
    clause: KEYCLOAK,
    request: () => ({ form: { ...CLIENT, refresh_token: 'sidetone' } }),
    status: 400,
    error: 'invalid_grant',
  },
  {
    id: 'sipgate.LGO-02b',
    title: 'An empty refresh token is 400 invalid_grant, and no page',
    level: 'PARITY',
    clause: KEYCLOAK,
    request: () => ({ form: { ...CLIENT, refresh_token: '' } }),
    status: 400,
    error: 'invalid_grant',
  },
  {
    id: 'sipgate.LGO-02c',
    title: 'An access token is no refresh token: 400 invalid_grant',
    level: 'PARITY',
    clause: KEYCLOAK,
    request: ({ accessToken }) => ({ form: { ...CLIENT, refresh_token: accessToken } }),
    status: 400,
    error: 'invalid_grant',
  },
  {
    id: 'sipgate.LGO-03a',
    title: 'No client is 401 invalid_client',
    level: 'PARITY',
    clause: KEYCLOAK,
    request: ({ refreshToken }) => ({ form: { refresh_token: refreshToken } }),
    status: 401,
    error: 'invalid_client',
  },
  {
    id: 'sipgate.LGO-03b',
    title: 'An unknown client is 401 invalid_client',
    level: 'PARITY',
    clause: KEYCLOAK,
    request: ({ refreshToken }) => ({ form: { client_id: 'sidetone-no-such-client', refresh_token: refreshToken } }),
    status: 401,
    error: 'invalid_client',
  },
  {
    id: 'sipgate.LGO-05',
    title: 'A page of an origin that the client has not registered logs nobody out: 403',
    level: 'PARITY',
    clause: KEYCLOAK,
    request: ({ refreshToken }) => ({ form: { ...CLIENT, refresh_token: refreshToken }, headers: FOREIGN }),
    status: 403,
    error: 'Invalid origin',
  },
];

/** Checks of refusals, and that the session goes on. */
export const loginLogoutRefusalChecks: Check[] = checksOf(
  { provider: 'sipgate', operation: LOGOUT, evidence: 'engine', risk: 'write', needs: ['sipgate.user'] },
  [
    ...refusals.map(({ request, status, error, ...described }) => ({
      ...described,
      run: (session: Session) =>
        withSession(session, async (login) => {
          expectOAuthError(await session.call(LOGOUT, { params: APP, ...request(login) }), status, error);
          await expectAlive(session, login.accessToken);
          await expectRefreshes(session, login.refreshToken);
        }),
    })),
    {
      id: 'sipgate.LGO-03c',
      title: 'A wrong secret is 401 unauthorized_client, before the refresh token is looked at',
      level: 'PARITY',
      clause: KEYCLOAK,
      needs: loginEndpoint.needs,
      run: async (session) => {
        const form = { ...clientMembers(session), client_secret: 'sidetone-wrong-secret', refresh_token: 'sidetone' };
        expectOAuthError(await session.call(LOGOUT, { form }), 401, 'unauthorized_client');
      },
    },
    {
      id: 'sipgate.LGO-04',
      title: "Another client's refresh token is 400 invalid_grant, and its session goes on",
      level: 'PARITY',
      clause: KEYCLOAK,
      needs: ['sipgate.user', 'sipgate.pat'],
      run: (session) =>
        withSession(session, (login) =>
          withClient(session, async ({ id, secret }) => {
            const reply = await logOut(session, login.refreshToken, { client_id: id, client_secret: secret });
            expectOAuthError(reply, 400, 'invalid_grant');
            await expectAlive(session, login.accessToken);
            await expectRefreshes(session, login.refreshToken);
          }),
        ),
    },
  ],
);
