/** sipgate's login server: the password grant, as the vendor's guide uses it with its public client (RFC 6749 §4.3). */
import { type Check, checksOf } from '../../check.ts';
import type { Reply } from '../../client.ts';
import { expectEqual, expectMember, expectOAuthError, expectStatus, expectThat } from '../../expect.ts';
import { bearer, type CallOptions, required, type Session } from '../../session.ts';
import { changedForm, type FormChange, requestToken } from '../../token-endpoint/endpoint.ts';
import { APP_REALM, KEYCLOAK, loginEndpoint, PUBLIC_CLIENT } from './endpoint.ts';

const ALIAS = 'sipgate.createTokenByAlias';
const WRONG = 'sidetone-wrong-password';
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

/** The form of the vendor's guide, but for `change`. */
function userForm({ target }: Session, change: FormChange = {}): Record<string, string> {
  const { id, secret } = required(target.sipgate?.user);
  return changedForm({ grant_type: 'password', client_id: PUBLIC_CLIENT, username: id, password: secret }, change);
}

/** What is word for word the same is sent once in a run: each wrong password counts at the server. */
function signIn(session: Session, change: FormChange = {}, options: CallOptions = {}): Promise<Reply> {
  const request = { params: { realm: APP_REALM }, form: userForm(session, change), ...options };
  return session.once(JSON.stringify([ALIAS, request]), () => session.call(ALIAS, request));
}

interface Refusal {
  id: string;
  title: string;
  level: Check['level'];
  risk?: Check['risk'];
  clause: string;
  change: FormChange;
  status: number;
  error: string;
}

const refusals: Refusal[] = [
  {
    id: 'sipgate.TKE-16',
    // A real account may be locked for wrong passwords.
    risk: 'mock-only',
    title: 'A wrong password is 400 invalid_grant, not 401',
    level: 'MUST',
    clause: 'RFC 6749 §5.2',
    change: { password: WRONG },
    status: 400,
    error: 'invalid_grant',
  },
  {
    id: 'sipgate.PWD-06',
    title: 'Without a username the answer is 401 invalid_request',
    level: 'PARITY',
    clause: `${KEYCLOAK}; deviates from RFC 6749 §5.2, which has it 400`,
    change: { username: undefined },
    status: 401,
    error: 'invalid_request',
  },
  {
    id: 'sipgate.PWD-07',
    // A real account may be locked for wrong passwords.
    risk: 'mock-only',
    title: 'Without a password the answer is 400 invalid_grant',
    level: 'PARITY',
    clause: `${KEYCLOAK}; RFC 6749 §5.2 would have it invalid_request`,
    change: { password: undefined },
    status: 400,
    error: 'invalid_grant',
  },
  {
    id: 'sipgate.PWD-12',
    title: 'An unknown scope is told before a wrong password',
    level: 'PARITY',
    clause: `${KEYCLOAK}: order of its checks`,
    change: { scope: 'sidetone-no-such-scope', password: WRONG },
    status: 400,
    error: 'invalid_scope',
  },
];

/** Checks of tokens for a user, and of what is refused on the way there. */
export const loginPasswordChecks: Check[] = checksOf(
  { provider: 'sipgate', operation: ALIAS, evidence: 'engine', risk: 'read', needs: ['sipgate.user'] },
  [
    {
      id: 'sipgate.PWD-01',
      title: 'E-mail address and password get a token by the public client, and it is good at the API',
      level: 'PARITY',
      clause: 'sipgate API documentation: password grant of sipgate-app-web',
      evidence: 'documented',
      run: async (session) => {
        const reply = await signIn(session);
        expectStatus(reply, 200);
        const authorization = bearer(expectMember(reply, 'access_token', 'string'));
        expectStatus(await session.call('sipgate.getAccount', { authorization }), 200);
      },
    },
    {
      id: 'sipgate.PWD-02',
      title: `A user's token answer has the members ${MEMBERS.join(', ')}, in this order`,
      level: 'PARITY',
      clause: `sipgate API documentation for the members; their order as ${KEYCLOAK}`,
      run: async (session) => {
        const reply = await signIn(session);
        expectEqual(reply, 'the members', Object.keys(reply.json()), MEMBERS);
      },
    },
    {
      id: 'sipgate.PWD-03',
      title: 'A refresh token comes with it, good for 2592000 seconds',
      level: 'PARITY',
      clause: 'sipgate API documentation: refresh_expires_in',
      evidence: 'documented',
      run: async (session) => {
        const reply = await signIn(session);
        expectThat(expectMember(reply, 'refresh_token', 'string') !== '', reply, 'expected a refresh token');
        expectEqual(reply, '"refresh_expires_in"', reply.json().refresh_expires_in, 2_592_000);
      },
    },
    {
      id: 'sipgate.PWD-04',
      title: 'An ID token comes with the scope openid, and only with it',
      level: 'MUST',
      clause: 'OpenID Connect Core §3.1.2.1, §3.1.3.3',
      run: async (session) => {
        expectMember(await signIn(session, { scope: 'openid' }), 'id_token', 'string');
        const reply = await signIn(session);
        expectStatus(reply, 200);
        expectEqual(reply, '"id_token"', reply.json().id_token, undefined);
      },
    },
    {
      id: 'sipgate.PWD-05',
      title: 'The e-mail address is known in any case of letters',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: async (session) => {
        const username = required(session.target.sipgate?.user).id.toUpperCase();
        expectStatus(await signIn(session, { username }), 200);
      },
    },
    ...refusals.map(({ change, status, error, ...described }) => ({
      ...described,
      run: async (session: Session) => expectOAuthError(await signIn(session, change), status, error),
    })),
    {
      id: 'sipgate.PWD-08',
      // A real account may be locked for wrong passwords.
      risk: 'mock-only',
      title: 'An unknown user is told by the same answer as a wrong password',
      level: 'PARITY',
      clause: `${KEYCLOAK}; RFC 6749 §5.2, no oracle`,
      run: async (session) => {
        const unknown = await signIn(session, { username: 'nobody@sidetone.example' });
        expectOAuthError(unknown, 400, 'invalid_grant');
        expectEqual(unknown, 'the body', unknown.text, (await signIn(session, { password: WRONG })).text);
      },
    },
    {
      id: 'sipgate.PWD-09',
      title: 'A client without direct access grants is 400 unauthorized_client, before the user is looked at',
      operation: 'sipgate.createToken',
      level: 'MUST',
      clause: 'RFC 6749 §5.2',
      evidence: 'assumed',
      needs: ['sipgate.client'],
      run: async (session) => {
        const user = { username: 'nobody@sidetone.example', password: WRONG };
        const reply = await requestToken(loginEndpoint, session, { grant_type: 'password', ...user });
        expectOAuthError(reply, 400, 'unauthorized_client');
      },
    },
    {
      id: 'sipgate.PWD-10',
      title: 'A username sent twice is 400 invalid_request',
      level: 'MUST',
      clause: 'RFC 6749 §3.2, §5.2',
      run: async (session) => {
        const form: [string, string][] = [...Object.entries(userForm(session)), ['username', 'sidetone']];
        expectOAuthError(await signIn(session, {}, { form }), 400, 'invalid_request');
      },
    },
    {
      id: 'sipgate.PWD-11',
      title: 'A secret beside a public client changes nothing',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: async (session) => expectStatus(await signIn(session, { client_secret: WRONG }), 200),
    },
    {
      id: 'sipgate.PWD-14',
      title: 'Username and password in the query are not read: 401 invalid_request',
      level: 'PARITY',
      clause: `${KEYCLOAK} for the status; RFC 6749 §2.3.1, §4.3.2`,
      run: async (session) => {
        const { username = '', password = '', ...form } = userForm(session);
        const reply = await signIn(session, {}, { query: { username, password }, form });
        expectOAuthError(reply, 401, 'invalid_request');
      },
    },
    {
      id: 'sipgate.PWD-15',
      title: 'The login host serves the realm of the public client too',
      operation: 'sipgate.createToken',
      level: 'PARITY',
      clause: 'sipgate API documentation: auth/realms/{realm}/protocol/openid-connect/token',
      evidence: 'documented',
      run: async (session) => {
        const params = { realm: APP_REALM };
        expectStatus(await session.call('sipgate.createToken', { params, form: userForm(session) }), 200);
      },
    },
    {
      id: 'sipgate.PWD-16',
      title: 'A scope that was asked for stands in the scope member',
      level: 'MUST',
      clause: 'RFC 6749 §3.3, §5.1',
      run: async (session) => {
        const reply = await signIn(session, { scope: 'balance:read account:read' });
        const granted = expectMember(reply, 'scope', 'string').split(' ');
        const missing = ['account:read', 'balance:read'].filter((scope) => !granted.includes(scope));
        expectEqual(reply, 'the scopes that are missing', missing, []);
      },
    },
  ],
);
