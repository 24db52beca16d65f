/** Any token endpoint: what a granted request is answered (RFC 6749 §5.1). */
import { type Check, checksOf } from '../check.ts';
import { expectEqual, expectHeader, expectMember, expectOAuthError, expectStatus, expectThat } from '../expect.ts';
import {
  expectUncacheable,
  freshToken,
  requestByHeader,
  requestToken,
  type TokenEndpoint,
  tokenAnswer,
  useToken,
} from './endpoint.ts';

/** Checks of the answer to a right request, and of what the token in it is good for. */
export function successChecks(endpoint: TokenEndpoint): Check[] {
  const { provider, operation, needs, evidence, scope, otherScope } = endpoint;
  return checksOf({ provider, operation, needs, evidence, risk: 'read' }, [
    {
      id: `${provider}.TOK-01`,
      title: 'A right request is 200, not 201',
      level: 'MUST',
      clause: 'RFC 6749 §5.1',
      run: async (session) => expectStatus(await requestToken(endpoint, session), 200),
    },
    {
      id: `${provider}.TOK-02`,
      title: `A token answer has the members ${endpoint.members.join(', ')}, in this order`,
      level: 'PARITY',
      clause: `${endpoint.engine}; RFC 6749 §5.1 leaves the order free`,
      run: async (session) => {
        const reply = await tokenAnswer(endpoint, session);
        expectEqual(reply, 'the members', Object.keys(reply.json()), endpoint.members);
      },
    },
    {
      id: `${provider}.TOK-03`,
      title: 'token_type is Bearer',
      level: 'MUST',
      clause: 'RFC 6749 §5.1, RFC 6750 §4; spelt as documented',
      run: async (session) => {
        const reply = await tokenAnswer(endpoint, session);
        expectEqual(reply, '"token_type"', reply.json().token_type, 'Bearer');
      },
    },
    {
      id: `${provider}.TOK-04`,
      title: 'A token answer is application/json',
      level: 'MUST',
      clause: 'RFC 6749 §5.1',
      run: async (session) => {
        const reply = await tokenAnswer(endpoint, session);
        const mediaType = expectHeader(reply, 'Content-Type').split(';')[0]?.trim().toLowerCase();
        expectEqual(reply, 'the media type', mediaType, 'application/json');
      },
    },
    {
      id: `${provider}.TOK-05`,
      title: 'A token answer is not to be stored: Cache-Control has no-store, Pragma is no-cache',
      level: 'MUST',
      clause: 'RFC 6749 §5.1',
      run: async (session) => {
        expectUncacheable(await tokenAnswer(endpoint, session));
      },
    },
    {
      id: `${provider}.TOK-06`,
      title: `expires_in is the number ${endpoint.expiresIn}`,
      level: 'PARITY',
      clause: 'documentation of the API; RFC 6749 §5.1, App. A.14 (a number, no string)',
      evidence: 'documented',
      run: async (session) => {
        const reply = await tokenAnswer(endpoint, session);
        expectEqual(reply, '"expires_in"', reply.json().expires_in, endpoint.expiresIn);
      },
    },
    {
      id: `${provider}.TOK-07`,
      title: 'The scope member has exactly the scopes that were asked for',
      level: 'MUST',
      clause: 'RFC 6749 §3.3, §5.1',
      run: async (session) => {
        const reply = await tokenAnswer(endpoint, session, { scope: `${otherScope} ${scope}` });
        const granted = expectMember(reply, 'scope', 'string').split(' ').sort();
        expectEqual(reply, 'the granted scopes', granted, [otherScope, scope].sort());
      },
    },
    {
      id: `${provider}.TOK-08`,
      title: 'The access token may travel in a header as it is (b64token)',
      level: 'MUST',
      clause: 'RFC 6750 §2.1',
      run: async (session) => {
        const reply = await tokenAnswer(endpoint, session);
        const token = expectMember(reply, 'access_token', 'string');
        expectThat(/^[A-Za-z0-9._~+/-]+=*$/.test(token), reply, 'expected an access token of b64token characters');
      },
    },
    {
      id: `${provider}.TOK-09`,
      title: 'Two requests get two tokens, and the second does not end the first',
      level: 'MUST',
      clause: 'RFC 6749 §10.10; that the first lives on is the engine',
      evidence: 'engine',
      run: async (session) => {
        const [first, second] = [await tokenAnswer(endpoint, session), await freshToken(endpoint, session)];
        const differ = first.json().access_token !== second.json().access_token;
        expectThat(differ, second, 'expected another access token than the first');
        expectStatus(await useToken(endpoint, session, first), 200);
      },
    },
    {
      id: `${provider}.TOK-10`,
      title: 'A charset parameter on the form media type changes nothing',
      level: 'SHOULD',
      clause: 'RFC 6749 App. B',
      evidence: 'engine',
      run: async (session) => {
        const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' };
        expectStatus(await requestToken(endpoint, session, {}, { headers }), 200);
      },
    },
    {
      id: `${provider}.TOK-11`,
      title: 'A parameter that nobody knows is ignored',
      level: 'MUST',
      clause: 'RFC 6749 §3.2',
      evidence: 'engine',
      run: async (session) => expectStatus(await requestToken(endpoint, session, { sidetone_unknown: '1' }), 200),
    },
    {
      id: `${provider}.TOK-12`,
      title: 'A token is good at the API as soon as it is issued',
      operation: endpoint.resource,
      level: 'PARITY',
      clause: 'documentation of the API',
      evidence: 'documented',
      run: async (session) => expectStatus(await useToken(endpoint, session, await freshToken(endpoint, session)), 200),
    },
    {
      id: `${provider}.CCR-02`,
      title: 'Client credentials get no refresh token',
      level: 'SHOULD',
      clause: 'RFC 6749 §4.4.3',
      run: async (session) => {
        const reply = await tokenAnswer(endpoint, session);
        expectEqual(reply, '"refresh_token"', reply.json().refresh_token, undefined);
      },
    },
    {
      id: `${provider}.CCR-04`,
      title: 'Without a scope the token opens what its scope member says and nothing else, or it is 400 invalid_scope',
      level: 'MUST',
      clause: 'RFC 6749 §3.3',
      evidence: 'engine',
      run: async (session) => {
        const reply = await requestToken(endpoint, session, { scope: undefined });
        if (reply.status !== 200) return expectOAuthError(reply, 400, 'invalid_scope');
        const { scope: granted = '' } = reply.json();
        const opens = String(granted)
          .split(' ')
          .some((name) => name === scope || name === 'all');
        expectStatus(await useToken(endpoint, session, reply), opens ? 200 : 403);
      },
    },
    {
      id: `${provider}.CAU-01`,
      title: 'A client may authenticate by Basic alone',
      level: 'MUST',
      clause: 'RFC 6749 §2.3.1',
      evidence: 'engine',
      run: async (session) => {
        const authorization = endpoint.basic(endpoint.client(session.target));
        expectStatus(await requestByHeader(endpoint, session, authorization), 200);
      },
    },
    {
      id: `${provider}.CAU-09`,
      title: endpoint.basicInAnyCase
        ? 'The scheme name Basic is accepted in any case'
        : 'The scheme name Basic is read in this spelling alone: bASIC is 401',
      level: endpoint.basicInAnyCase ? 'MUST' : 'PARITY',
      clause: endpoint.basicInAnyCase ? 'RFC 9110 §11.1' : 'Doorkeeper 5.5.0, measured; deviates from RFC 9110 §11.1',
      evidence: 'engine',
      run: async (session) => {
        const credentials = endpoint.basic(endpoint.client(session.target)).slice('Basic '.length);
        const status = endpoint.basicInAnyCase ? 200 : 401;
        expectStatus(await requestByHeader(endpoint, session, `bASIC ${credentials}`), status);
      },
    },
  ]);
}
