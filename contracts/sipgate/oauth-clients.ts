/** sipgate REST API: the life of an OAuth client, from its creation to its end. */
import { checksOf } from '../check.ts';
import { expectEmptyBody, expectEqual, expectMember, expectStatus, expectThat } from '../expect.ts';
import type { Session } from '../session.ts';
import { clientInput, expectClient, fullAccess, judgeCreation, readClient, withClient } from './own-client.ts';

const SPECIFICATION = 'sipgate REST API specification of 2022-07-11';
const GUIDE = 'guide "Managing third-party clients"';
const URLS = { privacyUrl: 'https://sidetone.example/privacy', termsUrl: 'https://sidetone.example/terms' };
const REPLACEMENT = {
  name: 'sidetone-replaced',
  description: 'Another one',
  redirectUris: ['https://sidetone.example/one', 'https://sidetone.example/two'],
  webOrigins: [],
  privacyUrl: 'https://sidetone.example/p',
  termsUrl: 'https://sidetone.example/t',
};

const replace = (session: Session, clientId: string, json: unknown) =>
  session.call('sipgate.updateClient', { authorization: fullAccess(session), params: { clientId }, json });

/** Checks of creating, reading, replacing and deleting. */
export const clientChecks = checksOf(
  {
    provider: 'sipgate',
    operation: 'sipgate.createClient',
    evidence: 'documented',
    risk: 'write',
    needs: ['sipgate.pat'],
  },
  [
    {
      id: 'sipgate.CLI-01a',
      title: 'A creation is 200, not 201, with what was sent and an id',
      level: 'MUST',
      clause: SPECIFICATION,
      run: (session) =>
        judgeCreation(session, { json: clientInput(URLS) }, (reply) => {
          expectStatus(reply, 200);
          expectClient(reply, reply.json(), clientInput(URLS));
          expectThat(expectMember(reply, 'clientId', 'string') !== '', reply, 'expected an id');
        }),
    },
    {
      id: 'sipgate.CLI-01b',
      title: "The guide's body, without privacyUrl and termsUrl, is enough, and both are empty then",
      level: 'PARITY',
      clause: GUIDE,
      run: (session) =>
        judgeCreation(session, { json: clientInput() }, (reply) => {
          expectStatus(reply, 200);
          expectClient(reply, reply.json(), { privacyUrl: '', termsUrl: '' });
        }),
    },
    {
      id: 'sipgate.CLI-02',
      title: 'The answers to two creations show a secret each, and differ in id and secret',
      level: 'MUST',
      clause: 'RFC 7591 §3.2.1, RFC 6749 §10.10',
      evidence: 'assumed',
      run: (session) =>
        withClient(session, (one) =>
          withClient(session, async (other) => {
            for (const { created } of [one, other]) {
              expectThat(expectMember(created, 'clientSecret', 'string') !== '', created, 'expected a secret');
            }
            expectThat(one.id !== other.id, other.created, 'expected another id than that of the client before');
            expectThat(one.secret !== other.secret, other.created, 'expected another secret than the one before');
          }),
        ),
    },
    {
      id: 'sipgate.CLI-04',
      title: 'GET by id equals what was created, secret included',
      operation: 'sipgate.getClient',
      level: 'MUST',
      clause: SPECIFICATION,
      run: (session) =>
        withClient(session, async ({ id, secret, created }) => {
          const reply = await readClient(session, id);
          expectStatus(reply, 200);
          expectClient(reply, reply.json(), { ...created.json(), clientSecret: secret });
        }),
    },
    {
      id: 'sipgate.CLI-05',
      title: 'The list has a created client exactly once',
      operation: 'sipgate.getClients',
      level: 'MUST',
      clause: SPECIFICATION,
      run: (session) =>
        withClient(session, async ({ id }) => {
          const reply = await session.call('sipgate.getClients', { authorization: fullAccess(session) });
          expectStatus(reply, 200);
          const clients = expectMember(reply, 'data', 'array') as Record<string, unknown>[];
          const found = clients.filter(({ clientId }) => clientId === id);
          expectEqual(reply, 'the number of times that the list has it', found.length, 1);
          expectClient(reply, found[0] ?? {}, clientInput());
        }),
    },
    {
      id: 'sipgate.CLI-06a',
      title: 'PUT replaces every member and keeps id and secret; the same PUT again and GET say the same',
      operation: 'sipgate.updateClient',
      level: 'MUST',
      clause: `${SPECIFICATION}; RFC 9110 §9.2.2`,
      run: (session) =>
        withClient(session, async ({ id, secret }) => {
          const expected = { ...REPLACEMENT, clientId: id, clientSecret: secret };
          const put = () => replace(session, id, REPLACEMENT);
          for (const reply of [await put(), await put(), await readClient(session, id)]) {
            expectStatus(reply, 200);
            expectClient(reply, reply.json(), expected);
          }
        }),
    },
    {
      id: 'sipgate.CLI-06b',
      title: 'PUT without privacyUrl and termsUrl empties them: it replaces, it does not merge',
      operation: 'sipgate.updateClient',
      level: 'PARITY',
      clause: 'RFC 9110 §9.3.4, RFC 7592 §2.2',
      evidence: 'assumed',
      run: (session) =>
        withClient(
          session,
          async ({ id }) => {
            const reply = await replace(session, id, clientInput());
            expectStatus(reply, 200);
            expectClient(reply, reply.json(), { privacyUrl: '', termsUrl: '' });
          },
          clientInput(URLS),
        ),
    },
    {
      id: 'sipgate.CLI-08',
      title: 'DELETE is 202 with an empty body, and the client is gone',
      operation: 'sipgate.deleteClient',
      level: 'MUST',
      clause: SPECIFICATION,
      run: (session) =>
        withClient(session, async ({ id, remove }) => {
          const reply = await remove();
          expectStatus(reply, 202);
          expectEmptyBody(reply);
          expectStatus(await readClient(session, id), 404);
        }),
    },
    ...['getClient', 'updateClient', 'deleteClient'].map((name, index) => ({
      id: `sipgate.CLI-14${'abc'[index]}`,
      title: `${name} of an unknown id is 404`,
      operation: `sipgate.${name}`,
      level: 'MUST' as const,
      clause: 'RFC 9110 §15.5.5',
      evidence: 'assumed' as const,
      risk: 'read' as const,
      run: async (session: Session) => {
        const options = { authorization: fullAccess(session), params: { clientId: 'sidetone-no-such-client' } };
        const json = name === 'updateClient' ? { json: clientInput() } : {};
        expectStatus(await session.call(`sipgate.${name}`, { ...options, ...json }), 404);
      },
    })),
    {
      id: 'sipgate.HTP-20',
      title: 'The second DELETE of a client is 404',
      operation: 'sipgate.deleteClient',
      level: 'PARITY',
      clause: 'RFC 9110 §15.5.5',
      evidence: 'assumed',
      run: (session) =>
        withClient(session, async ({ remove }) => {
          await remove();
          expectStatus(await remove(), 404);
        }),
    },
    {
      id: 'sipgate.CLI-21a',
      title: "gdpr is a client's privacyUrl and termsUrl, without credentials",
      operation: 'sipgate.getGdprUrls',
      level: 'PARITY',
      clause: SPECIFICATION,
      run: (session) =>
        withClient(
          session,
          async ({ id }) => {
            const reply = await session.call('sipgate.getGdprUrls', { params: { clientId: id } });
            expectStatus(reply, 200);
            expectClient(reply, reply.json(), URLS);
            expectEqual(reply, 'the members', Object.keys(reply.json()).sort(), Object.keys(URLS));
          },
          clientInput(URLS),
        ),
    },
    {
      id: 'sipgate.CLI-21b',
      title: 'gdpr of an unknown client is 404',
      operation: 'sipgate.getGdprUrls',
      level: 'MUST',
      clause: 'RFC 9110 §15.5.5',
      evidence: 'assumed',
      risk: 'read',
      needs: [],
      run: async (session) => {
        const params = { clientId: 'sidetone-no-such-client' };
        expectStatus(await session.call('sipgate.getGdprUrls', { params }), 404);
      },
    },
  ],
);
