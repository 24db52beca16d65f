/** Short form: the clients at the root are those of /v2, and obey the same rules. */
import { checksOf } from '../check.ts';
import { expectEqual, expectStatus, expectThat } from '../expect.ts';
import { type CallOptions, required, type Session } from '../session.ts';
import {
  clientInput,
  expectClient,
  fullAccess,
  judgeCreation,
  listClients,
  readClient,
  withClient,
} from '../sipgate/own-client.ts';

const OWN = "Sidetone's own: no real host serves it";

/** Calls an operation of the root with full access. */
const call = (session: Session, name: string, clientId?: string, options: CallOptions = {}) =>
  session.call(`shortForm.${name}`, {
    authorization: fullAccess(session),
    ...(clientId !== undefined && { params: { clientId } }),
    ...options,
  });

/** Checks that whatever is done at one of the two is seen at the other. */
export const shortFormClientChecks = checksOf(
  {
    provider: 'shortForm',
    operation: 'shortForm.createClient',
    evidence: 'convenience',
    risk: 'write',
    needs: ['shortForm', 'sipgate.pat'],
  },
  [
    {
      id: 'shortForm.CLI-01',
      title: 'A client made at the root is 200, and /v2 has the same',
      level: 'PARITY',
      clause: OWN,
      run: (session) =>
        judgeCreation(session, { operation: 'shortForm.createClient', json: clientInput(session) }, async (created) => {
          expectStatus(created, 200);
          // Whether a creation shows the secret is sipgate.CLI-02's question.
          const { clientSecret: _, ...expected } = created.json();
          const reply = await readClient(session, String(expected.clientId));
          expectStatus(reply, 200);
          expectClient(reply, reply.json(), expected);
        }),
    },
    {
      id: 'shortForm.CLI-04',
      title: 'A client is the same by its id at the root and under /v2',
      operation: 'shortForm.getClient',
      level: 'PARITY',
      clause: OWN,
      risk: 'read',
      needs: ['shortForm', 'sipgate.pat', 'sipgate.client'],
      run: async (session) => {
        const { id } = required(session.target.sipgate?.client);
        const reply = await call(session, 'getClient', id);
        expectStatus(reply, 200);
        expectClient(reply, reply.json(), (await readClient(session, id)).json());
      },
    },
    {
      id: 'shortForm.CLI-05',
      title: 'The list at the root is the list of /v2',
      operation: 'shortForm.getClients',
      level: 'PARITY',
      clause: OWN,
      risk: 'read',
      needs: ['shortForm', 'sipgate.pat', 'sipgate.client'],
      run: async (session) => {
        const reply = await call(session, 'getClients');
        expectStatus(reply, 200);
        const own = await listClients(session);
        expectEqual(reply, '"data"', reply.json().data, own);
        expectThat(own.length > 0, reply, "expected the target's own client");
      },
    },
    {
      id: 'shortForm.CLI-06',
      title: 'PUT at the root replaces what /v2 has',
      operation: 'shortForm.updateClient',
      level: 'PARITY',
      clause: OWN,
      run: (session) =>
        withClient(session, async ({ id, secret }) => {
          const json = clientInput(session, { name: 'sidetone-replaced' });
          expectStatus(await call(session, 'updateClient', id, { json }), 200);
          const reply = await readClient(session, id);
          expectClient(reply, reply.json(), { ...json, clientId: id, clientSecret: secret });
        }),
    },
    {
      id: 'shortForm.CLI-08',
      title: 'DELETE at the root is 202, and /v2 has the client no more',
      operation: 'shortForm.deleteClient',
      level: 'PARITY',
      clause: OWN,
      run: (session) =>
        withClient(session, async ({ id, remove }) => {
          expectStatus(await remove('shortForm.deleteClient'), 202);
          expectStatus(await readClient(session, id), 404);
        }),
    },
    {
      id: 'shortForm.CLI-21',
      title: 'gdpr at the root is that of /v2, without credentials',
      operation: 'shortForm.getGdprUrls',
      level: 'PARITY',
      clause: OWN,
      risk: 'read',
      needs: ['shortForm', 'sipgate.client'],
      run: async (session) => {
        const params = { clientId: required(session.target.sipgate?.client).id };
        const reply = await session.call('shortForm.getGdprUrls', { params });
        expectStatus(reply, 200);
        const own = await session.call('sipgate.getGdprUrls', { params });
        expectEqual(reply, 'the body', reply.json(), own.json());
      },
    },
    {
      id: 'shortForm.CLI-14',
      title: 'GET, PUT and gdpr of an unknown id are 404 at the root',
      operation: 'shortForm.getClient',
      level: 'PARITY',
      clause: OWN,
      risk: 'read',
      run: async (session) => {
        const json = clientInput(session);
        for (const name of ['getClient', 'updateClient', 'getGdprUrls']) {
          const options = name === 'updateClient' ? { json } : {};
          expectStatus(await call(session, name, 'sidetone-no-such-client', options), 404);
        }
      },
    },
  ],
);
