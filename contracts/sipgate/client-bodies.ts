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
  withClient,
} from './own-client.ts';

const EXAMPLES = 'official example programs';
const JSON_TYPE = { 'content-type': 'application/json' };
const REQUIRED = ['name', 'description', 'redirectUris', 'webOrigins'];
/** For each member one value of a type that it does not have; for the lists, one with such an item. */
const WRONG_TYPES: Record<string, unknown>[] = [
  { name: 1 },
  { description: null },
  { redirectUris: [1] },
  { webOrigins: [null] },
  { privacyUrl: 1 },
  { termsUrl: ['https://sidetone.example/terms'] },
];
/** Unicode beyond the first plane, HTML, quotes and 255 characters in all. */
const LONG_NAME = `sidetone-Müller & Söhne 📞 <script>alert("ß")</script> 電話 \\ ' ${'x'.repeat(255)}`.slice(0, 255);

const refuse = (session: Session, options: CallOptions, status = 400) =>
  judgeCreation(session, options, (reply) => expectStatus(reply, status));

const without = (session: Session, name: string) =>
  Object.fromEntries(Object.entries(refusedInput(session)).filter(([key]) => key !== name));

/** Checks of POST and PUT bodies: syntax, media type, members, redirect URIs. */
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
      id: 'sipgate.HTP-10',
      title: 'Malformed JSON is 400',
      level: 'SHOULD',
      clause: EXAMPLES,
      run: (session) =>
        refuse(session, { body: JSON.stringify(clientInput(session)).slice(0, -1), headers: JSON_TYPE }),
    },
    {
      id: 'sipgate.HTP-11a',
      title: 'A body of another type than application/json is 415',
      level: 'SHOULD',
      clause: EXAMPLES,
      run: async (session) => {
        const body = JSON.stringify(clientInput(session));
        await refuse(session, { body, headers: { 'content-type': 'text/plain' } }, 415);
      },
    },
    {
      id: 'sipgate.HTP-11b',
      title: 'A body without a Content-Type is 415',
      level: 'SHOULD',
      clause: EXAMPLES,
      run: (session) => refuse(session, { body: JSON.stringify(clientInput(session)) }, 415),
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
      id: 'sipgate.HTP-12a',
      title: 'A member of a wrong type is 400, each of the six, and nothing is stored',
      level: 'MUST',
      clause: 'RFC 9110 §15.5.1; openapi.yaml',
      evidence: 'assumed',
      run: (session) =>
        expectNothingStored(session, async () => {
          for (const wrong of WRONG_TYPES) await refuse(session, { json: refusedInput(session, wrong) });
        }),
    },
    {
      id: 'sipgate.HTP-12b',
      title: 'A body that is JSON but no object is 400',
      level: 'MUST',
      clause: 'RFC 9110 §15.5.1; openapi.yaml',
      evidence: 'assumed',
      run: (session) => refuse(session, { json: [clientInput(session)] }),
    },
    {
      id: 'sipgate.HTP-12c',
      title: 'PUT without one of the required members is 400, and the client is as before',
      operation: 'sipgate.updateClient',
      level: 'MUST',
      clause: 'RFC 9110 §15.5.1; openapi.yaml',
      evidence: 'assumed',
      run: (session) =>
        withClient(session, async ({ id, secret, created }) => {
          const json = without(session, 'redirectUris');
          const options = { authorization: fullAccess(session), params: { clientId: id }, json };
          expectStatus(await session.call('sipgate.updateClient', options), 400);
          const reply = await readClient(session, id);
          expectClient(reply, reply.json(), { ...created.json(), clientSecret: secret });
        }),
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
      id: 'sipgate.CLI-11',
      title: 'A creation without one of the four required members is 400, each of them, and nothing is stored',
      level: 'MUST',
      clause: 'guide "Managing third-party clients"; RFC 7591 §3.2.2',
      evidence: 'assumed',
      run: (session) =>
        expectNothingStored(session, async () => {
          for (const name of REQUIRED) await refuse(session, { json: without(session, name) });
        }),
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
      title: 'A redirect URI that is relative, has a fragment or is a script is 400, and nothing is stored',
      level: 'MUST',
      clause: 'RFC 6749 §3.1.2, RFC 9700 §2.6',
      evidence: 'engine',
      run: (session) =>
        expectNothingStored(session, async () => {
          for (const uri of ['/callback', 'https://sidetone.example/callback#part', 'javascript:alert(1)']) {
            const redirectUris = ['https://sidetone.example/callback', uri];
            await refuse(session, { json: refusedInput(session, { redirectUris }) });
          }
        }),
    },
  ],
);
