/** SIPSIM API v2: the account, and the envelope that every answer comes in. */
import { checksOf } from '../check.ts';
import type { Reply } from '../client.ts';
import { expectEqual, expectHeader, expectMember, expectStatus, expectThat } from '../expect.ts';
import { bearer, type Session } from '../session.ts';
import { askAccount, sipsimEndpoint } from './endpoint.ts';

const PAGES = 'SIPSIM API pages';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const authorized = async (session: Session) => ({ authorization: bearer(await session.sipsimToken('account.read')) });

async function goodAccount(session: Session): Promise<Reply> {
  const reply = await askAccount(session, await authorized(session));
  expectStatus(reply, 200);
  return reply;
}

/** One error of each kind: 401, 403 and 404. */
const errors = (session: Session) => session.once('errors of the account', () => askForErrors(session));

async function askForErrors(session: Session): Promise<[Reply, number][]> {
  const authorization = bearer(await session.sipsimToken('calls.read'));
  return [
    [await askAccount(session), 401],
    [await askAccount(session, { authorization }), 403],
    [await session.callPath('/api/v2/sidetone-nothing', { authorization }), 404],
  ];
}

/** Checks of the envelope of success and of errors. */
export const sipsimAccountChecks = checksOf(
  {
    provider: 'sipsim',
    operation: sipsimEndpoint.resource,
    evidence: 'documented',
    risk: 'read',
    needs: sipsimEndpoint.needs,
  },
  [
    {
      id: 'sipsim.ACC-01',
      title: 'The account has a number as its id, a company_name and an email address',
      level: 'PARITY',
      clause: PAGES,
      run: async (session) => {
        const reply = await goodAccount(session);
        const { id, company_name: company, email } = expectMember(reply, 'data', 'object');
        expectThat(Number.isInteger(id), reply, `expected "id" to be a whole number, got ${JSON.stringify(id)}`);
        expectThat(typeof company === 'string' && company !== '', reply, 'expected a "company_name"');
        expectThat(typeof email === 'string' && email.includes('@'), reply, 'expected "email" to be an address');
      },
    },
    {
      id: 'sipsim.ACC-02',
      title: 'The envelope has status, request_id, timestamp and data, in this order',
      level: 'PARITY',
      clause: PAGES,
      run: async (session) => {
        const reply = await goodAccount(session);
        const members = ['status', 'request_id', 'timestamp', 'data'];
        expectEqual(reply, 'the members', Object.keys(reply.json()), members);
      },
    },
    {
      id: 'sipsim.ACC-03',
      title: 'request_id is a UUID, another one in each answer',
      level: 'PARITY',
      clause: PAGES,
      run: async (session) => {
        const replies = [
          await goodAccount(session),
          await session.call('sipsim.getAccount', await authorized(session)),
        ];
        const ids = replies.map((reply) => {
          const id = expectMember(reply, 'request_id', 'string');
          expectThat(UUID.test(id), reply, `expected "request_id" to be a UUID, got "${id}"`);
          return id;
        });
        expectThat(ids[0] !== ids[1], replies[1] as Reply, 'expected another "request_id" than before');
      },
    },
    {
      id: 'sipsim.ACC-04',
      title: 'timestamp is the time of the answer: UTC, whole seconds, with Z',
      level: 'PARITY',
      clause: PAGES,
      run: async (session) => {
        const reply = await goodAccount(session);
        const timestamp = expectMember(reply, 'timestamp', 'string');
        expectThat(
          /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(timestamp),
          reply,
          `expected UTC seconds, got ${timestamp}`,
        );
        const seconds = Math.abs(Date.parse(timestamp) - Date.parse(expectHeader(reply, 'Date'))) / 1000;
        expectThat(seconds <= 5, reply, `expected "timestamp" to agree with Date, it is ${seconds} s off`);
      },
    },
    {
      id: 'sipsim.ERR-04',
      title: 'An error has status, errors, request_id and path, in this order, and neither timestamp nor data',
      level: 'PARITY',
      clause: `${PAGES}: the one example of an error, a 409`,
      evidence: 'assumed',
      run: async (session) => {
        for (const [reply, status] of await errors(session)) {
          expectStatus(reply, status);
          const members = ['status', 'errors', 'request_id', 'path'];
          expectEqual(reply, 'the members', Object.keys(reply.json()), members);
        }
      },
    },
    {
      id: 'sipsim.ERR-05',
      title: 'The status member is the number of the HTTP status, in success as in errors',
      level: 'PARITY',
      clause: PAGES,
      run: async (session) => {
        for (const reply of [await goodAccount(session), ...(await errors(session)).map(([error]) => error)]) {
          expectEqual(reply, '"status"', reply.json().status, reply.status);
        }
      },
    },
    {
      id: 'sipsim.ERR-07',
      title: 'errors is a list of sentences, not empty',
      level: 'PARITY',
      clause: `${PAGES}: the one example of an error, a 409`,
      evidence: 'assumed',
      run: async (session) => {
        for (const [reply] of await errors(session)) {
          const sentences = expectMember(reply, 'errors', 'array');
          expectThat(sentences.length > 0, reply, 'expected "errors" to say something');
          expectThat(
            sentences.every((item) => typeof item === 'string' && item !== ''),
            reply,
            'expected sentences',
          );
        }
      },
    },
    {
      id: 'sipsim.ERR-09',
      title: 'The path member is the path that was asked for, without its query',
      level: 'PARITY',
      clause: `${PAGES}: the one example of an error, a 409`,
      evidence: 'assumed',
      needs: [],
      run: async (session) => {
        const reply = await session.callPath('/api/v2/sidetone-nothing', { query: { limit: '1' } });
        const path = expectMember(reply, 'path', 'string');
        expectThat(path.endsWith('/api/v2/sidetone-nothing'), reply, `expected the path of the request, got "${path}"`);
      },
    },
  ],
);
