/** SIPSIM's token endpoint's siblings: revocation, introspection, token info, as Doorkeeper has them. */
import { checksOf } from '../check.ts';
import type { Reply } from '../client.ts';
import {
  expectChallenge,
  expectEqual,
  expectMember,
  expectNoHeader,
  expectOAuthError,
  expectStatus,
  expectThat,
} from '../expect.ts';
import { basic, bearer, type CallOptions, required, type Session } from '../session.ts';
import { freshToken, tokenAnswer, useToken } from '../token-endpoint/endpoint.ts';
import { sipsimEndpoint } from './endpoint.ts';
import { ASSUMED } from './resource.ts';

const DOORKEEPER = 'Doorkeeper 5.5.0, measured; not documented by the vendor';
const endpoint = sipsimEndpoint;
const UNKNOWN = 'c2lkZXRvbmUtbm8tdG9rZW4';

const fresh = (session: Session) => freshToken(endpoint, session);
const textOf = (granted: Reply) => expectMember(granted, 'access_token', 'string');
const own = ({ target }: Session) => {
  const { id, secret } = endpoint.client(target);
  return { client_id: id, client_secret: secret };
};
const other = ({ target }: Session) => {
  const { id, secret } = required(target.sipsim?.clientAccountOnly);
  return { client_id: id, client_secret: secret };
};
const ask = (
  session: Session,
  what: 'revokeToken' | 'introspectToken',
  form: Record<string, string>,
  more?: CallOptions,
) => session.call(`sipsim.${what}`, { form, ...more });

/** Checks of the three questions about a token. */
export const sipsimTokenQuestionChecks = checksOf(
  { provider: 'sipsim', operation: 'sipsim.revokeToken', evidence: 'engine', risk: 'write', needs: endpoint.needs },
  [
    {
      id: 'sipsim.REV-01',
      title: 'A client revokes its token with 200 and {}, which then is 401; no other token dies',
      level: 'MUST',
      clause: 'RFC 7009 §2.2',
      run: async (session) => {
        const [doomed, spared] = [await fresh(session), await fresh(session)];
        const reply = await ask(session, 'revokeToken', { token: textOf(doomed), ...own(session) });
        expectStatus(reply, 200);
        expectEqual(reply, 'the body', reply.json(), {});
        expectStatus(await useToken(endpoint, session, doomed), 401);
        expectStatus(await useToken(endpoint, session, spared), 200);
      },
    },
    {
      id: 'sipsim.REV-02',
      title: 'An unknown token, or none, is 200 with {}; by Basic too',
      level: 'MUST',
      clause: 'RFC 7009 §2.2',
      run: async (session) => {
        for (const form of [{ token: UNKNOWN, ...own(session) }, own(session)]) {
          const reply = await ask(session, 'revokeToken', form);
          expectStatus(reply, 200);
          expectEqual(reply, 'the body', reply.json(), {});
        }
        const authorization = basic(endpoint.client(session.target));
        expectStatus(await ask(session, 'revokeToken', { token: UNKNOWN }, { authorization }), 200);
      },
    },
    {
      id: 'sipsim.REV-03',
      title:
        'A client that cannot be authenticated is 403 unauthorized_client without a challenge, and the token lives',
      level: 'PARITY',
      clause: `${DOORKEEPER}; deviates from RFC 7009 §2.1, which has 401 invalid_client`,
      run: async (session) => {
        const granted = await fresh(session);
        const token = textOf(granted);
        for (const form of [
          { token },
          { token, ...own(session), client_secret: 'sidetone-wrong-secret' },
          { token: UNKNOWN },
        ]) {
          const reply = await ask(session, 'revokeToken', form);
          expectOAuthError(reply, 403, 'unauthorized_client');
          expectNoHeader(reply, 'WWW-Authenticate');
        }
        expectStatus(await useToken(endpoint, session, granted), 200);
      },
    },
    {
      id: 'sipsim.REV-04',
      title: "Another client's token is 403 unauthorized_client, and lives",
      level: 'PARITY',
      clause: `${DOORKEEPER}; RFC 7009 §2.1 wants it refused`,
      needs: [...endpoint.needs, 'sipsim.clientAccountOnly'],
      run: async (session) => {
        const granted = await fresh(session);
        const form = { token: textOf(granted), ...other(session) };
        expectOAuthError(await ask(session, 'revokeToken', form), 403, 'unauthorized_client');
        expectStatus(await useToken(endpoint, session, granted), 200);
      },
    },
    {
      id: 'sipsim.REV-05',
      title:
        'A form that cannot be decoded, or JSON that breaks off, is 400 invalid_request, before the client is looked at',
      level: 'PARITY',
      clause: ASSUMED,
      evidence: 'assumed',
      needs: [],
      run: async (session) => {
        const json = { 'content-type': 'application/json' };
        for (const options of [{ form: 'token=%zz' }, { form: 'token=%4x' }, { body: '{"token":', headers: json }]) {
          expectOAuthError(await session.call('sipsim.revokeToken', options), 400, 'invalid_request');
        }
      },
    },
    {
      id: 'sipsim.INT-01',
      title: 'A living token is active with scope, client_id, token_type, exp and iat, in this order',
      operation: 'sipsim.introspectToken',
      level: 'MUST',
      clause: 'RFC 7662 §2.2',
      run: async (session) => {
        const granted = await tokenAnswer(endpoint, session, { scope: `${endpoint.scope} ${endpoint.otherScope}` });
        const reply = await ask(session, 'introspectToken', { token: textOf(granted), ...own(session) });
        expectStatus(reply, 200);
        const authorization = basic(endpoint.client(session.target));
        const byBasic = await ask(session, 'introspectToken', { token: textOf(granted) }, { authorization });
        expectEqual(byBasic, 'the answer to Basic', byBasic.json(), reply.json());
        const body = reply.json();
        const members = ['active', 'scope', 'client_id', 'token_type', 'exp', 'iat'];
        expectEqual(reply, 'the members', Object.keys(body), members);
        expectEqual(reply, 'scope', body.scope, granted.json().scope);
        expectEqual(reply, 'client_id', body.client_id, own(session).client_id);
        expectEqual(reply, 'the life', Number(body.exp) - Number(body.iat), granted.json().expires_in);
        expectEqual(reply, 'iat', body.iat, granted.json().created_at);
      },
    },
    {
      id: 'sipsim.INT-02',
      title: 'An unknown, a revoked and another client\'s token are exactly {"active":false}',
      operation: 'sipsim.introspectToken',
      level: 'MUST',
      clause: 'RFC 7662 §2.2',
      needs: [...endpoint.needs, 'sipsim.clientAccountOnly'],
      run: async (session) => {
        const [revoked, living] = [textOf(await fresh(session)), textOf(await fresh(session))];
        await ask(session, 'revokeToken', { token: revoked, ...own(session) });
        const cases = [
          { token: UNKNOWN, ...own(session) },
          { token: revoked, ...own(session) },
          { token: living, ...other(session) },
        ];
        for (const form of cases) {
          const reply = await ask(session, 'introspectToken', form);
          expectStatus(reply, 200);
          expectEqual(reply, 'the body', reply.json(), { active: false });
        }
      },
    },
    {
      id: 'sipsim.INT-03',
      title: 'Nobody is 400 invalid_request, a wrong secret 401 invalid_client',
      operation: 'sipsim.introspectToken',
      level: 'PARITY',
      clause: `${DOORKEEPER}; RFC 7662 §2.3 wants 401 for both`,
      run: async (session) => {
        const token = textOf(await fresh(session));
        expectOAuthError(await ask(session, 'introspectToken', { token }), 400, 'invalid_request');
        const wrong = { token, ...own(session), client_secret: 'sidetone-wrong-secret' };
        expectOAuthError(await ask(session, 'introspectToken', wrong), 401, 'invalid_client');
      },
    },
    {
      id: 'sipsim.INT-06',
      title:
        'Another access token of the same client may ask, the token itself or a dead one may not: 401 invalid_token',
      operation: 'sipsim.introspectToken',
      level: 'PARITY',
      clause: `${DOORKEEPER}; RFC 7662 §2.1`,
      run: async (session) => {
        const [token, asking] = [textOf(await fresh(session)), textOf(await fresh(session))];
        const reply = await ask(session, 'introspectToken', { token }, { authorization: bearer(asking) });
        expectStatus(reply, 200);
        expectEqual(reply, 'active', reply.json().active, true);
        for (const name of ['access_token', 'bearer_token']) {
          const inForm = await ask(session, 'introspectToken', { token, [name]: asking });
          expectEqual(inForm, `the answer to ${name} in the form`, inForm.json(), reply.json());
        }
        const refuses = async (form: Record<string, string>, text: string) =>
          expectOAuthError(
            await ask(session, 'introspectToken', form, { authorization: bearer(text) }),
            401,
            'invalid_token',
          );
        await refuses({ token }, token);
        await refuses({ token: UNKNOWN }, asking);
        await ask(session, 'revokeToken', { token: asking, ...own(session) });
        await refuses({ token }, asking);
      },
    },
    {
      id: 'sipsim.INT-07',
      title: "An access token may not ask about another client's: 401 invalid_token",
      operation: 'sipsim.introspectToken',
      level: 'PARITY',
      clause: `${DOORKEEPER}; RFC 7662 §2.1`,
      needs: [...endpoint.needs, 'sipsim.clientAccountOnly'],
      run: async (session) => {
        const strange = textOf(await tokenAnswer(endpoint, session, other(session)));
        const authorization = bearer(textOf(await fresh(session)));
        const reply = await ask(session, 'introspectToken', { token: strange }, { authorization });
        expectOAuthError(reply, 401, 'invalid_token');
      },
    },
    {
      id: 'sipsim.INF-01',
      title: 'A living token is told with its scopes as a list, its client and the seconds that it has left',
      operation: 'sipsim.getTokenInfo',
      level: 'PARITY',
      clause: DOORKEEPER,
      risk: 'read',
      run: async (session) => {
        const granted = await fresh(session);
        const reply = await session.call('sipsim.getTokenInfo', { authorization: bearer(textOf(granted)) });
        expectStatus(reply, 200);
        const body = reply.json();
        const members = ['resource_owner_id', 'scope', 'expires_in', 'application', 'created_at'];
        expectEqual(reply, 'the members', Object.keys(body), members);
        expectEqual(reply, 'scope', body.scope, String(granted.json().scope).split(' '));
        expectEqual(reply, 'application', body.application, { uid: own(session).client_id });
        const left = Number(body.expires_in);
        expectThat(left > 7190 && left <= 7200, reply, `expected nearly 7200 seconds to be left, got ${left}`);
      },
    },
    {
      id: 'sipsim.INF-02',
      title: 'Without a token, or with a random one, it is 401 invalid_token with state unauthorized and a challenge',
      operation: 'sipsim.getTokenInfo',
      level: 'PARITY',
      clause: DOORKEEPER,
      risk: 'read',
      needs: [],
      run: async (session) => {
        for (const options of [{}, { authorization: bearer(UNKNOWN) }]) {
          const reply = await session.call('sipsim.getTokenInfo', options);
          expectOAuthError(reply, 401, 'invalid_token');
          expectEqual(reply, 'state', reply.json().state, 'unauthorized');
          expectThat(expectMember(reply, 'error_description', 'string') !== '', reply, 'expected a description');
          expectEqual(reply, 'the error attribute', expectChallenge(reply, 'Bearer').parameters.error, 'invalid_token');
        }
      },
    },
  ],
);
