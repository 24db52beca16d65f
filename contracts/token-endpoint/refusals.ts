/** Any token endpoint: how a wrong request is refused (RFC 6749 §5.2). */
import { type Check, checksOf } from '../check.ts';
import type { Reply } from '../client.ts';
import { expectEqual, expectHeader, expectMember, expectOAuthError, expectThat } from '../expect.ts';
import { basic, type Session } from '../session.ts';
import { expectUncacheable, type FormChange, requestByHeader, requestToken, type TokenEndpoint } from './endpoint.ts';

const NOBODY = { id: 'sidetone-no-such-client', secret: 'sidetone-wrong-secret' };
const UNKNOWN_SCOPE = 'sidetone-no-such-scope';
const CODES = ['invalid_request', 'invalid_client', 'invalid_grant', 'unauthorized_client'];
const REGISTERED = [...CODES, 'unsupported_grant_type', 'invalid_scope'];

interface Refusal {
  id: string;
  title: string;
  level: Check['level'];
  clause: string;
  /** What is wrong; each of them alone is refused the same way. */
  changes: FormChange[];
  error: string;
}

/** Checks of refusals on which both engines and the RFC agree. */
export function refusalChecks(endpoint: TokenEndpoint): Check[] {
  const { provider, operation, needs } = endpoint;
  return checksOf({ provider, operation, needs, evidence: 'engine', risk: 'read' }, [
    ...wrongForms(endpoint).map(({ id, title, level, clause, changes, error }) => ({
      id: `${provider}.${id}`,
      title,
      level,
      clause,
      run: async (session: Session) => {
        for (const change of changes) expectOAuthError(await requestToken(endpoint, session, change), 400, error);
      },
    })),
    {
      id: `${provider}.TKE-08`,
      title: 'Every refusal is JSON with a registered error code and a description',
      level: 'MUST',
      clause: 'RFC 6749 §5.2',
      run: async (session) => {
        for (const reply of await refusalsOf(endpoint, session)) {
          expectThat(expectHeader(reply, 'Content-Type').startsWith('application/json'), reply, 'expected JSON');
          const error = expectMember(reply, 'error', 'string');
          expectThat(REGISTERED.includes(error), reply, `expected a registered error code, got "${error}"`);
          expectMember(reply, 'error_description', 'string');
        }
      },
    },
    {
      id: `${provider}.TKE-09`,
      title: 'error and error_description hold no quote, backslash or control character',
      level: 'MUST',
      clause: 'RFC 6749 §5.2',
      run: async (session) => {
        for (const reply of await refusalsOf(endpoint, session)) {
          const said = [reply.json().error, reply.json().error_description].join('');
          expectThat(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/.test(said), reply, `expected plain characters, got ${said}`);
        }
      },
    },
    {
      id: `${provider}.TKE-21`,
      title: 'A refusal is not to be stored either',
      level: 'SHOULD',
      clause: 'both engines; RFC 6749 §5.2 shows it in its example',
      run: async (session) => {
        for (const reply of await refusalsOf(endpoint, session)) expectUncacheable(reply);
      },
    },
    {
      id: `${provider}.TKE-18`,
      title: 'A refusal repeats neither the secret nor the Authorization header',
      level: 'PARITY',
      clause: 'security practice: answers end in logs',
      run: async (session) => {
        const authorization = basic(NOBODY);
        for (const reply of [
          await requestToken(endpoint, session, { client_secret: NOBODY.secret }),
          await requestByHeader(endpoint, session, authorization),
        ]) {
          const said = JSON.stringify(reply.headers) + reply.text;
          const echo = [NOBODY.secret, authorization.slice('Basic '.length)].find((secret) => said.includes(secret));
          expectEqual(reply, 'what is repeated', echo, undefined);
        }
      },
    },
    {
      id: `${provider}.CAU-04`,
      title: 'An unknown client is 401 invalid_client, by form and by Basic',
      level: 'MUST',
      clause: 'RFC 6749 §5.2',
      run: async (session) => {
        expectOAuthError(await requestToken(endpoint, session, { client_id: NOBODY.id }), 401, 'invalid_client');
        expectOAuthError(await requestByHeader(endpoint, session, basic(NOBODY)), 401, 'invalid_client');
      },
    },
    {
      id: `${provider}.CAU-05a`,
      title: 'No client at all is 401 invalid_client',
      level: 'MUST',
      clause: 'RFC 6749 §3.2.1, §5.2',
      run: async (session) => {
        const nobody = { client_id: undefined, client_secret: undefined };
        expectOAuthError(await requestToken(endpoint, session, nobody), 401, 'invalid_client');
      },
    },
    {
      id: `${provider}.CAU-08`,
      title: 'Basic that is not Base64, or has no colon, is 401 invalid_client',
      level: 'MUST',
      clause: 'RFC 7617 §2, RFC 6749 §5.2',
      run: async (session) => {
        for (const authorization of ['Basic !!!', `Basic ${Buffer.from('nocolon').toString('base64')}`]) {
          expectOAuthError(await requestByHeader(endpoint, session, authorization), 401, 'invalid_client');
        }
      },
    },
    {
      id: `${provider}.CAU-11`,
      title: 'The right credentials under another scheme are 401 invalid_client',
      level: 'MUST',
      clause: 'RFC 6749 §5.2, RFC 9110 §11.6.1',
      run: async (session) => {
        const credentials = endpoint.basic(endpoint.client(session.target)).slice('Basic '.length);
        const reply = await requestByHeader(endpoint, session, `Bearer ${credentials}`);
        expectOAuthError(reply, 401, 'invalid_client');
      },
    },
  ]);
}

function wrongForms({ scope, otherScope, tabDividesScopes }: TokenEndpoint): Refusal[] {
  const [topic = scope, separator = ':'] = scope.split(/([.:])/);
  const badScope = (id: string, title: string, clause: string, scopes: string[], level: Check['level'] = 'MUST') => ({
    id,
    title,
    level,
    clause,
    changes: scopes.map((name) => ({ scope: name })),
    error: 'invalid_scope',
  });
  return [
    {
      id: 'TKE-01',
      title: 'Without grant_type the answer is 400 invalid_request, whoever asks',
      level: 'MUST',
      clause: 'RFC 6749 §5.2',
      changes: [{ grant_type: undefined, client_id: NOBODY.id }],
      error: 'invalid_request',
    },
    {
      id: 'TKE-03',
      title: 'An unknown grant_type is 400 unsupported_grant_type',
      level: 'MUST',
      clause: 'RFC 6749 §5.2',
      changes: [{ grant_type: 'sidetone_nothing' }],
      error: 'unsupported_grant_type',
    },
    {
      id: 'TKE-20a',
      title: 'An unknown grant_type is told before an unknown client',
      level: 'PARITY',
      clause: 'order of the checks of both engines',
      changes: [{ grant_type: 'sidetone_nothing', client_id: NOBODY.id, client_secret: NOBODY.secret }],
      error: 'unsupported_grant_type',
    },
    badScope('TKE-05a', 'An unknown scope is 400 invalid_scope', 'RFC 6749 §5.2', [UNKNOWN_SCOPE]),
    badScope(
      'TKE-05b',
      'One unknown scope among good ones refuses them all',
      'both engines; RFC 6749 §3.3 allows less',
      [`${scope} ${UNKNOWN_SCOPE}`],
    ),
    badScope('TKE-05c', 'Scopes are compared with their case', 'RFC 6749 §3.3', [scope.toUpperCase()]),
    badScope('TKE-05d', 'A scope that is the beginning of one, or a pattern for several, is none', 'RFC 6749 §3.3', [
      scope.slice(0, -1),
      `${topic}${separator}*`,
    ]),
    badScope(
      'TKE-06',
      tabDividesScopes
        ? 'A scope that holds a quote and a backslash is 400 invalid_scope'
        : 'A scope that holds a quote and a backslash, and two that a tab divides, are 400 invalid_scope',
      'RFC 6749 §3.3',
      [`"${scope}\\`, ...(tabDividesScopes ? [] : [`${scope}\t${otherScope}`])],
      'SHOULD',
    ),
  ];
}

/** One refusal of each kind: grant, client, scope. */
export async function refusalsOf(endpoint: TokenEndpoint, session: Session): Promise<Reply[]> {
  const wrong = [{ grant_type: 'sidetone_nothing' }, { client_id: NOBODY.id }, { scope: UNKNOWN_SCOPE }];
  const replies: Reply[] = [];
  for (const change of wrong) {
    const reply = await requestToken(endpoint, session, change);
    expectThat(reply.status === 400 || reply.status === 401, reply, 'expected a refusal: 400 or 401');
    replies.push(reply);
  }
  return replies;
}
