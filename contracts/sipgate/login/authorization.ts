/** sipgate's login server: the authorization endpoint, up to where there is a redirect URI that can be trusted. */
import { type Check, checksOf } from '../../check.ts';
import { expectEmptyBody, expectEqual, expectHeader, expectOAuthError, expectStatus } from '../../expect.ts';
import type { Session } from '../../session.ts';
import type { FormChange } from '../../token-endpoint/endpoint.ts';
import { expectErrorPage, expectLoginPage, expectRefusal } from './authorization-answers.ts';
import { AUTHORIZE, authorizationForm, authorize, paramsOf, STATE, seededClient } from './authorization-request.ts';
import { readPage } from './browser-pages.ts';
import { APP_REALM, KEYCLOAK } from './endpoint.ts';

const BY_FORM = 'sipgate.authorizeByForm';
const UNKNOWN = 'sidetone-no-such-client';

interface Page {
  id: string;
  title: string;
  level: Check['level'];
  clause: string;
  change: FormChange;
}

const pages: Page[] = [
  {
    id: 'sipgate.AUT-02a',
    title: 'An unknown client gets no redirect but a page with status 400',
    level: 'MUST',
    clause: 'RFC 6749 §4.1.2.1',
    change: { client_id: UNKNOWN },
  },
  {
    id: 'sipgate.AUT-02b',
    title: 'Without client_id there is no redirect but a page with status 400',
    level: 'MUST',
    clause: 'RFC 6749 §4.1.1, §4.1.2.1',
    change: { client_id: undefined },
  },
  {
    id: 'sipgate.AUT-19',
    title: 'A max_age that is no number is a page with status 400, not a redirect',
    level: 'PARITY',
    clause: `${KEYCLOAK}; RFC 6749 §4.1.2.1 would have it invalid_request`,
    change: { max_age: 'sidetone' },
  },
  {
    id: 'sipgate.AUT-20',
    title: 'A request object that cannot be read is a page with status 400, not a redirect',
    level: 'PARITY',
    clause: `${KEYCLOAK}; OpenID Connect Core §6 would have it invalid_request_object`,
    change: { request: 'sidetone' },
  },
];

/** Rows that end on a page, with the words of it. */
const WORDS: [change: FormChange, words: string][] = [
  [{ client_id: UNKNOWN }, 'Client not found.'],
  [{ client_id: undefined }, 'Invalid Request'],
  [{ redirect_uri: 'https://evil.example/' }, 'Invalid parameter: redirect_uri'],
];

/** Checks of requests that are answered by a page, and of methods. */
export const loginAuthorizationChecks: Check[] = checksOf(
  {
    provider: 'sipgate',
    operation: AUTHORIZE,
    evidence: 'engine',
    risk: 'read',
    needs: ['sipgate.client', 'sipgate.pat'],
  },
  [
    ...pages.map(({ change, ...described }) => ({
      ...described,
      run: async (session: Session) => expectErrorPage(await authorize(session, await seededClient(session), change)),
    })),
    {
      id: 'sipgate.AUT-02c',
      title: 'client_id sent twice is a page with status 400, whatever the second one is',
      level: 'MUST',
      clause: 'RFC 6749 §3.1, §4.1.2.1',
      run: async (session) => {
        const known = await seededClient(session);
        for (const second of [known.id, UNKNOWN]) {
          const query: [string, string][] = [...Object.entries(authorizationForm(known)), ['client_id', second]];
          expectErrorPage(await authorize(session, known, {}, { query }));
        }
      },
    },
    {
      id: 'sipgate.AUT-02d',
      title: 'A client is unknown in another realm than its own: a page with status 400',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: async (session) => {
        const own = session.target.sipgate?.tokenUrl.includes(`/${APP_REALM}/`);
        const params = { realm: own ? 'third-party' : APP_REALM };
        expectErrorPage(await authorize(session, await seededClient(session), {}, { params }));
      },
    },
    {
      id: 'sipgate.AUT-02e',
      title: 'A program that asks for JSON is told by JSON instead of a page',
      level: 'PARITY',
      clause: KEYCLOAK,
      needs: [],
      run: async (session) => {
        const headers = { accept: 'application/json' };
        const reply = await session.call(AUTHORIZE, { query: { client_id: UNKNOWN }, headers });
        expectOAuthError(reply, 400, 'Client not found.');
      },
    },
    {
      id: 'sipgate.AUT-02f',
      title: "The page names the reason, in Keycloak's words",
      level: 'PARITY',
      clause: KEYCLOAK,
      run: async (session) => {
        for (const [change, words] of WORDS) {
          const reply = await authorize(session, await seededClient(session), change);
          expectErrorPage(reply);
          expectEqual(reply, `whether the page says "${words}"`, readPage(reply.text).text.includes(words), true);
        }
      },
    },
    {
      id: 'sipgate.AUT-17a',
      title: 'POST takes the same parameters from a form',
      operation: BY_FORM,
      level: 'MUST',
      clause: 'OpenID Connect Core §3.1.2.1',
      run: async (session) => {
        const known = await seededClient(session);
        const send = (change: FormChange) =>
          session.call(BY_FORM, { params: paramsOf(known), form: authorizationForm(known, change) });
        expectLoginPage(await send({}));
        const { redirectUri } = known;
        const refused = await send({ response_type: 'sidetone' });
        expectRefusal(refused, { redirectUri, error: 'unsupported_response_type', state: STATE });
      },
    },
    {
      id: 'sipgate.AUT-17b',
      title: 'The query of a POST is not read, nor is a body of JSON: a page with status 400',
      operation: BY_FORM,
      level: 'PARITY',
      clause: KEYCLOAK,
      run: async (session) => {
        const known = await seededClient(session);
        const parameters = authorizationForm(known);
        expectErrorPage(await session.call(BY_FORM, { params: paramsOf(known), query: parameters }));
        expectErrorPage(await session.call(BY_FORM, { params: paramsOf(known), json: parameters }));
      },
    },
    {
      id: 'sipgate.AUT-18a',
      title: 'HEAD is answered as GET, without a body',
      level: 'MUST',
      clause: 'RFC 9110 §9.3.2',
      run: async (session) => {
        const reply = await authorize(session, await seededClient(session), {}, { method: 'HEAD' });
        expectStatus(reply, 200);
        expectHeader(reply, 'Content-Type');
        expectEmptyBody(reply);
      },
    },
  ],
);
