/** sipgate's login server: introspection (RFC 7662), which tells a client of the tokens that are meant for it (measured). */

import { withSetting } from '../../changed-setting.ts';
import { checksOf } from '../../check.ts';
import type { Reply } from '../../client.ts';
import { expectEqual, expectHeader, expectMember, expectNoHeader, expectStatus } from '../../expect.ts';
import { clientBasic, type Session } from '../../session.ts';
import { freshToken, tokenAnswer } from '../../token-endpoint/endpoint.ts';
import { ALLOWED, FOREIGN } from './cross-origin.ts';
import { clientMembers } from './dead-tokens.ts';
import { KEYCLOAK, loginEndpoint } from './endpoint.ts';
import { claimsOf } from './own-session.ts';

export const INTROSPECT = 'sipgate.introspect';
export const REFRESH = { token_type_hint: 'refresh_token' };

/** Asks as the target's own client. */
const introspect = (session: Session, token: string, more: Record<string, string> = {}): Promise<Reply> =>
  session.call(INTROSPECT, { form: { ...clientMembers(session), token, ...more } });

/** RFC 7662 §2.2: nothing more is said. */
export function expectInactive(reply: Reply): void {
  expectStatus(reply, 200);
  expectEqual(reply, 'the body', reply.json(), { active: false });
}

export function expectActive(reply: Reply): void {
  expectStatus(reply, 200);
  expectEqual(reply, '"active"', reply.json().active, true);
}

const serviceToken = async (session: Session, member: 'access_token' | 'id_token') =>
  expectMember(await tokenAnswer(loginEndpoint, session, { scope: 'openid account:read' }), member, 'string');

/** Access tokens, which name no audience, are told of where the fake is told to. */
const toldToAnyClient = { risk: 'mock-only' as const, needs: [...loginEndpoint.needs, 'control' as const] };

/** Checks of what is said of living tokens and of dead ones. */
export const loginIntrospectionChecks = checksOf(
  { provider: 'sipgate', operation: INTROSPECT, evidence: 'engine', risk: 'read', needs: loginEndpoint.needs },
  [
    {
      id: 'sipgate.INT-01a',
      title: 'An ID token of the client is active, with its claims and what RFC 7662 adds',
      level: 'PARITY',
      clause: `${KEYCLOAK}; RFC 7662 §2.2 for the members`,
      run: async (session) => {
        const token = await serviceToken(session, 'id_token');
        const reply = await introspect(session, token);
        expectActive(reply);
        const claims = claimsOf(token);
        for (const name of ['exp', 'iat', 'iss', 'sub', 'aud', 'typ']) {
          expectEqual(reply, `"${name}"`, reply.json()[name], claims[name]);
        }
        const { id } = loginEndpoint.client(session.target);
        expectEqual(reply, '"client_id"', reply.json().client_id, id);
        expectEqual(reply, '"username"', reply.json().username, `service-account-${id}`);
        expectEqual(reply, '"token_type"', reply.json().token_type, 'ID');
        expectEqual(reply, 'Cache-Control', expectHeader(reply, 'Cache-Control'), 'no-cache');
      },
    },
    {
      id: 'sipgate.INT-01b',
      title: "The client's own access token is inactive to it: it names no audience",
      level: 'PARITY',
      clause: `${KEYCLOAK}; RFC 7662 §4 lets the server choose whom it tells`,
      run: async (session) => expectInactive(await introspect(session, await serviceToken(session, 'access_token'))),
    },
    {
      ...toldToAnyClient,
      id: 'sipgate.INT-01c',
      title: 'Where access tokens are told of, one is active, with its scope, its client and its kind',
      level: 'MUST',
      clause: 'RFC 7662 §2.2',
      run: (session) =>
        withSetting(session, 'sipgate', { introspectionAudience: 'any' }, async () => {
          const reply = await introspect(session, await serviceToken(session, 'access_token'));
          expectActive(reply);
          expectEqual(reply, '"scope"', reply.json().scope, 'openid account:read');
          expectEqual(reply, '"client_id"', reply.json().client_id, loginEndpoint.client(session.target).id);
          expectEqual(reply, '"token_type"', reply.json().token_type, 'Bearer');
        }),
    },
    {
      ...toldToAnyClient,
      id: 'sipgate.INT-04',
      title: 'exp and iat are numbers, as far from each other as expires_in said',
      level: 'MUST',
      clause: 'RFC 7662 §2.2',
      run: (session) =>
        withSetting(session, 'sipgate', { introspectionAudience: 'any' }, async () => {
          const granted = await tokenAnswer(loginEndpoint, session);
          const reply = await introspect(session, expectMember(granted, 'access_token', 'string'));
          expectActive(reply);
          const life = expectMember(reply, 'exp', 'number') - expectMember(reply, 'iat', 'number');
          expectEqual(reply, 'exp - iat', life, granted.json().expires_in);
        }),
    },
    {
      id: 'sipgate.INT-02a',
      title: 'What is no token is exactly {"active":false}, and so is an empty one',
      level: 'MUST',
      clause: 'RFC 7662 §2.2',
      run: async (session) => {
        for (const token of ['sidetone', 'a.b.c', '']) expectInactive(await introspect(session, token));
      },
    },
    {
      id: 'sipgate.INT-02b',
      title: 'A token is inactive where the hint says that it is of another kind',
      level: 'PARITY',
      clause: `${KEYCLOAK}; RFC 7662 §2.1 would have the server look further`,
      run: async (session) => {
        const token = await serviceToken(session, 'id_token');
        for (const hint of [REFRESH, { token_type_hint: 'requesting_party_token' }]) {
          expectInactive(await introspect(session, token, hint));
        }
      },
    },
    {
      ...toldToAnyClient,
      id: 'sipgate.INT-02c',
      title: 'A revoked access token is exactly {"active":false}',
      level: 'MUST',
      clause: 'RFC 7662 §2.2',
      run: (session) =>
        withSetting(session, 'sipgate', { introspectionAudience: 'any' }, async () => {
          const token = expectMember(await freshToken(loginEndpoint, session), 'access_token', 'string');
          expectActive(await introspect(session, token));
          await session.call('sipgate.revoke', { form: { ...clientMembers(session), token } });
          expectInactive(await introspect(session, token));
        }),
    },
    {
      id: 'sipgate.INT-03e',
      title: 'The client may prove itself by Basic',
      level: 'MUST',
      clause: 'RFC 7662 §2.1, RFC 6749 §2.3.1',
      run: async (session) => {
        const authorization = clientBasic(loginEndpoint.client(session.target));
        const form = { token: await serviceToken(session, 'id_token') };
        expectActive(await session.call(INTROSPECT, { form, authorization }));
      },
    },
    {
      id: 'sipgate.INT-08',
      title: 'A page of any origin is answered, and may not read it',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: async (session) => {
        const form = { ...clientMembers(session), token: 'sidetone' };
        const reply = await session.call(INTROSPECT, { form, headers: FOREIGN });
        expectInactive(reply);
        expectNoHeader(reply, ALLOWED);
      },
    },
  ],
);
