/** sipgate's login server: the exchange of a code for tokens (RFC 6749 §4.1.3). */
import { checksOf } from '../../check.ts';
import { expectEqual, expectMember, expectOAuthError, expectStatus } from '../../expect.ts';
import { atFrozenTime } from '../../frozen-time.ts';
import { clientBasic, required, type Session } from '../../session.ts';
import type { FormChange } from '../../token-endpoint/endpoint.ts';
import { exchange, freshCode, obtain, useTokens } from './authorization-flow.ts';
import { publicClient, withLoginClient } from './authorization-request.ts';
import { createBrowser } from './browser.ts';
import { KEYCLOAK, loginEndpoint } from './endpoint.ts';

const ALIAS = 'sipgate.createTokenByAlias';
const OTHER_URI = 'https://other.sidetone.example/callback';
const MEMBERS = [
  'access_token',
  'expires_in',
  'refresh_expires_in',
  'refresh_token',
  'token_type',
  'not-before-policy',
  'session_state',
  'scope',
];

interface Row {
  change: FormChange;
  error: string;
  description: string;
}

/** Each with a fresh code. */
const refusals: Row[] = [
  { change: { code: undefined }, error: 'invalid_request', description: 'Missing parameter: code' },
  { change: { code: 'sidetone' }, error: 'invalid_grant', description: 'Code not valid' },
  { change: { redirect_uri: OTHER_URI }, error: 'invalid_grant', description: 'Incorrect redirect_uri' },
  {
    change: { code_verifier: 'sidetone' },
    error: 'invalid_grant',
    description: 'PKCE code verifier specified but challenge not present in authorization',
  },
  {
    change: { redirect_uri: OTHER_URI, code_verifier: 'sidetone' },
    error: 'invalid_grant',
    description: 'Incorrect redirect_uri',
  },
];

async function refuse(session: Session, change: FormChange, error: string): Promise<void> {
  expectOAuthError(await exchange(session, await freshCode(session), change), 400, error);
}

/** Checks of a code that is exchanged once, rightly and wrongly. */
export const loginCodeChecks = checksOf(
  {
    provider: 'sipgate',
    operation: loginEndpoint.operation,
    evidence: 'engine',
    risk: 'write',
    needs: ['sipgate.client', 'sipgate.pat', 'sipgate.user'],
  },
  [
    {
      id: 'sipgate.ACG-01a',
      title: 'A code with the same redirect_uri gets an access token, and it is good at the API',
      level: 'MUST',
      clause: 'RFC 6749 §4.1.3, §4.1.4',
      evidence: 'documented',
      run: async (session) => {
        const reply = await exchange(session, await freshCode(session));
        expectStatus(reply, 200);
        expectStatus(await useTokens(session, reply), 200);
      },
    },
    {
      id: 'sipgate.ACG-01b',
      title: `The answer has the members ${MEMBERS.join(', ')}, in this order`,
      level: 'PARITY',
      clause: `sipgate API documentation for the members; their order as ${KEYCLOAK}`,
      run: async (session) => {
        const reply = await exchange(session, await freshCode(session));
        expectStatus(reply, 200);
        expectEqual(reply, 'the members', Object.keys(reply.json()), MEMBERS);
      },
    },
    {
      id: 'sipgate.ACG-01c',
      title: 'The client may show its credentials by Basic',
      level: 'MUST',
      clause: 'RFC 6749 §2.3.1, §4.1.3',
      run: async (session) => {
        const authorization = clientBasic(required(session.target.sipgate?.client));
        const change = { client_id: undefined, client_secret: undefined };
        expectStatus(await exchange(session, await freshCode(session), change, { authorization }), 200);
      },
    },
    {
      id: 'sipgate.ACG-01d',
      title: 'A public client needs no secret',
      level: 'MUST',
      clause: 'RFC 6749 §3.2.1, §4.1.3',
      // That its redirect URI is registered is known of the fake alone.
      risk: 'mock-only',
      needs: ['sipgate.user'],
      run: async (session) => {
        const code = await obtain(session, createBrowser(session), publicClient);
        expectStatus(await exchange(session, code), 200);
      },
    },
    {
      id: 'sipgate.ACG-01e',
      title: 'The alias at api.sipgate.com takes the same codes',
      operation: ALIAS,
      level: 'PARITY',
      clause: 'sipgate API documentation: login/{realm}/protocol/openid-connect/token',
      evidence: 'documented',
      run: async (session) => {
        const { client, code } = await freshCode(session);
        const { id, secret = '', redirectUri } = client;
        const form = { code, client_id: id, client_secret: secret, redirect_uri: redirectUri };
        const reply = await session.call(ALIAS, { form: { grant_type: 'authorization_code', ...form } });
        expectStatus(reply, 200);
      },
    },
    {
      id: 'sipgate.ACG-02a',
      title: 'Another redirect_uri than the one of the request is 400 invalid_grant',
      level: 'MUST',
      clause: 'RFC 6749 §4.1.3, §5.2',
      run: (session) => refuse(session, { redirect_uri: OTHER_URI }, 'invalid_grant'),
    },
    {
      id: 'sipgate.ACG-02b',
      title: 'A redirect_uri that was in the request must be in the exchange too, else 400 invalid_grant',
      level: 'MUST',
      clause: 'RFC 6749 §4.1.3, §5.2',
      run: async (session) => {
        for (const redirect_uri of [undefined, '']) await refuse(session, { redirect_uri }, 'invalid_grant');
      },
    },
    {
      id: 'sipgate.ACG-02c',
      title: 'A redirect_uri that was not in the request need not be in the exchange',
      level: 'MUST',
      clause: 'RFC 6749 §4.1.3',
      run: (session) =>
        withLoginClient(session, async (client) => {
          const code = await obtain(session, createBrowser(session), client, { redirect_uri: undefined });
          expectStatus(await exchange(session, code, { redirect_uri: undefined }), 200);
        }),
    },
    {
      id: 'sipgate.ACG-04',
      title: 'A code of another client is 400 invalid_grant',
      level: 'MUST',
      clause: 'RFC 6749 §4.1.3, §5.2, §10.5',
      run: (session) =>
        withLoginClient(session, (client) =>
          withLoginClient(session, async (other) => {
            const { code } = await obtain(session, createBrowser(session), client);
            expectOAuthError(await exchange(session, { client: other, code }), 400, 'invalid_grant');
          }),
        ),
    },
    {
      id: 'sipgate.ACG-05',
      title: 'A code is good a second before its minute is over, and 400 invalid_grant after it',
      level: 'MUST',
      clause: `RFC 6749 §4.1.2; the minute as ${KEYCLOAK}`,
      risk: 'mock-only',
      needs: ['sipgate.client', 'sipgate.pat', 'sipgate.user', 'control'],
      run: (session) =>
        atFrozenTime(session, async () => {
          const [one, other] = [await freshCode(session), await freshCode(session)];
          await session.control('/clock', 'PUT', { advance: '59s' });
          expectStatus(await exchange(session, one), 200);
          await session.control('/clock', 'PUT', { advance: '2s' });
          expectOAuthError(await exchange(session, other), 400, 'invalid_grant');
        }),
    },
    {
      id: 'sipgate.ACG-06a',
      title: 'Without a code the answer is 400 invalid_request',
      level: 'MUST',
      clause: 'RFC 6749 §4.1.3, §5.2',
      run: (session) => refuse(session, { code: undefined }, 'invalid_request'),
    },
    {
      id: 'sipgate.ACG-06b',
      title: 'A code that is empty, garbage, or changed in one place is 400 invalid_grant',
      level: 'MUST',
      clause: 'RFC 6749 §5.2',
      run: async (session) => {
        for (const code of ['', 'sidetone', 'a.b.c']) await refuse(session, { code }, 'invalid_grant');
        const { client, code } = await freshCode(session);
        const changed = code.replace(/^./, (first) => (first === '0' ? '1' : '0'));
        expectOAuthError(await exchange(session, { client, code: changed }), 400, 'invalid_grant');
      },
    },
    {
      id: 'sipgate.ACG-12',
      title: 'session_state is the same in the redirect and in the answer with the tokens',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: async (session) => {
        const code = await freshCode(session);
        const reply = await exchange(session, code);
        expectStatus(reply, 200);
        expectEqual(reply, '"session_state"', reply.json().session_state, code.redirected.get('session_state'));
      },
    },
    {
      id: 'sipgate.ACG-13',
      title: 'A scope in the exchange changes nothing: the token has what was consented to',
      level: 'PARITY',
      clause: `${KEYCLOAK}; RFC 6749 §4.1.3 has no scope`,
      run: async (session) => {
        const reply = await exchange(session, await freshCode(session), { scope: 'account:read balance:read' });
        expectStatus(reply, 200);
        expectEqual(reply, '"scope"', expectMember(reply, 'scope', 'string'), 'account:read');
      },
    },
    {
      id: 'sipgate.ACG-16',
      title: "error_description has Keycloak's words: of the redirect URI before those of PKCE",
      level: 'PARITY',
      clause: KEYCLOAK,
      run: async (session) => {
        for (const { change, error, description } of refusals) {
          const reply = await exchange(session, await freshCode(session), change);
          expectOAuthError(reply, 400, error);
          expectEqual(reply, '"error_description"', reply.json().error_description, description);
        }
      },
    },
    {
      id: 'sipgate.ACG-17',
      title: 'A code is not good in another realm: 401 invalid_client',
      level: 'PARITY',
      clause: `${KEYCLOAK}: the client is unknown there`,
      // Which realms there are is known of the fake alone.
      risk: 'mock-only',
      run: async (session) => {
        const { client, code } = await freshCode(session);
        const { id, secret, redirectUri } = client;
        const abroad = { id, redirectUri, ...(secret !== undefined && { secret }), realm: 'sipgate-apps' };
        expectOAuthError(await exchange(session, { client: abroad, code }), 401, 'invalid_client');
      },
    },
    {
      id: 'sipgate.ACG-18',
      title: 'A user who is logged in gets a code for each request: one does not take the place of another',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: async (session) => {
        const [one, other] = [await freshCode(session), await freshCode(session)];
        expectStatus(await exchange(session, one), 200);
        expectStatus(await exchange(session, other), 200);
      },
    },
  ],
);
