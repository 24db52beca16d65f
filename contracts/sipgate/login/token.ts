/** sipgate's login server: the token endpoint where Keycloak has its own ways (measured). */
import { checksOf } from '../../check.ts';
import {
  expectEmptyBody,
  expectEqual,
  expectHeader,
  expectMember,
  expectNoHeader,
  expectOAuthError,
  expectStatus,
} from '../../expect.ts';
import { bearer, type Session } from '../../session.ts';
import {
  clientForm,
  type FormChange,
  requestByHeader,
  requestToken,
  tokenAnswer,
} from '../../token-endpoint/endpoint.ts';
import { KEYCLOAK, loginEndpoint } from './endpoint.ts';

const endpoint = loginEndpoint;
const UNKEPT = 'no-store, must-revalidate, max-age=0';
/** Scopes with spaces, and what is granted; openid comes first. */
const SPACED = { ' ': '', '  ': '', 'openid  ': 'openid', 'account:read openid ': 'openid account:read' };
const UNKNOWN = '/auth/realms/third-party/protocol/openid-connect/sidetone';
/** What pages alone have. */
const PAGE_POLICY = 'Content-Security-Policy';

/** The right form with parameters added, which may repeat what is there. */
const withMore = (session: Session, more: [string, string][], change: FormChange = {}): [string, string][] => [
  ...Object.entries(clientForm(endpoint, session, change)),
  ...more,
];

/** Checks of requests, methods and paths. */
export const loginTokenChecks = checksOf(
  {
    provider: 'sipgate',
    operation: endpoint.operation,
    evidence: 'engine',
    risk: 'read',
    needs: endpoint.needs,
  },
  [
    {
      id: 'sipgate.TKE-02',
      title: 'An empty grant_type is 400 unsupported_grant_type',
      level: 'PARITY',
      clause: `${KEYCLOAK}; deviates from RFC 6749 §3.2, which has it omitted: invalid_request`,
      run: async (session) => {
        const reply = await requestToken(endpoint, session, { grant_type: '' });
        expectOAuthError(reply, 400, 'unsupported_grant_type');
      },
    },
    {
      id: 'sipgate.TKE-04',
      title: 'A grant_type sent twice is 400 invalid_request',
      level: 'MUST',
      clause: 'RFC 6749 §3.2, §5.2',
      run: async (session) => {
        const form = withMore(session, [['grant_type', 'client_credentials']]);
        expectOAuthError(await requestToken(endpoint, session, {}, { form }), 400, 'invalid_request');
      },
    },
    {
      id: 'sipgate.TKE-19',
      title: 'Even a parameter that nobody knows is 400 invalid_request when it is sent twice',
      level: 'PARITY',
      clause: `${KEYCLOAK}; RFC 6749 §3.2 says it of its own parameters`,
      run: async (session) => {
        const form = withMore(session, [
          ['sidetone_unknown', '1'],
          ['sidetone_unknown', '2'],
        ]);
        expectOAuthError(await requestToken(endpoint, session, {}, { form }), 400, 'invalid_request');
      },
    },
    {
      id: 'sipgate.TKE-20b',
      title: 'A wrong client is told before a parameter that was sent twice',
      level: 'PARITY',
      clause: `${KEYCLOAK}: order of its checks`,
      run: async (session) => {
        const form = withMore(session, [['scope', 'account:read']], { client_id: 'sidetone-no-such-client' });
        expectOAuthError(await requestToken(endpoint, session, {}, { form }), 401, 'invalid_client');
      },
    },
    {
      id: 'sipgate.TKE-23',
      title: 'A header DPoP that is no proof is 400 invalid_request',
      level: 'MUST',
      clause: `RFC 9449 §5 (which has invalid_dpop_proof); the code as ${KEYCLOAK}`,
      run: async (session) => {
        const reply = await requestToken(endpoint, session, {}, { headers: { dpop: 'sidetone' } });
        expectOAuthError(reply, 400, 'invalid_request');
      },
    },
    {
      id: 'sipgate.TKE-24a',
      title: 'A form of 1000 parameters is read, one of 1001 is 400 invalid_request',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: async (session) => {
        const spare = 1_000 - Object.keys(clientForm(endpoint, session)).length;
        const fill = (count: number) =>
          withMore(
            session,
            Array.from({ length: count }, (_, index) => [`sidetone_${index}`, '1']),
          );
        expectStatus(await requestToken(endpoint, session, {}, { form: fill(spare) }), 200);
        expectOAuthError(await requestToken(endpoint, session, {}, { form: fill(spare + 1) }), 400, 'invalid_request');
      },
    },
    {
      id: 'sipgate.TKE-24b',
      title: 'A value of 131072 characters is read, a longer one is 413',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: async (session) => {
        const sized = (length: number): [string, string][] => [['sidetone_unknown', 'x'.repeat(length)]];
        expectStatus(await requestToken(endpoint, session, {}, { form: withMore(session, sized(131_072)) }), 200);
        expectStatus(await requestToken(endpoint, session, {}, { form: withMore(session, sized(131_073)) }), 413);
      },
    },
    {
      id: 'sipgate.TKE-25',
      title: 'Two needless ampersands in the form are nothing, three are a parameter that was sent twice',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: async (session) => {
        const right = String(new URLSearchParams(clientForm(endpoint, session)));
        expectStatus(await requestToken(endpoint, session, {}, { form: `${right}&&` }), 200);
        const refused = await requestToken(endpoint, session, {}, { form: `${right}&&&` });
        expectOAuthError(refused, 400, 'invalid_request');
        expectEqual(refused, '"error_description"', refused.json().error_description, 'duplicated parameter');
      },
    },
    {
      id: 'sipgate.TKE-26',
      title: 'The refusal of a scope repeats all that was asked for',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: async (session) => {
        const reply = await requestToken(endpoint, session, { scope: 'account:read sidetone:none' });
        const error_description = 'Invalid scopes: account:read sidetone:none';
        expectEqual(reply, 'the body', reply.json(), { error: 'invalid_scope', error_description });
      },
    },
    {
      id: 'sipgate.TKE-27',
      title:
        'A scope of spaces alone is none, spaces behind the last scope are nothing, one before the first is invalid_scope',
      level: 'PARITY',
      clause: `${KEYCLOAK}; RFC 6749 §3.3 allows single spaces between scopes alone`,
      run: async (session) => {
        for (const [scope, granted] of Object.entries(SPACED)) {
          const reply = await requestToken(endpoint, session, { scope });
          expectStatus(reply, 200);
          expectEqual(reply, '"scope"', reply.json().scope, granted);
        }
        expectOAuthError(await requestToken(endpoint, session, { scope: ' openid' }), 400, 'invalid_scope');
      },
    },
    {
      id: 'sipgate.TKE-11',
      title: 'GET with a right query is 405 without Allow',
      level: 'PARITY',
      clause: `${KEYCLOAK}; deviates from RFC 9110 §15.5.6, which demands Allow`,
      run: async (session) => {
        const reply = await session.call(endpoint.operation, { method: 'GET', query: clientForm(endpoint, session) });
        expectStatus(reply, 405);
        expectNoHeader(reply, 'Allow');
      },
    },
    {
      id: 'sipgate.TKE-12',
      title: 'A right request as JSON or as plain text is 400 invalid_request',
      level: 'SHOULD',
      clause: 'RFC 6749 §4.4.2, App. B',
      run: async (session) => {
        const json = clientForm(endpoint, session);
        const asJson = await session.call(endpoint.operation, { json });
        expectOAuthError(asJson, 400, 'invalid_request');
        const asText = await requestToken(endpoint, session, {}, { headers: { 'content-type': 'text/plain' } });
        expectOAuthError(asText, 400, 'invalid_request');
      },
    },
    {
      id: 'sipgate.TKE-13a',
      title: 'Parameters in the query alone are not read: 400 invalid_request',
      level: 'SHOULD',
      clause: 'RFC 6749 §2.3.1, §4.4.2',
      run: async (session) => {
        const reply = await session.call(endpoint.operation, { query: clientForm(endpoint, session), form: {} });
        expectOAuthError(reply, 400, 'invalid_request');
      },
    },
    {
      id: 'sipgate.TKE-13b',
      title: 'Client credentials in the query beside a form are not read: 401 invalid_client',
      level: 'MUST',
      clause: 'RFC 6749 §2.3.1',
      run: async (session) => {
        const { client_id = '', client_secret = '', ...form } = clientForm(endpoint, session);
        const reply = await session.call(endpoint.operation, { query: { client_id, client_secret }, form });
        expectOAuthError(reply, 401, 'invalid_client');
      },
    },
    {
      id: 'sipgate.TKE-14',
      title: 'PUT and DELETE are 405 without Allow, and say so in JSON',
      level: 'PARITY',
      clause: `${KEYCLOAK}; deviates from RFC 9110 §15.5.6, which demands Allow`,
      needs: [],
      run: async (session) => {
        for (const method of ['PUT', 'DELETE']) {
          const reply = await session.call(endpoint.operation, { method });
          expectStatus(reply, 405);
          expectNoHeader(reply, 'Allow');
          expectMember(reply, 'error', 'string');
        }
      },
    },
    {
      id: 'sipgate.LGN-01',
      title: 'HEAD at the token endpoint is 405 without a body',
      level: 'MUST',
      clause: 'RFC 9110 §9.3.2, RFC 6749 §3.2',
      needs: [],
      run: async (session) => {
        const reply = await session.call(endpoint.operation, { method: 'HEAD' });
        expectStatus(reply, 405);
        expectEmptyBody(reply);
      },
    },
    {
      id: 'sipgate.LGN-03',
      title: 'An unknown path is 404, of a realm and outside of one, and says so in JSON',
      level: 'PARITY',
      clause: KEYCLOAK,
      needs: [],
      run: async (session) => {
        const reply = await session.callPath(UNKNOWN);
        expectStatus(reply, 404);
        expectMember(reply, 'error', 'string');
        const outside = await session.callPath('/auth/sidetone');
        expectStatus(outside, 404);
        expectEqual(outside, 'the body', outside.json(), { error: 'HTTP 404 Not Found' });
      },
    },
    {
      id: 'sipgate.LGN-03b',
      title:
        'POST to an unknown path beside the token endpoint is 405, elsewhere in a realm 404, and both say so in JSON',
      level: 'PARITY',
      clause: KEYCLOAK,
      needs: [],
      run: async (session) => {
        const rows: [path: string, status: number, error: string][] = [
          ['protocol/openid-connect/sidetone', 405, 'HTTP 405 Method Not Allowed'],
          ['protocol/openid-connect/sidetone/sidetone', 404, 'HTTP 404 Not Found'],
          ['sidetone/protocol/openid-connect/sidetone', 404, 'HTTP 404 Not Found'],
        ];
        for (const [path, status, error] of rows) {
          const reply = await session.callPath(`/auth/realms/third-party/${path}`, { method: 'POST' });
          expectStatus(reply, status);
          expectEqual(reply, 'the body', reply.json(), { error });
        }
        expectStatus(await session.callPath(UNKNOWN, { method: 'OPTIONS' }), 404);
      },
    },
    {
      id: 'sipgate.LGN-18',
      title: 'OPTIONS is 200 with Allow at the pages, and what a login leads to may not be kept by caches',
      operation: 'sipgate.authorize',
      level: 'PARITY',
      clause: KEYCLOAK,
      needs: [],
      run: async (session) => {
        for (const operation of ['sipgate.authorize', 'sipgate.authenticate', 'sipgate.consent']) {
          const reply = await session.call(operation, { method: 'OPTIONS' });
          expectStatus(reply, 200);
          expectEqual(reply, 'Allow', expectHeader(reply, 'Allow'), 'HEAD, POST, GET, OPTIONS');
          if (operation === 'sipgate.authorize') expectNoHeader(reply, 'Cache-Control');
          else expectEqual(reply, 'Cache-Control', expectHeader(reply, 'Cache-Control'), UNKEPT);
        }
      },
    },
    {
      id: 'sipgate.LGN-19',
      title: 'A slash behind the path of an endpoint is nothing',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: async (session) => {
        const path = '/auth/realms/third-party/protocol/openid-connect/token/';
        const form = clientForm(endpoint, session);
        expectStatus(await session.callPath(path, { method: 'POST', form }), 200);
      },
    },
    {
      id: 'sipgate.LGN-04',
      title: 'A token and a refusal both carry the security headers',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: async (session) => {
        const granted = await tokenAnswer(endpoint, session);
        for (const reply of [granted, await requestByHeader(endpoint, session, 'Basic !!!')]) {
          expectEqual(reply, 'Referrer-Policy', expectHeader(reply, 'Referrer-Policy'), 'no-referrer');
          expectEqual(reply, 'X-Frame-Options', expectHeader(reply, 'X-Frame-Options'), 'SAMEORIGIN');
          expectEqual(reply, 'X-Content-Type-Options', expectHeader(reply, 'X-Content-Type-Options'), 'nosniff');
          expectHeader(reply, 'Strict-Transport-Security');
          expectEqual(reply, 'Cache-Control', expectHeader(reply, 'Cache-Control'), 'no-store');
          expectNoHeader(reply, PAGE_POLICY);
        }
      },
    },
    {
      id: 'sipgate.LGN-04b',
      title: "An empty answer is plain text; it has a page's security headers where a form was posted, and only there",
      operation: 'sipgate.getLoginUserinfo',
      level: 'PARITY',
      clause: KEYCLOAK,
      needs: [],
      run: async (session) => {
        const toForm = await session.call('sipgate.getLoginUserinfoByForm', { form: {} });
        const toGet = await session.call('sipgate.getLoginUserinfo');
        for (const reply of [toForm, toGet]) {
          expectStatus(reply, 401);
          const mediaType = expectHeader(reply, 'Content-Type').split(';')[0];
          expectEqual(reply, 'the media type', mediaType, 'text/plain');
        }
        expectHeader(toForm, PAGE_POLICY);
        expectHeader(toForm, 'X-Frame-Options');
        expectNoHeader(toGet, PAGE_POLICY);
        expectNoHeader(toGet, 'X-Frame-Options');
      },
    },
    {
      id: 'sipgate.LGN-06',
      title: 'The alias deals tokens to the same clients, and they are good at the API',
      operation: 'sipgate.createTokenByAlias',
      level: 'PARITY',
      clause: 'sipgate API documentation: login/{realm}/protocol/openid-connect/token',
      evidence: 'documented',
      run: async (session) => {
        const reply = await session.call('sipgate.createTokenByAlias', { form: clientForm(endpoint, session) });
        expectStatus(reply, 200);
        const authorization = bearer(expectMember(reply, 'access_token', 'string'));
        expectStatus(await session.call(endpoint.resource, { authorization }), 200);
      },
    },
  ],
);
