/** sipgate REST API: the life of an OAuth client, from its creation to its end. */
import { checksOf } from '../check.ts';
import { expectEmptyBody, expectEqual, expectMember, expectOAuthError, expectStatus, expectThat } from '../expect.ts';
import { required, type Session } from '../session.ts';
import {
  clientInput,
  expectClient,
  fullAccess,
  judgeCreation,
  listClientIds,
  type OwnClient,
  readClient,
  requestToken,
  withClient,
} from './own-client.ts';

const SPECIFICATION = 'sipgate REST API specification of 2022-07-11';
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
      id: 'sipgate.CLI-01',
      title: 'A creation is 200, not 201, with what was sent and an id',
      level: 'MUST',
      clause: SPECIFICATION,
      run: (session) =>
        judgeCreation(session, { json: clientInput(session, URLS) }, (reply) => {
          expectStatus(reply, 200);
          expectClient(reply, reply.json(), clientInput(session, URLS));
          expectThat(expectMember(reply, 'clientId', 'string') !== '', reply, 'expected an id');
        }),
    },
    {
      id: 'sipgate.CLI-02',
      title: 'A creation shows a secret, and another creation has another id and another secret',
      level: 'MUST',
      clause: 'RFC 7591 §3.2.1, RFC 6749 §10.10',
      evidence: 'assumed',
      run: (session) =>
        withClient(session, (one) =>
          withClient(session, async (other) => {
            expectThat(expectMember(one.created, 'clientSecret', 'string') !== '', one.created, 'expected a secret');
            expectThat(one.id !== other.id, other.created, 'expected another id than that of the client before');
            expectThat(one.secret !== other.secret, other.created, 'expected another secret than the one before');
          }),
        ),
    },
    {
      id: 'sipgate.CLI-04',
      title: 'GET by id equals what was created, secret included, and the list has it once',
      operation: 'sipgate.getClient',
      level: 'MUST',
      clause: SPECIFICATION,
      run: (session) =>
        withClient(session, async ({ id, secret, created }) => {
          const reply = await readClient(session, id);
          expectStatus(reply, 200);
          expectClient(reply, reply.json(), { ...created.json(), clientSecret: secret });
          const times = (await listClientIds(session)).filter((clientId) => clientId === id).length;
          expectEqual(reply, 'the number of times that the list has it', times, 1);
        }),
    },
    {
      id: 'sipgate.CLI-06',
      title: 'PUT replaces every member and keeps id and secret; what it does not name is emptied, not kept',
      operation: 'sipgate.updateClient',
      level: 'MUST',
      clause: `${SPECIFICATION}; RFC 9110 §9.3.4`,
      run: (session) => withClient(session, (client) => proveReplacement(session, client)),
    },
    {
      id: 'sipgate.CLI-08',
      title: 'DELETE is 202 with an empty body and the client is gone, also for a second DELETE',
      operation: 'sipgate.deleteClient',
      level: 'MUST',
      clause: SPECIFICATION,
      run: (session) =>
        withClient(session, async ({ id, remove }) => {
          const reply = await remove();
          expectStatus(reply, 202);
          expectEmptyBody(reply);
          expectStatus(await readClient(session, id), 404);
          expectStatus(await remove(), 404);
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
        const json = name === 'updateClient' ? { json: clientInput(session) } : {};
        expectStatus(await session.call(`sipgate.${name}`, { ...options, ...json }), 404);
      },
    })),
    {
      id: 'sipgate.CLI-21a',
      title: "gdpr is a client's privacyUrl and termsUrl and no more, without credentials",
      operation: 'sipgate.getGdprUrls',
      level: 'PARITY',
      clause: SPECIFICATION,
      risk: 'read',
      needs: ['sipgate.pat', 'sipgate.client'],
      run: async (session) => {
        const { id } = required(session.target.sipgate?.client);
        const reply = await session.call('sipgate.getGdprUrls', { params: { clientId: id } });
        expectStatus(reply, 200);
        const { privacyUrl, termsUrl } = (await readClient(session, id)).json();
        expectClient(reply, reply.json(), { privacyUrl, termsUrl });
        expectEqual(reply, 'the members', Object.keys(reply.json()).sort(), ['privacyUrl', 'termsUrl']);
      },
    },
    {
      id: 'sipgate.CLI-22',
      title: 'A new client may not ask for tokens with the password of a user: 400 unauthorized_client',
      level: 'PARITY',
      clause: 'Keycloak: direct access grants are off unless they are switched on',
      evidence: 'assumed',
      needs: ['sipgate.pat', 'sipgate.user'],
      run: (session) =>
        withClient(session, async (client) => {
          const { id: username, secret: password } = required(session.target.sipgate?.user);
          const form = { grant_type: 'password', username, password };
          expectOAuthError(await requestToken(session, client, form), 400, 'unauthorized_client');
        }),
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

/** The same PUT twice says the same (RFC 9110 §9.2.2), and so does GET; then one without the optional members. */
async function proveReplacement(session: Session, { id, secret }: OwnClient): Promise<void> {
  const lasting = { clientId: id, clientSecret: secret };
  const put = (json: unknown) => replace(session, id, json);
  for (const reply of [await put(REPLACEMENT), await put(REPLACEMENT), await readClient(session, id)]) {
    expectStatus(reply, 200);
    expectClient(reply, reply.json(), { ...REPLACEMENT, ...lasting });
  }
  const shorter = await put(clientInput(session));
  expectStatus(shorter, 200);
  expectClient(shorter, shorter.json(), { ...clientInput(session), ...lasting, privacyUrl: '', termsUrl: '' });
}
