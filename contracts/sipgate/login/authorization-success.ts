/** sipgate's login server: what a client is told by redirect when its user has logged in (RFC 6749 §4.1.2). */
import { checksOf } from '../../check.ts';
import type { Reply } from '../../client.ts';
import { expectEqual, expectHeader, expectStatus, expectThat } from '../../expect.ts';
import type { Session } from '../../session.ts';
import type { FormChange } from '../../token-endpoint/endpoint.ts';
import { expectRedirect } from './authorization-answers.ts';
import { arrive, ask, logIn, sharedBrowser } from './authorization-flow.ts';
import { AUTHORIZE, STATE, seededClient, withLoginClient } from './authorization-request.ts';
import { createBrowser } from './browser.ts';
import { readPage } from './browser-pages.ts';
import { KEYCLOAK } from './endpoint.ts';
import { issuerOf } from './metadata.ts';

/** The answer to the target's own client, for a user who is logged in and has consented. */
async function answered(session: Session, change: FormChange = {}): Promise<{ reply: Reply; redirectUri: string }> {
  const client = await seededClient(session);
  const reply = await arrive(session, await sharedBrowser(session), client, change);
  return { reply, redirectUri: client.redirectUri };
}

/** Checks of the answer with a code. */
export const loginAuthorizationSuccessChecks = checksOf(
  {
    provider: 'sipgate',
    operation: AUTHORIZE,
    evidence: 'engine',
    risk: 'write',
    needs: ['sipgate.client', 'sipgate.pat', 'sipgate.user'],
  },
  [
    {
      id: 'sipgate.AUT-08a',
      title: 'A user who logs in and consents is led to the client, with a code and the state byte for byte',
      level: 'MUST',
      clause: 'RFC 6749 §4.1.2',
      evidence: 'documented',
      run: async (session) => {
        const { reply, redirectUri } = await answered(session);
        const parameters = expectRedirect(reply, redirectUri);
        expectThat((parameters.get('code') ?? '') !== '', reply, 'expected a code');
        expectEqual(reply, '"state"', parameters.get('state'), STATE);
        expectEqual(reply, '"error"', parameters.get('error'), null);
      },
    },
    {
      id: 'sipgate.AUT-08b',
      title: 'The parameters of the answer are state, session_state, iss and code, in this order',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: async (session) => {
        const { reply, redirectUri } = await answered(session);
        const names = [...expectRedirect(reply, redirectUri).keys()];
        expectEqual(reply, 'the parameters', names, ['state', 'session_state', 'iss', 'code']);
      },
    },
    {
      id: 'sipgate.AUT-08c',
      title: 'The answer names the issuer, so that no other server can pass its codes off',
      level: 'MUST',
      clause: 'RFC 9207 §2, §2.4',
      run: async (session) => {
        const { reply, redirectUri } = await answered(session);
        const issuer = issuerOf(session.target.sipgate?.tokenUrl ?? '');
        expectEqual(reply, '"iss"', expectRedirect(reply, redirectUri).get('iss'), issuer);
      },
    },
    {
      id: 'sipgate.AUT-08e',
      title: 'Without state there is none in the answer, and an empty one comes back empty',
      level: 'MUST',
      clause: 'RFC 6749 §4.1.2',
      run: async (session) => {
        for (const state of [undefined, '']) {
          const { reply, redirectUri } = await answered(session, { state });
          expectEqual(reply, '"state"', expectRedirect(reply, redirectUri).get('state'), state ?? null);
        }
      },
    },
    {
      id: 'sipgate.AUT-08f',
      title: 'response_type=none logs in and gives no code',
      level: 'OPTIONAL',
      clause: 'OAuth 2.0 Multiple Response Types §4',
      run: async (session) => {
        const { reply, redirectUri } = await answered(session, { response_type: 'none' });
        const names = [...expectRedirect(reply, redirectUri).keys()];
        expectEqual(reply, 'the parameters', names, ['state', 'session_state', 'iss']);
      },
    },
    {
      id: 'sipgate.AUT-08g',
      title: 'A code has three parts, of which the second is session_state; no two codes are the same',
      level: 'PARITY',
      clause: `${KEYCLOAK}; RFC 6749 §10.10`,
      run: async (session) => {
        const codes: (string | null)[] = [];
        for (const { reply, redirectUri } of [await answered(session), await answered(session)]) {
          const parameters = expectRedirect(reply, redirectUri);
          const parts = (parameters.get('code') ?? '').split('.');
          expectEqual(reply, 'the number of parts', parts.length, 3);
          expectEqual(reply, 'the second part', parts[1], parameters.get('session_state'));
          expectThat(!codes.includes(parameters.get('code')), reply, 'expected another code than the one before');
          codes.push(parameters.get('code'));
        }
      },
    },
    {
      id: 'sipgate.AUT-09',
      title: 'What follows a password is a 302, which no browser repeats with the password in it',
      operation: 'sipgate.authenticate',
      level: 'MUST',
      clause: 'RFC 9700 §4.12 (never 307 or 308)',
      run: (session) =>
        withLoginClient(session, async (client) => {
          const browser = createBrowser(session);
          const posted = await logIn(session, browser, await ask(browser, client));
          expectStatus(posted, 302);
          const consented = await browser.submit(await browser.follow(posted), {}, 'accept');
          expectStatus(consented, 302);
        }),
    },
    {
      id: 'sipgate.AUT-13',
      title: 'An answer with a code is not stored, and does not tell where the browser came from',
      level: 'PARITY',
      clause: `${KEYCLOAK}; RFC 9700 §4.2.4`,
      run: async (session) => {
        const { reply, redirectUri } = await answered(session);
        expectRedirect(reply, redirectUri);
        expectEqual(
          reply,
          'Cache-Control',
          expectHeader(reply, 'Cache-Control'),
          'no-store, must-revalidate, max-age=0',
        );
        expectEqual(reply, 'Referrer-Policy', expectHeader(reply, 'Referrer-Policy'), 'no-referrer');
      },
    },
    {
      id: 'sipgate.AUT-15e',
      title: 'response_mode=fragment puts the code into the fragment, and nothing into the query',
      level: 'MUST',
      clause: 'OAuth 2.0 Multiple Response Types §2.1',
      run: async (session) => {
        const { reply, redirectUri } = await answered(session, { response_mode: 'fragment' });
        const parameters = expectRedirect(reply, redirectUri, 'fragment');
        expectThat((parameters.get('code') ?? '') !== '', reply, 'expected a code');
        expectEqual(reply, '"state"', parameters.get('state'), STATE);
      },
    },
    {
      id: 'sipgate.AUT-15f',
      title: 'response_mode=form_post is a page that posts code and state to the client',
      level: 'MUST',
      clause: 'OAuth 2.0 Form Post Response Mode §2',
      run: async (session) => {
        const { reply, redirectUri } = await answered(session, { response_mode: 'form_post' });
        expectStatus(reply, 200);
        const [form] = readPage(reply.text).forms;
        expectEqual(reply, "the form's method and action", [form?.method, form?.action], ['POST', redirectUri]);
        const sent = new Map(form?.fields.map(({ name, value }) => [name, value]));
        expectThat((sent.get('code') ?? '') !== '', reply, 'expected a code in the form');
        expectEqual(reply, '"state"', sent.get('state'), STATE);
      },
    },
  ],
);
