/** sipgate's login server: the login page and what comes with it. */
import { type Check, checksOf } from '../../check.ts';
import type { Reply } from '../../client.ts';
import { expectEqual, expectHeader, expectNoHeader, expectThat } from '../../expect.ts';
import type { Session } from '../../session.ts';
import { expectErrorPage, expectLoginPage } from './authorization-answers.ts';
import { AUTHORIZE, authorize, seededClient } from './authorization-request.ts';
import { cookiesOf, formIn } from './browser.ts';
import { readPage } from './browser-pages.ts';
import { KEYCLOAK } from './endpoint.ts';
import { issuerOf } from './metadata.ts';

/** Of every page: by Keycloak's names and words. */
const PAGE_HEADERS: Record<string, string> = {
  'content-type': 'text/html;charset=utf-8',
  'content-language': 'en',
  'content-security-policy': "frame-src 'self'; frame-ancestors 'self'; object-src 'none';",
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'SAMEORIGIN',
  'x-robots-tag': 'none',
};

function expectHeaders(reply: Reply, expected: Record<string, string>): void {
  const given = Object.fromEntries(Object.keys(expected).map((name) => [name, reply.headers[name]]));
  expectEqual(reply, 'the headers', given, expected);
}

const loginPage = async (session: Session) => authorize(session, await seededClient(session));

/** Path of the realm's cookies. */
export const cookiePath = ({ target }: Session) => `${new URL(issuerOf(target.sipgate?.tokenUrl ?? '')).pathname}/`;

/** Checks of the page that anybody gets. */
export const loginPageChecks: Check[] = checksOf(
  {
    provider: 'sipgate',
    operation: AUTHORIZE,
    evidence: 'engine',
    risk: 'read',
    needs: ['sipgate.client', 'sipgate.pat'],
  },
  [
    {
      id: 'sipgate.AUT-10a',
      title: 'No other site can put the login page into a frame, or learns its address',
      level: 'MUST',
      clause: 'RFC 9700 §4.16, §4.2.4',
      run: async (session) => {
        const reply = await loginPage(session);
        expectLoginPage(reply);
        const { 'x-frame-options': frame = '', 'content-security-policy': policy = '' } = reply.headers;
        const framed = !/^(?:DENY|SAMEORIGIN)$/i.test(frame) && !/frame-ancestors '(?:self|none)'/.test(policy);
        expectEqual(reply, 'whether other sites may frame it', framed, false);
        expectEqual(reply, 'Referrer-Policy', expectHeader(reply, 'Referrer-Policy'), 'no-referrer');
      },
    },
    {
      id: 'sipgate.AUT-10b',
      title: "The login page has Keycloak's headers and is not stored",
      level: 'PARITY',
      clause: KEYCLOAK,
      run: async (session) => {
        const cache = { 'cache-control': 'no-store, must-revalidate, max-age=0' };
        expectHeaders(await loginPage(session), { ...PAGE_HEADERS, ...cache });
      },
    },
    {
      id: 'sipgate.AUT-10c',
      title: "An error page has Keycloak's headers, no Cache-Control and no cookie",
      level: 'PARITY',
      clause: KEYCLOAK,
      needs: [],
      run: async (session) => {
        const reply = await session.call(AUTHORIZE, { query: { client_id: 'sidetone-no-such-client' } });
        expectErrorPage(reply);
        expectHeaders(reply, PAGE_HEADERS);
        expectNoHeader(reply, 'Cache-Control');
        expectNoHeader(reply, 'Set-Cookie');
      },
    },
    {
      id: 'sipgate.AUT-50a',
      title: 'The page posts username and password to the login server itself, and holds neither',
      level: 'MUST',
      clause: `RFC 6749 §3.1; the names as ${KEYCLOAK}`,
      run: async (session) => {
        const reply = await loginPage(session);
        expectLoginPage(reply);
        const { action, method, fields } = formIn(reply);
        expectEqual(reply, "the form's method", method, 'POST');
        const origin = new URL(reply.request.url).origin;
        expectEqual(reply, "the origin of the form's action", new URL(action, reply.request.url).origin, origin);
        const types = Object.fromEntries(fields.map(({ name, type }) => [name, type]));
        const { username, password } = types;
        expectEqual(reply, 'the fields', { username, password }, { username: 'text', password: 'password' });
        const filled = fields.filter(({ name, value }) => name in { username, password } && value !== '');
        expectEqual(reply, 'the fields that hold something already', filled, []);
      },
    },
    {
      id: 'sipgate.AUT-50b',
      title: 'Each field that one fills in has a label, and the page a heading',
      level: 'SHOULD',
      clause: 'Web Content Accessibility Guidelines 2.2 §1.3.1, §3.3.2',
      run: async (session) => {
        const reply = await loginPage(session);
        const filled = formIn(reply).fields.filter(({ type }) => type !== 'hidden' && type !== 'submit');
        const bare = filled.filter(({ label = '' }) => label === '').map(({ name }) => name);
        expectEqual(reply, 'the fields without a label', bare, []);
        expectThat(readPage(reply.text).heading !== '', reply, 'expected a heading');
      },
    },
    {
      id: 'sipgate.AUT-60a',
      title: "The page's cookies are for the realm alone, and not for scripts but one that only tells of a change",
      level: 'PARITY',
      clause: `${KEYCLOAK}; RFC 6265 §4.1.2`,
      run: async (session) => {
        const reply = await loginPage(session);
        const cookies = Object.fromEntries(cookiesOf(reply).map(({ name, attributes }) => [name, attributes]));
        const names = ['AUTH_SESSION_ID', 'KC_AUTH_SESSION_HASH', 'KC_RESTART'];
        expectEqual(reply, 'the cookies', Object.keys(cookies).sort(), names);
        const paths = [...new Set(Object.values(cookies).map(({ path }) => path))];
        expectEqual(reply, 'their path', paths, [cookiePath(session)]);
        const open = names.filter((name) => cookies[name]?.httponly === undefined);
        expectEqual(reply, 'the cookies that scripts may read', open, ['KC_AUTH_SESSION_HASH']);
      },
    },
    {
      id: 'sipgate.AUT-60c',
      title:
        "Every browser keeps the page's cookies: over https they are Secure, over http neither Secure nor SameSite=None",
      level: 'PARITY',
      clause: `${KEYCLOAK}, but for http://localhost, which it takes for secure; RFC 6265bis §5.7 (what browsers drop)`,
      run: async (session) => {
        const reply = await loginPage(session);
        const safe = new URL(reply.request.url).protocol === 'https:';
        for (const { name, attributes } of cookiesOf(reply)) {
          expectEqual(reply, `whether ${name} is Secure`, attributes.secure !== undefined, safe);
          const anywhere = attributes.samesite?.toLowerCase() === 'none';
          expectThat(safe || !anywhere, reply, `expected ${name} to be SameSite=Lax or Strict`);
        }
      },
    },
  ],
);
