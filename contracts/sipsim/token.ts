/** SIPSIM's token endpoint, where Doorkeeper has its own ways. */
import { type Check, checksOf } from '../check.ts';
import {
  expectChallenge,
  expectEqual,
  expectHeader,
  expectMember,
  expectNoHeader,
  expectOAuthError,
  expectStatus,
  expectThat,
} from '../expect.ts';
import { required, type Session } from '../session.ts';
import { clientForm, type FormChange, requestToken, tokenAnswer } from '../token-endpoint/endpoint.ts';
import { refusalsOf } from '../token-endpoint/refusals.ts';
import { DOORKEEPER, sipsimEndpoint } from './endpoint.ts';

const endpoint = sipsimEndpoint;
const UNKNOWN_SCOPE = 'sidetone-no-such-scope';

interface Refusal {
  id: string;
  title: string;
  level: Check['level'];
  clause: string;
  changes: FormChange[];
  status: number;
  error: string;
}

const refusals: Refusal[] = [
  {
    id: 'sipsim.TKE-02',
    title: 'An empty grant_type, or a blank one, counts as none: 400 invalid_request',
    level: 'MUST',
    clause: 'RFC 6749 §3.2',
    changes: [{ grant_type: '' }, { grant_type: ' ' }],
    status: 400,
    error: 'invalid_request',
  },
  {
    id: 'sipsim.TKE-17',
    title: 'password is no grant here: 400 unsupported_grant_type',
    level: 'SHOULD',
    clause: 'SIPSIM authentication page (client credentials only); RFC 9700 §2.4',
    changes: [{ grant_type: 'password' }],
    status: 400,
    error: 'unsupported_grant_type',
  },
  {
    id: 'sipsim.TKE-20b',
    title: 'A wrong client is told before an unknown scope',
    level: 'PARITY',
    clause: `${DOORKEEPER}: order of its checks`,
    changes: [{ client_secret: 'sidetone-wrong-secret', scope: UNKNOWN_SCOPE }],
    status: 401,
    error: 'invalid_client',
  },
];

/** Checks of requests, methods and challenges. */
export const sipsimTokenChecks: Check[] = checksOf(
  { provider: 'sipsim', operation: endpoint.operation, evidence: 'engine', risk: 'read', needs: endpoint.needs },
  [
    ...refusals.map(({ changes, status, error, ...described }) => ({
      ...described,
      run: async (session: Session) => {
        for (const change of changes) expectOAuthError(await requestToken(endpoint, session, change), status, error);
      },
    })),
    {
      id: 'sipsim.TOK-15',
      title: 'created_at is the time of the answer in Unix seconds',
      level: 'PARITY',
      clause: 'SIPSIM authentication page',
      evidence: 'documented',
      run: async (session) => {
        const reply = await tokenAnswer(endpoint, session);
        const createdAt = expectMember(reply, 'created_at', 'number');
        const now = Date.parse(expectHeader(reply, 'Date')) / 1000;
        expectThat(Number.isInteger(createdAt), reply, 'expected created_at to be whole seconds');
        expectThat(Math.abs(createdAt - now) <= 5, reply, `expected created_at to be about ${now}, got ${createdAt}`);
      },
    },
    {
      id: 'sipsim.TKE-04',
      title: 'Of a grant_type sent twice the last one counts',
      level: 'PARITY',
      clause: 'Rails, by which Doorkeeper reads forms; deviates from RFC 6749 §3.2',
      run: async (session) => {
        const { grant_type: right = '', ...rest } = clientForm(endpoint, session);
        const ask = (first: string, last: string) => {
          const form: [string, string][] = [['grant_type', first], ...Object.entries(rest), ['grant_type', last]];
          return requestToken(endpoint, session, {}, { form });
        };
        expectOAuthError(await ask(right, 'sidetone_nothing'), 400, 'unsupported_grant_type');
        expectStatus(await ask('sidetone_nothing', right), 200);
      },
    },
    {
      id: 'sipsim.TKE-07',
      title: 'An integration that may not use client credentials is 401 unauthorized_client',
      level: 'MUST',
      clause: `SIPSIM authentication page for the code; ${DOORKEEPER} for the status, where RFC 6749 §5.2 has 400`,
      needs: ['sipsim.clientWithoutGrant'],
      run: async (session) => {
        const { id, secret } = required(session.target.sipsim?.clientWithoutGrant);
        const reply = await requestToken(endpoint, session, { client_id: id, client_secret: secret });
        expectOAuthError(reply, 401, 'unauthorized_client');
        expectThat(expectMember(reply, 'error_description', 'string') !== '', reply, 'expected a description');
      },
    },
    {
      id: 'sipsim.TKE-10',
      title: 'Every refusal, 400 as 401, has a Bearer challenge with a realm and the error of its body',
      level: 'PARITY',
      clause: `${DOORKEEPER}; RFC 6749 §5.2 wants the scheme that the client used, and none on 400`,
      run: async (session) => {
        for (const reply of await refusalsOf(endpoint, session)) {
          const { parameters } = expectChallenge(reply, 'Bearer');
          expectThat(Boolean(parameters.realm), reply, 'expected the challenge to name a realm');
          expectEqual(reply, 'the error attribute', parameters.error, expectMember(reply, 'error', 'string'));
        }
      },
    },
    {
      id: 'sipsim.TKE-22',
      title: 'A refusal has error and error_description, in words, and no other member',
      level: 'PARITY',
      clause: 'SIPSIM authentication page; Doorkeeper 5.5.0, measured',
      run: async (session) => {
        for (const reply of await refusalsOf(endpoint, session)) {
          expectEqual(reply, 'the members', Object.keys(reply.json()), ['error', 'error_description']);
          expectThat(expectMember(reply, 'error_description', 'string') !== '', reply, 'expected a description');
        }
      },
    },
    {
      id: 'sipsim.TKE-11',
      title: 'GET with a right query is 404 without Allow',
      level: 'PARITY',
      clause: 'Doorkeeper 5.5.0 on Rails 6.1.7, measured: no route; RFC 9110 §15.5.6 would have it 405',
      run: async (session) => {
        const reply = await session.call(endpoint.operation, { method: 'GET', query: clientForm(endpoint, session) });
        expectStatus(reply, 404);
        expectNoHeader(reply, 'Allow');
      },
    },
    {
      id: 'sipsim.TKE-12',
      title: 'A right request as JSON gets its token; JSON that is no object, or has no text for a grant_type, is 400',
      level: 'PARITY',
      clause: `${DOORKEEPER}; deviates from RFC 6749 §4.4.2, App. B`,
      run: async (session) => {
        const form = clientForm(endpoint, session);
        expectStatus(await session.call(endpoint.operation, { json: form }), 200);
        for (const json of [null, 7, [], { ...form, grant_type: 7 }]) {
          expectOAuthError(await session.call(endpoint.operation, { json }), 400, 'invalid_request');
        }
      },
    },
    {
      id: 'sipsim.TKE-12c',
      title: 'A right form that says it is plain text is not read: 400 invalid_request',
      level: 'PARITY',
      clause: 'Doorkeeper 5.5.0 on Rails 6.1.7, measured; RFC 6749 App. B',
      run: async (session) => {
        const body = new URLSearchParams(clientForm(endpoint, session)).toString();
        const options = { body, headers: { 'content-type': 'text/plain' } };
        expectOAuthError(await session.call(endpoint.operation, options), 400, 'invalid_request');
      },
    },
    {
      id: 'sipsim.TKE-12b',
      title: 'A right form without a Content-Type gets its token, and beside a query the query counts',
      level: 'PARITY',
      clause: 'Doorkeeper 5.5.0 on Rails 6.1.7, measured; RFC 6749 App. B has the Content-Type',
      run: async (session) => {
        const body = new URLSearchParams(clientForm(endpoint, session)).toString();
        expectStatus(await session.call(endpoint.operation, { body }), 200);
        const query = { client_secret: 'sidetone-wrong-secret' };
        const reply = await session.call(endpoint.operation, { form: clientForm(endpoint, session), query });
        expectOAuthError(reply, 401, 'invalid_client');
      },
    },
    {
      id: 'sipsim.TKE-13',
      title: 'A right request with everything in its query gets its token, beside an empty form and without a body',
      level: 'PARITY',
      clause: `${DOORKEEPER}; deviates from RFC 6749 §2.3.1`,
      run: async (session) => {
        const query = clientForm(endpoint, session);
        expectStatus(await session.call(endpoint.operation, { query, form: {} }), 200);
        expectStatus(await session.call(endpoint.operation, { query }), 200);
      },
    },
  ],
);
