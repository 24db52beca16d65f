/** sipgate REST API: account, balance, users and userinfo. */
import { checksOf } from '../check.ts';
import type { Reply } from '../client.ts';
import { expectEqual, expectMember, expectStatus, expectThat } from '../expect.ts';
import { basic, bearer, required, type Session } from '../session.ts';
import { fullAccess } from './own-client.ts';

const SPECIFICATION = 'sipgate REST API specification of 2022-07-11';

async function read(session: Session, operation: string): Promise<Reply> {
  const reply = await session.once(`GET ${operation}`, () =>
    session.call(operation, { authorization: fullAccess(session) }),
  );
  expectStatus(reply, 200);
  return reply;
}

/** Checks of what these four answer, beyond the types that openapi.yaml declares. */
export const accountChecks = checksOf(
  {
    provider: 'sipgate',
    operation: 'sipgate.getAccount',
    evidence: 'documented',
    risk: 'read',
    needs: ['sipgate.pat'],
  },
  [
    {
      id: 'sipgate.ACC-01',
      title: 'The account has all five members, each of its type',
      level: 'PARITY',
      clause: SPECIFICATION,
      run: async (session) => {
        const reply = await read(session, 'sipgate.getAccount');
        for (const name of ['company', 'mainProductType', 'logoUrl', 'historyLifeTime']) {
          expectMember(reply, name, 'string');
        }
        expectEqual(reply, 'the type of "verified"', typeof reply.json().verified, 'boolean');
      },
    },
    {
      id: 'sipgate.ACC-02',
      title: 'The balance is a whole number of 1/10000 and an ISO 4217 code',
      operation: 'sipgate.getBalance',
      level: 'PARITY',
      clause: SPECIFICATION,
      run: async (session) => {
        const reply = await read(session, 'sipgate.getBalance');
        expectThat(Number.isInteger(expectMember(reply, 'amount', 'number')), reply, 'expected a whole amount');
        expectThat(/^[A-Z]{3}$/.test(expectMember(reply, 'currency', 'string')), reply, 'expected an ISO 4217 code');
      },
    },
    {
      id: 'sipgate.ACC-03',
      title: 'The users are at least one, and each has an id of its own, like w0',
      operation: 'sipgate.getAllUsers',
      level: 'PARITY',
      clause: SPECIFICATION,
      run: async (session) => {
        const reply = await read(session, 'sipgate.getAllUsers');
        const ids = idsOf(reply);
        expectThat(ids.length > 0 && ids.every((id) => /^w\d+$/.test(id)), reply, 'expected users with ids like w0');
        expectEqual(reply, 'the ids', ids, [...new Set(ids)]);
      },
    },
    {
      id: 'sipgate.ACC-04a',
      title: 'userinfo answers a personal access token whatever its scopes',
      operation: 'sipgate.userinfo',
      level: 'PARITY',
      clause: SPECIFICATION,
      evidence: 'assumed',
      needs: ['sipgate.patWithoutScope'],
      run: async (session) => {
        const authorization = basic(required(session.target.sipgate?.patWithoutScope));
        expectStatus(await session.call('sipgate.userinfo', { authorization }), 200);
      },
    },
    {
      id: 'sipgate.ACC-04b',
      title: 'userinfo answers an access token without any scope',
      operation: 'sipgate.userinfo',
      level: 'PARITY',
      clause: SPECIFICATION,
      evidence: 'assumed',
      needs: ['sipgate.client'],
      run: async (session) => {
        expectStatus(
          await session.call('sipgate.userinfo', { authorization: bearer(await session.sipgateToken()) }),
          200,
        );
      },
    },
    {
      id: 'sipgate.ACC-05',
      title: 'userinfo is 401 without credentials, although the specification asks for none',
      operation: 'sipgate.userinfo',
      level: 'PARITY',
      clause: 'scans of api.sipgate.com',
      evidence: 'observed',
      needs: [],
      run: async (session) => expectStatus(await session.call('sipgate.userinfo'), 401),
    },
    {
      id: 'sipgate.ACC-06',
      title: "userinfo names one of the account's users as sub",
      operation: 'sipgate.userinfo',
      level: 'PARITY',
      clause: SPECIFICATION,
      run: async (session) => {
        const users = idsOf(await read(session, 'sipgate.getAllUsers'));
        const reply = await read(session, 'sipgate.userinfo');
        const sub = expectMember(reply, 'sub', 'string');
        expectThat(users.includes(sub), reply, `expected sub to be one of ${users.join(', ')}, got "${sub}"`);
      },
    },
  ],
);

const idsOf = (reply: Reply) =>
  expectMember(reply, 'items', 'array').map((user) => String((user as { id?: unknown }).id));
