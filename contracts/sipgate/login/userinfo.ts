/** sipgate's login server: who the token's user is (OpenID Connect Core §5.3), as Keycloak tells it (measured). */
import { checksOf } from '../../check.ts';
import type { Reply } from '../../client.ts';
import { expectEqual, expectHeader, expectMember, expectStatus, expectThat } from '../../expect.ts';
import { bearer, type CallOptions, type Session } from '../../session.ts';
import { tokenAnswer } from '../../token-endpoint/endpoint.ts';
import { ALLOWED, FOREIGN, REGISTERED } from './cross-origin.ts';
import { KEYCLOAK, loginEndpoint } from './endpoint.ts';
import { APP, askUserinfo, claimsOf, sharedLogin } from './own-session.ts';

export const USERINFO = 'sipgate.getLoginUserinfo';
export const USERINFO_FORM = 'sipgate.getLoginUserinfoByForm';

/** Asks with the shared login's access token in the header. What is word for word the same is sent once in a run. */
const ask = async (session: Session, options: CallOptions = {}): Promise<Reply> => {
  const { accessToken } = await sharedLogin(session);
  return session.once(JSON.stringify([USERINFO, options]), () => askUserinfo(session, accessToken, options));
};

/** Asks with the shared login's access token by POST. */
async function post(session: Session, request: (token: string) => CallOptions): Promise<Reply> {
  const { accessToken } = await sharedLogin(session);
  return session.call(USERINFO_FORM, { params: APP, ...request(accessToken) });
}

async function expectSameAsByHeader(session: Session, reply: Reply): Promise<void> {
  expectStatus(reply, 200);
  expectEqual(reply, 'the body', reply.json(), (await ask(session)).json());
}

/** Checks of good requests. */
export const loginUserinfoChecks = checksOf(
  { provider: 'sipgate', operation: USERINFO, evidence: 'engine', risk: 'read', needs: ['sipgate.user'] },
  [
    {
      id: 'sipgate.USR-01a',
      title: 'A token with the scope openid gets the user as JSON, and the user has a subject',
      level: 'MUST',
      clause: 'OpenID Connect Core §5.3.2',
      run: async (session) => {
        const reply = await ask(session);
        expectStatus(reply, 200);
        const mediaType = expectHeader(reply, 'Content-Type').split(';')[0];
        expectEqual(reply, 'the media type', mediaType, 'application/json');
        expectThat(expectMember(reply, 'sub', 'string') !== '', reply, 'expected a subject');
      },
    },
    {
      id: 'sipgate.USR-01b',
      title: "The subject is the ID token's, and the access token's",
      level: 'MUST',
      clause: 'OpenID Connect Core §5.3.2',
      run: async (session) => {
        const reply = await ask(session);
        expectStatus(reply, 200);
        const { accessToken, reply: granted } = await sharedLogin(session);
        for (const token of [expectMember(granted, 'id_token', 'string'), accessToken]) {
          expectEqual(reply, '"sub"', reply.json().sub, claimsOf(token).sub);
        }
      },
    },
    {
      id: 'sipgate.USR-01c',
      title: 'The answer may not be stored by caches',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: async (session) => {
        const directives = expectHeader(await ask(session), 'Cache-Control').split(/\s*,\s*/);
        expectEqual(await ask(session), 'Cache-Control', directives, ['no-store', 'no-cache']);
      },
    },
    {
      id: 'sipgate.USR-01d',
      title: 'The scheme name Bearer has no case',
      level: 'MUST',
      clause: 'RFC 9110 §11.1',
      run: async (session) => {
        const { accessToken } = await sharedLogin(session);
        for (const scheme of ['bearer', 'BEARER']) {
          expectStatus(await ask(session, { authorization: `${scheme} ${accessToken}` }), 200);
        }
      },
    },
    {
      id: 'sipgate.USR-02a',
      title: 'POST with the token in the header gets the same, without a body and with one of another type',
      operation: USERINFO_FORM,
      level: 'MUST',
      clause: 'OpenID Connect Core §5.3.1',
      run: async (session) => {
        await expectSameAsByHeader(session, await post(session, (token) => ({ authorization: bearer(token) })));
        const withJson = await post(session, (token) => ({
          authorization: bearer(token),
          json: { access_token: 'x' },
        }));
        await expectSameAsByHeader(session, withJson);
      },
    },
    {
      id: 'sipgate.USR-02b',
      title: 'POST with the token in the form gets the same',
      operation: USERINFO_FORM,
      level: 'MUST',
      clause: 'OpenID Connect Core §5.3.1, RFC 6750 §2.2',
      run: async (session) =>
        expectSameAsByHeader(session, await post(session, (access_token) => ({ form: { access_token } }))),
    },
    {
      id: 'sipgate.USR-13',
      title: 'A service account is a user too: the subject of its ID token',
      level: 'PARITY',
      clause: KEYCLOAK,
      needs: loginEndpoint.needs,
      run: async (session) => {
        const granted = await tokenAnswer(loginEndpoint, session, { scope: 'openid account:read' });
        const authorization = bearer(expectMember(granted, 'access_token', 'string'));
        const reply = await session.call(USERINFO, { authorization });
        expectStatus(reply, 200);
        expectEqual(reply, '"sub"', reply.json().sub, claimsOf(expectMember(granted, 'id_token', 'string')).sub);
      },
    },
    {
      id: 'sipgate.USR-12a',
      title: 'A page of a registered origin may read the user',
      level: 'MUST',
      clause: 'Fetch standard §3.2.3 (CORS and HTTP responses)',
      risk: 'mock-only',
      needs: ['sipgate.user', 'control'],
      run: async (session) => {
        const reply = await ask(session, { headers: REGISTERED });
        expectStatus(reply, 200);
        expectEqual(reply, ALLOWED, expectHeader(reply, ALLOWED), REGISTERED.origin);
        expectEqual(reply, 'credentials', expectHeader(reply, 'Access-Control-Allow-Credentials'), 'true');
      },
    },
    {
      id: 'sipgate.USR-12d',
      title: 'A preflight of any origin is 200: it may GET, with Authorization',
      level: 'PARITY',
      clause: `${KEYCLOAK}; Fetch standard §3.2.2`,
      needs: [],
      run: async (session) => {
        const headers = { ...FOREIGN, 'access-control-request-method': 'GET' };
        const reply = await session.call(USERINFO, { method: 'OPTIONS', headers });
        expectStatus(reply, 200);
        expectEqual(reply, ALLOWED, expectHeader(reply, ALLOWED), FOREIGN.origin);
        const allowed = expectHeader(reply, 'Access-Control-Allow-Headers')
          .toLowerCase()
          .split(/\s*,\s*/);
        const methods = expectHeader(reply, 'Access-Control-Allow-Methods').split(/\s*,\s*/);
        expectEqual(reply, 'whether GET is allowed', methods.includes('GET'), true);
        expectEqual(reply, 'whether Authorization is allowed', allowed.includes('authorization'), true);
      },
    },
  ],
);
