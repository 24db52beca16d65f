/** sipgate's login server: what the error code does not tell, the description does, in Keycloak's words (measured). */
import { checksOf } from '../../check.ts';
import type { Reply } from '../../client.ts';
import { expectChallenge, expectEqual, expectHeader, expectThat } from '../../expect.ts';
import { bearer, type CallOptions, type Session } from '../../session.ts';
import { withClient } from '../own-client.ts';
import { clientMembers } from './dead-tokens.ts';
import { KEYCLOAK, loginEndpoint, PUBLIC_CLIENT } from './endpoint.ts';
import { INTROSPECT } from './introspection.ts';
import { APP, askForTokens, loginOf, logOut, refresh, withSession } from './own-session.ts';
import { REVOKE, revoke } from './revocation.ts';
import { USERINFO, USERINFO_FORM } from './userinfo.ts';

const CLIENT = { client_id: PUBLIC_CLIENT };
const WRONG = 'sidetone-wrong-secret';

function expectRow(reply: Reply, error: string, error_description: string): void {
  expectEqual(reply, 'the body', reply.json(), { error, error_description });
}

/** At userinfo it stands in the challenge. */
function expectDescription(reply: Reply, description: string): void {
  const written = expectHeader(reply, 'WWW-Authenticate');
  const pairs = /^Bearer [a-z_]+="[^"]*"(?:, [a-z_]+="[^"]*")*$/.test(written);
  expectThat(pairs, reply, `expected the pairs of the challenge to stand behind commas, got ${written}`);
  const { error_description } = expectChallenge(reply, 'Bearer').parameters;
  expectEqual(reply, 'the description', error_description, description);
}

const introspect = (session: Session, form: Record<string, string>, options: CallOptions = {}) =>
  session.call(INTROSPECT, { form, ...options });
const userinfo = (session: Session, options: CallOptions, operation = USERINFO) =>
  session.call(operation, { params: APP, ...options });

/** Checks of descriptions, where several causes share a code. */
export const loginRefusalTextChecks = checksOf(
  {
    provider: 'sipgate',
    operation: loginEndpoint.operation,
    evidence: 'engine',
    risk: 'write',
    needs: ['sipgate.user'],
  },
  [
    {
      id: 'sipgate.RFT-20a',
      title: 'A grant that lacks its parameter says which',
      level: 'PARITY',
      clause: KEYCLOAK,
      risk: 'read',
      needs: [],
      run: async (session) => {
        const code = await askForTokens(session, { grant_type: 'authorization_code' });
        expectRow(code, 'invalid_request', 'Missing parameter: code');
        const missing = await askForTokens(session, { grant_type: 'refresh_token' });
        expectRow(missing, 'invalid_request', 'No refresh token');
        const garbage = await askForTokens(session, { grant_type: 'refresh_token', refresh_token: 'sidetone' });
        expectRow(garbage, 'invalid_grant', 'Invalid refresh token');
      },
    },
    {
      id: 'sipgate.RFT-20b',
      title: 'A refresh token that was used says so, and its successor that the client has left',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: (session) =>
        withSession(session, async ({ refreshToken }) => {
          const renewed = String((await refresh(session, refreshToken)).json().refresh_token);
          const again = await refresh(session, refreshToken);
          expectRow(again, 'invalid_grant', 'Maximum allowed refresh token reuse exceeded');
          expectRow(await refresh(session, renewed), 'invalid_grant', "Session doesn't have required client");
        }),
    },
    {
      id: 'sipgate.RFT-20c',
      title: 'A refresh token of a session that has ended says so, online and offline',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: async (session) => {
        const afterLogout = (scope: string, description: string) =>
          withSession(
            session,
            async ({ refreshToken }) => {
              await logOut(session, refreshToken);
              expectRow(await refresh(session, refreshToken), 'invalid_grant', description);
            },
            scope,
          );
        await afterLogout('openid', 'Session not active');
        await afterLogout('openid offline_access', 'Offline user session not found');
      },
    },
    {
      id: 'sipgate.RFT-20d',
      title: "Another client's token says so, at a refresh and at revocation",
      level: 'PARITY',
      clause: KEYCLOAK,
      needs: ['sipgate.user', 'sipgate.pat'],
      run: (session) =>
        withSession(session, ({ refreshToken }) =>
          withClient(session, async ({ id, secret }) => {
            const other = { client_id: id, client_secret: secret };
            const mismatch = "Invalid refresh token. Token client and authorized client don't match";
            expectRow(await refresh(session, refreshToken, other), 'invalid_grant', mismatch);
            expectRow(await revoke(session, refreshToken, other), 'invalid_request', 'Unmatching clients');
          }),
        ),
    },
    {
      id: 'sipgate.REV-20',
      title: 'Revocation says why it does not, each cause in its words',
      operation: REVOKE,
      level: 'PARITY',
      clause: KEYCLOAK,
      needs: [],
      run: async (session) => {
        const missing = await session.call(REVOKE, { params: APP, form: CLIENT });
        expectRow(missing, 'invalid_request', 'Token not provided');
        expectRow(await revoke(session, 'sidetone'), 'invalid_token', 'Invalid token');
      },
    },
    {
      id: 'sipgate.INT-20',
      title: 'Introspection says why it does not, each cause in its words, and not in those of the token endpoint',
      operation: INTROSPECT,
      level: 'PARITY',
      clause: KEYCLOAK,
      risk: 'read',
      needs: loginEndpoint.needs,
      run: async (session) => {
        const client = clientMembers(session);
        const garbage = { token: 'sidetone' };
        const wrong = await introspect(session, { ...client, client_secret: WRONG, ...garbage });
        expectRow(wrong, 'invalid_client', 'Client authentication failed.');
        const nobody = await introspect(session, { ...client, client_id: 'sidetone-no-such-client', ...garbage });
        expectRow(nobody, 'invalid_client', 'Invalid client or Invalid client credentials');
        expectRow(await introspect(session, client), 'invalid_request', 'Token not provided.');
        const hinted = await introspect(session, { ...client, ...garbage, token_type_hint: 'sidetone_unknown' });
        expectRow(hinted, 'invalid_request', 'Unsupported token type.');
        const byPublic = await introspect(session, { ...CLIENT, ...garbage }, { params: APP });
        expectRow(byPublic, 'invalid_request', 'Client not allowed.');
      },
    },
    {
      id: 'sipgate.USR-20',
      title: 'The challenge of userinfo says why, each cause in its words',
      operation: USERINFO,
      level: 'PARITY',
      clause: KEYCLOAK,
      run: (session) =>
        withSession(session, async ({ accessToken, refreshToken }) => {
          const authorization = bearer(accessToken);
          expectDescription(
            await userinfo(session, { authorization: bearer('sidetone') }),
            'Token verification failed',
          );
          const twice = { authorization, form: { access_token: accessToken } };
          const both = 'More than one method used for including an access token';
          expectDescription(await userinfo(session, twice, USERINFO_FORM), both);
          const narrowed = loginOf(await refresh(session, refreshToken, { scope: 'account:read' })).accessToken;
          expectDescription(await userinfo(session, { authorization: bearer(narrowed) }), 'Missing openid scope');
          const elsewhere = await userinfo(session, { authorization, params: { realm: 'third-party' } });
          expectDescription(elsewhere, 'Token verification failed');
          const repeated: [string, string][] = [accessToken, accessToken].map((token) => ['access_token', token]);
          expectDescription(await userinfo(session, { form: repeated }, USERINFO_FORM), 'Duplicate parameter');
          await logOut(session, refreshToken);
          expectDescription(await userinfo(session, { authorization }), 'user_session_not_found');
          expectDescription(await userinfo(session, { authorization: bearer(narrowed) }), 'Missing openid scope');
        }),
    },
  ],
);
