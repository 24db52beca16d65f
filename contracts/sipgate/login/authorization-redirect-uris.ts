/** sipgate's login server: which redirect URIs are led to (RFC 6749 §3.1.2), and that no other one ever is. */
import { checksOf } from '../../check.ts';
import { expectEqual, expectHeader, expectStatus } from '../../expect.ts';
import type { Session } from '../../session.ts';
import { expectErrorPage, expectLoginPage, expectRefusal } from './authorization-answers.ts';
import {
  AUTHORIZE,
  authorize,
  type LoginClient,
  STATE,
  seededClient,
  withLoginClient,
} from './authorization-request.ts';
import { KEYCLOAK } from './endpoint.ts';

const EVIL = 'evil.example';
const EXACT = 'https://sidetone.example/callback';
const WILDCARDS = 'sipgate API documentation: wildcards in redirect URIs';

async function refuse(session: Session, client: LoginClient, uris: string[]): Promise<void> {
  for (const redirect_uri of uris) {
    const reply = await authorize(session, client, { redirect_uri });
    expectEqual(reply, `the status for the redirect URI "${redirect_uri}"`, reply.status, 400);
    expectErrorPage(reply);
  }
}

/** With prompt=none the answer is a redirect at once, so it shows where to. */
async function accept(session: Session, client: LoginClient, uris: string[]): Promise<void> {
  for (const redirectUri of uris) {
    const reply = await authorize(session, client, { redirect_uri: redirectUri, prompt: 'none' });
    expectRefusal(reply, { redirectUri, error: 'login_required', state: STATE });
  }
}

/** A fresh client that has registered this one. */
const matching =
  (registered: string, { accepts, refuses }: { accepts: string[]; refuses: string[] }) =>
  (session: Session) =>
    withLoginClient(
      session,
      async (client) => {
        await accept(session, client, accepts);
        await refuse(session, client, refuses);
      },
      [registered],
    );

/** Checks of redirect URIs: the target's own ones for what must never work, fresh clients for the rest. */
export const loginRedirectUriChecks = checksOf(
  {
    provider: 'sipgate',
    operation: AUTHORIZE,
    evidence: 'engine',
    risk: 'write',
    needs: ['sipgate.pat'],
  },
  [
    {
      id: 'sipgate.AUT-01a',
      title: 'No other host is redirected to, however it is dressed up as the registered one',
      level: 'MUST',
      clause: 'RFC 6749 §3.1.2.4, RFC 9700 §4.1.3, §4.11.2',
      risk: 'read',
      needs: ['sipgate.client', 'sipgate.pat'],
      run: async (session) => {
        const client = await seededClient(session);
        const { protocol, host } = new URL(client.redirectUri);
        await refuse(session, client, [
          `${protocol}//${EVIL}/`,
          `${protocol}//${host}@${EVIL}/`,
          `${protocol}//${host}.${EVIL}/`,
          `${protocol}//${host}\\@${EVIL}/`,
          `${protocol}//${EVIL}/${client.redirectUri}`,
          `${protocol}//${EVIL}/?${client.redirectUri}`,
          `${protocol}//${EVIL}/#${client.redirectUri}`,
          `//${EVIL}/`,
        ]);
      },
    },
    {
      id: 'sipgate.AUT-01b',
      title: 'Scripts, data, relative references and the empty one are no redirect URIs',
      level: 'MUST',
      clause: 'RFC 6749 §3.1.2, RFC 9700 §4.1.3',
      risk: 'read',
      needs: ['sipgate.client', 'sipgate.pat'],
      run: async (session) => {
        const uris = ['javascript:alert(1)', 'data:text/html,x', 'urn:ietf:wg:oauth:2.0:oob', '/callback', ''];
        await refuse(session, await seededClient(session), uris);
      },
    },
    {
      id: 'sipgate.AUT-01c',
      title: 'A redirect URI is compared as a string: path, query, fragment, port, scheme and case count',
      level: 'MUST',
      clause: 'RFC 6749 §3.1.2.3, RFC 9700 §2.1',
      run: (session) =>
        withLoginClient(session, async (client) => {
          await accept(session, client, [EXACT]);
          await refuse(session, client, [
            `${EXACT}/`,
            `${EXACT}/more`,
            `${EXACT}?x=1`,
            `${EXACT}#part`,
            'https://sidetone.example/',
            'https://sidetone.example/CALLBACK',
            'https://SIDETONE.example/callback',
            'HTTPS://sidetone.example/callback',
            'http://sidetone.example/callback',
            'https://sidetone.example:8443/callback',
          ]);
        }),
    },
    {
      id: 'sipgate.AUT-01d',
      title: 'A wildcard host stands for subdomains, and for nothing else',
      level: 'MUST',
      clause: `${WILDCARDS}; RFC 9700 §4.1.1`,
      evidence: 'documented',
      run: matching('https://*.sidetone.example/callback', {
        accepts: ['https://one.sidetone.example/callback'],
        refuses: [
          'https://sidetone.example/callback',
          'https://evilsidetone.example/callback',
          `https://one.sidetone.example.${EVIL}/callback`,
          `https://${EVIL}/.sidetone.example/callback`,
          `https://${EVIL}#.sidetone.example/callback`,
          `https://${EVIL}?.sidetone.example/callback`,
          'http://one.sidetone.example/callback',
          'https://one.sidetone.example/other',
          'https://one.sidetone.example:8443/callback',
          'https://one.sidetone.example/callback2',
          'https://.sidetone.example/callback',
          'https://one..sidetone.example/callback',
          `${EVIL}:https://one.sidetone.example/callback`,
        ],
      }),
    },
    {
      id: 'sipgate.AUT-01e',
      title: 'A wildcard at the end of the path takes what follows, but no way back up',
      level: 'MUST',
      clause: `${WILDCARDS}; RFC 9700 §4.1.1`,
      evidence: 'documented',
      run: matching('https://sidetone.example/app/*', {
        accepts: ['https://sidetone.example/app/', 'https://sidetone.example/app/one/two'],
        refuses: [
          'https://sidetone.example/other',
          'https://sidetone.example/app/../other',
          'https://sidetone.example/app/%2e%2e/other',
          'https://sidetone.example/app/..?x=1',
          'https://sidetone.example/app/one\\two',
          'https://user:password@sidetone.example/app/',
        ],
      }),
    },
    {
      id: 'sipgate.AUT-01k',
      title: 'A wildcard behind a slash takes the path without that slash too',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: matching('https://sidetone.example/app/*', {
        accepts: ['https://sidetone.example/app'],
        refuses: ['https://sidetone.example/ap', 'https://sidetone.example/apple'],
      }),
    },
    {
      id: 'sipgate.AUT-01f',
      title: 'A redirect URI keeps its query and its fragment; parameters are added between the two',
      level: 'MUST',
      clause: `RFC 6749 §3.1.2; the fragment as ${KEYCLOAK}`,
      run: (session) =>
        withLoginClient(
          session,
          async (client) => {
            const redirectUri = 'https://sidetone.example/app/x?y=1&z=%20a';
            await accept(session, client, [redirectUri]);
            const fragment = await authorize(session, client, { redirect_uri: `${redirectUri}#part`, prompt: 'none' });
            expectStatus(fragment, 302);
            const [before, after] = expectHeader(fragment, 'Location').split('#');
            expectEqual(fragment, 'the fragment', after, 'part');
            expectEqual(fragment, 'whether the query is kept', before?.startsWith(`${redirectUri}&error=`), true);
          },
          ['https://sidetone.example/app/*'],
        ),
    },
    {
      id: 'sipgate.AUT-01g',
      title: 'A redirect URI that has a state of its own is refused',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: (session) =>
        withLoginClient(session, (client) => refuse(session, client, ['https://sidetone.example/app/?state=mine']), [
          'https://sidetone.example/app/*',
        ]),
    },
    {
      id: 'sipgate.AUT-01h',
      title: 'redirect_uri may be left out by a client that has registered exactly one',
      level: 'MUST',
      clause: 'RFC 6749 §3.1.2.3',
      run: (session) =>
        withLoginClient(session, async (client) => {
          expectLoginPage(await authorize(session, client, { redirect_uri: undefined }));
          const reply = await authorize(session, client, { redirect_uri: undefined, prompt: 'none' });
          expectRefusal(reply, { redirectUri: EXACT, error: 'login_required', state: STATE });
        }),
    },
    {
      id: 'sipgate.AUT-01j',
      title: 'Of the one redirect URI that may be left out, a wildcard path is left out too',
      level: 'PARITY',
      clause: KEYCLOAK,
      run: (session) =>
        withLoginClient(
          session,
          async (client) => {
            const reply = await authorize(session, client, { redirect_uri: undefined, prompt: 'none' });
            const redirectUri = 'https://sidetone.example/app';
            expectRefusal(reply, { redirectUri, error: 'login_required', state: STATE });
          },
          ['https://sidetone.example/app/*'],
        ),
    },
    {
      id: 'sipgate.AUT-01i',
      title: 'redirect_uri must be sent by a client with several, and by one with none',
      level: 'MUST',
      clause: 'RFC 6749 §3.1.2.3',
      run: async (session) => {
        for (const registered of [[EXACT, 'https://sidetone.example/other'], []]) {
          await withLoginClient(
            session,
            async (client) => expectErrorPage(await authorize(session, client, { redirect_uri: undefined })),
            registered,
          );
        }
      },
    },
    {
      id: 'sipgate.AUT-11a',
      title: 'A native app may take any port of a loopback address that is registered without one',
      level: 'MUST',
      clause: 'RFC 8252 §7.3',
      run: matching('http://127.0.0.1/callback', {
        accepts: ['http://127.0.0.1:51004/callback', 'http://127.0.0.1/callback'],
        refuses: ['http://127.0.0.1:51004/other', 'https://127.0.0.1:51004/callback'],
      }),
    },
    {
      id: 'sipgate.AUT-11b',
      title: 'A wildcard port stands for any port of that host',
      level: 'PARITY',
      clause: WILDCARDS,
      evidence: 'assumed',
      run: matching('http://localhost:*/callback', {
        accepts: ['http://localhost:3000/callback', 'http://localhost:51004/callback'],
        refuses: [
          `http://localhost:3000@${EVIL}/callback`,
          `http://localhost:${EVIL}/callback`,
          'http://localhost:3000/other',
        ],
      }),
    },
    {
      id: 'sipgate.AUT-11c',
      title: 'A wildcard port without a path stands for any port and any path, and not for no port',
      level: 'PARITY',
      clause: WILDCARDS,
      evidence: 'assumed',
      run: matching('http://localhost:*', {
        accepts: ['http://localhost:3000', 'http://localhost:51004/callback'],
        refuses: ['http://localhost/callback', 'https://localhost:3000/callback', `http://${EVIL}:3000/callback`],
      }),
    },
    {
      id: 'sipgate.AUT-11d',
      title: 'A native app may have a URI scheme of its own, which is compared as it stands',
      level: 'MUST',
      clause: 'RFC 8252 §7.1, RFC 6749 §3.1.2.3',
      run: matching('example.sidetone:/callback', {
        accepts: ['example.sidetone:/callback'],
        refuses: ['example.sidetone:/callback/more', 'example.sidetone.evil:/callback'],
      }),
    },
  ],
);
