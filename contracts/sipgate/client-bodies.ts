/** sipgate REST API: which bodies make or replace an OAuth client, and which are refused and leave no trace. */
import { checksOf } from '../check.ts';
import { expectStatus } from '../expect.ts';
import type { CallOptions, Session } from '../session.ts';
import {
  clientInput,
  expectClient,
  expectNothingStored,
  fullAccess,
  judgeCreation,
  readClient,
  refusedInput,
} from './own-client.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
/** Unicode beyond the first plane, HTML, quotes and 255 characters in all. */
const LONG_NAME = `sidetone-Müller & Söhne 📞 <script>alert("ß")</script> 電話 \\ ' ${'x'.repeat(255)}`.slice(0, 255);

const NO_REDIRECT_URIS = [
  '/callback',
  '/callback?next=https://sidetone.example/',
  'https://sidetone.example/callback#part',
  'https://sidetone.example/call back',
  'https://sidetone.example\\@evil.example/callback',
  'http:///callback',
  'https:///https://sidetone.example/',
  'javascript:alert(1)',
];

const refuse = (session: Session, options: CallOptions, status = 400) =>
  judgeCreation(session, options, (reply) => expectStatus(reply, status));

/** Checks of bodies beyond their schema, whose keywords are each violated elsewhere: size, emptiness, redirect URIs. */
export const clientBodyChecks = checksOf(
  {
    provider: 'sipgate',
    operation: 'sipgate.createClient',
    evidence: 'documented',
    risk: 'write',
    needs: ['sipgate.pat'],
  },
  [
    {
      id: 'sipgate.HTP-29',
      title: 'A body over 1 MiB is 413, and nothing is stored',
      level: 'SHOULD',
      clause: "RFC 9110 §15.5.14; the limit is the fake's",
      evidence: 'assumed',
      risk: 'mock-only',
      run: (session) =>
        expectNothingStored(session, async () => {
          const json = refusedInput(session, { description: 'x'.repeat(1_048_577) });
          const authorization = fullAccess(session);
          expectStatus(await session.call('sipgate.createClient', { authorization, json }), 413);
        }),
    },
    {
      id: 'sipgate.HTP-24',
      title: 'No body at all is 400',
      level: 'SHOULD',
      clause: 'RFC 9110 §15.5.1',
      evidence: 'assumed',
      run: (session) => refuse(session, { body: '', headers: JSON_TYPE }),
    },
    {
      id: 'sipgate.HTP-12d',
      title: 'An invalid body without credentials is 401: who may not ask learns nothing of the schema',
      level: 'PARITY',
      clause: 'openapi.yaml',
      evidence: 'assumed',
      needs: [],
      run: async (session) => {
        const broken = { body: '{"name":', headers: JSON_TYPE };
        expectStatus(await session.call('sipgate.createClient', broken), 401);
      },
    },
    {
      id: 'sipgate.CLI-13',
      title: "The guide's own body, with wildcards and without privacyUrl and termsUrl, is stored as it is",
      level: 'PARITY',
      clause: 'guide "Managing third-party clients"',
      run: (session) => {
        const wildcards = { redirectUris: ['https://*.example.com/*'], webOrigins: ['https://*.example.com'] };
        return judgeCreation(session, { json: clientInput(session, wildcards) }, (reply) => {
          expectStatus(reply, 200);
          expectClient(reply, reply.json(), { ...wildcards, privacyUrl: '', termsUrl: '' });
        });
      },
    },
    {
      id: 'sipgate.CLI-19',
      title: 'A name of 255 characters with Unicode and HTML is kept as it is',
      level: 'PARITY',
      clause: 'openapi.yaml: a string without bounds',
      evidence: 'assumed',
      run: (session) =>
        judgeCreation(session, { json: clientInput(session, { name: LONG_NAME }) }, async (created) => {
          expectStatus(created, 200);
          const reply = await readClient(session, String(created.json().clientId));
          expectClient(reply, reply.json(), { name: LONG_NAME });
        }),
    },
    {
      id: 'sipgate.CLI-12',
      title: 'A redirect URI that is relative, has a fragment or no host, or is a script is 400, and nothing is stored',
      level: 'MUST',
      clause: 'RFC 6749 §3.1.2, RFC 9700 §2.6; RFC 3986 §2, RFC 9110 §4.2.2',
      evidence: 'engine',
      run: (session) =>
        expectNothingStored(session, async () => {
          for (const uri of NO_REDIRECT_URIS) {
            const redirectUris = ['https://sidetone.example/callback', uri];
            await refuse(session, { json: refusedInput(session, { redirectUris }) });
          }
        }),
    },
  ],
);
