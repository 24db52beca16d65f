/** sipgate's login server: what a client is told by redirect when its authorization request is refused (RFC 6749 §4.1.2.1). */
import { type Check, checksOf } from '../../check.ts';
import type { Reply } from '../../client.ts';
import { expectEqual, expectHeader, expectNoHeader } from '../../expect.ts';
import type { Session } from '../../session.ts';
import type { FormChange } from '../../token-endpoint/endpoint.ts';
import { expectErrorPage, expectLoginPage, expectRedirect, expectRefusal } from './authorization-answers.ts';
import { BAD_SCOPE, refusals } from './authorization-refusals.ts';
import { AUTHORIZE, authorizationForm, authorize, STATE, seededClient } from './authorization-request.ts';
import { KEYCLOAK } from './endpoint.ts';

/** Of two faults the first one is told. */
const ORDER: [first: FormChange, second: FormChange, error: string][] = [
  [{ response_type: 'sidetone' }, { response_mode: 'sidetone' }, 'unsupported_response_type'],
  [{ response_mode: 'sidetone' }, { scope: BAD_SCOPE }, 'invalid_request'],
  [{ scope: BAD_SCOPE }, { code_challenge_method: 'S256' }, 'invalid_scope'],
  [{ scope: BAD_SCOPE }, { prompt: 'none' }, 'invalid_scope'],
  [{ code_challenge_method: 'S256' }, { prompt: 'none' }, 'invalid_request'],
];

const refused = async (session: Session, change: FormChange): Promise<Reply> =>
  authorize(session, await seededClient(session), change);

/** A right request with a parameter once more. */
async function twice(session: Session, name: string, value: string, change: FormChange = {}): Promise<Reply> {
  const client = await seededClient(session);
  const query: [string, string][] = [...Object.entries(authorizationForm(client, change)), [name, value]];
  return authorize(session, client, {}, { query });
}

/** Checks of refusals row by row, and of what is common to them. */
export const loginAuthorizationErrorChecks: Check[] = checksOf(
  {
    provider: 'sipgate',
    operation: AUTHORIZE,
    evidence: 'engine',
    risk: 'read',
    needs: ['sipgate.client', 'sipgate.pat'],
  },
  [
    ...refusals.map(({ change, error, place, description: _, ...described }) => ({
      ...described,
      run: async (session: Session) => {
        const { redirectUri } = await seededClient(session);
        const expected = { redirectUri, error, state: STATE, ...(place && { place }) };
        expectRefusal(await refused(session, change), expected);
      },
    })),
    {
      id: 'sipgate.AUT-40a',
      title: 'The parameters of a refusal are error, error_description if there is one, state and iss, in this order',
      level: 'PARITY',
      clause: `${KEYCLOAK}; RFC 6749 §4.1.2.1, RFC 9207 §2`,
      run: async (session) => {
        const { redirectUri } = await seededClient(session);
        for (const { change, description, place } of refusals) {
          const reply = await refused(session, change);
          const names = [...expectRedirect(reply, redirectUri, place).keys()];
          const described = description === undefined ? [] : ['error_description'];
          expectEqual(reply, 'the parameters', names, ['error', ...described, 'state', 'iss']);
        }
      },
    },
    {
      id: 'sipgate.AUT-40b',
      title: "error_description has Keycloak's words, row by row",
      level: 'PARITY',
      clause: KEYCLOAK,
      run: async (session) => {
        const { redirectUri } = await seededClient(session);
        for (const { change, description, place } of refusals) {
          const reply = await refused(session, change);
          const told = expectRedirect(reply, redirectUri, place).get('error_description');
          expectEqual(reply, '"error_description"', told, description ?? null);
        }
      },
    },
    {
      id: 'sipgate.AUT-40c',
      title: 'A refusal is not stored, sets no cookie, and does not tell where the browser came from',
      level: 'PARITY',
      clause: `${KEYCLOAK}; RFC 9700 §4.2.4`,
      run: async (session) => {
        const reply = await refused(session, { scope: BAD_SCOPE });
        expectEqual(
          reply,
          'Cache-Control',
          expectHeader(reply, 'Cache-Control'),
          'no-store, must-revalidate, max-age=0',
        );
        expectEqual(reply, 'Referrer-Policy', expectHeader(reply, 'Referrer-Policy'), 'no-referrer');
        expectNoHeader(reply, 'Set-Cookie');
      },
    },
    {
      id: 'sipgate.AUT-06a',
      title: 'A parameter sent twice is invalid_request, one that nobody knows too',
      level: 'MUST',
      clause: 'RFC 6749 §3.1, §4.1.2.1',
      run: async (session) => {
        const { redirectUri } = await seededClient(session);
        for (const [name, value] of [
          ['scope', 'balance:read'],
          ['response_type', 'code'],
          ['state', 'other'],
        ] as const) {
          const reply = await twice(session, name, value);
          expectRefusal(reply, { redirectUri, error: 'invalid_request', state: STATE });
        }
        const unknown = await twice(session, 'sidetone', '2', { sidetone: '1' });
        expectRefusal(unknown, { redirectUri, error: 'invalid_request', state: STATE });
      },
    },
    {
      id: 'sipgate.AUT-06b',
      title: 'Of two redirect URIs the first is told, and a second one that is not registered never',
      level: 'MUST',
      clause: 'RFC 6749 §3.1, RFC 9700 §4.11.2',
      run: async (session) => {
        const { redirectUri } = await seededClient(session);
        const reply = await twice(session, 'redirect_uri', 'https://evil.example/');
        expectRefusal(reply, { redirectUri, error: 'invalid_request', state: STATE });
      },
    },
    {
      id: 'sipgate.AUT-06c',
      title: "client_secret, which the vendor's programs send here, may stand twice",
      level: 'PARITY',
      clause: KEYCLOAK,
      run: async (session) =>
        expectLoginPage(await twice(session, 'client_secret', 'sidetone', { client_secret: 'sidetone' })),
    },
    {
      id: 'sipgate.AUT-16a',
      title: 'Of two faults the one is told that is checked first: type, mode, scope, PKCE, prompt',
      level: 'PARITY',
      clause: `${KEYCLOAK}: order of its checks`,
      run: async (session) => {
        const { redirectUri } = await seededClient(session);
        for (const [first, second, error] of ORDER) {
          expectRefusal(await refused(session, { ...first, ...second }), { redirectUri, error, state: STATE });
        }
      },
    },
    {
      id: 'sipgate.AUT-16b',
      title: 'A parameter sent twice is told after a bad response_type and before a bad scope',
      level: 'PARITY',
      clause: `${KEYCLOAK}: order of its checks`,
      run: async (session) => {
        const { redirectUri } = await seededClient(session);
        const type = await twice(session, 'sidetone', '2', { sidetone: '1', response_type: 'sidetone' });
        expectRefusal(type, { redirectUri, error: 'unsupported_response_type', state: STATE });
        const scope = await twice(session, 'sidetone', '2', { sidetone: '1', scope: BAD_SCOPE });
        expectRefusal(scope, { redirectUri, error: 'invalid_request', state: STATE });
      },
    },
    {
      id: 'sipgate.AUT-16c',
      title: 'A bad redirect URI is told before everything else of the request',
      level: 'MUST',
      clause: 'RFC 6749 §4.1.2.1',
      run: async (session) => {
        const redirect_uri = 'https://evil.example/';
        for (const { change } of refusals) expectErrorPage(await refused(session, { ...change, redirect_uri }));
      },
    },
  ],
);
