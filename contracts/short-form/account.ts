/** Short form: /account at the root answers for the API that the credential belongs to. */
import { checksOf } from '../check.ts';
import { expectEmptyBody, expectEqual, expectHeader, expectMember, expectStatus, expectThat } from '../expect.ts';
import { basic, bearer, required, type Session } from '../session.ts';
import { fullAccess } from '../sipgate/own-client.ts';
import { accountAnswer } from '../sipgate/shared-answers.ts';

const OWN = "Sidetone's own: no real host serves it";
const ask = (session: Session, authorization: string) => session.call('shortForm.getAccount', { authorization });

/** Checks of /account, and of what every path at the root does. */
export const shortFormAccountChecks = checksOf(
  {
    provider: 'shortForm',
    operation: 'shortForm.getAccount',
    evidence: 'convenience',
    risk: 'read',
    needs: ['shortForm', 'sipgate.pat'],
  },
  [
    {
      id: 'shortForm.ACC-01',
      title: 'A personal access token gets what /v2/account has',
      level: 'PARITY',
      clause: OWN,
      run: async (session) => {
        const reply = await ask(session, fullAccess(session));
        expectStatus(reply, 200);
        const own = await accountAnswer(session);
        expectEqual(reply, 'the body', reply.json(), own.json());
      },
    },
    {
      id: 'shortForm.ACC-02',
      title: 'A SIPSIM access token gets what /api/v2/account has',
      level: 'PARITY',
      clause: OWN,
      needs: ['shortForm', 'sipsim.client'],
      run: async (session) => {
        const authorization = bearer(await session.sipsimToken('account.read'));
        const reply = await ask(session, authorization);
        expectStatus(reply, 200);
        const own = await session.call('sipsim.getAccount', { authorization });
        expectEqual(reply, '"data"', expectMember(reply, 'data', 'object'), own.json().data);
      },
    },
    {
      id: 'shortForm.BRR-01',
      title: "Without credentials the answer is 401 in sipgate's form: empty, with Basic and Bearer challenges",
      level: 'PARITY',
      clause: OWN,
      needs: ['shortForm'],
      run: async (session) => {
        const reply = await session.call('shortForm.getAccount');
        expectStatus(reply, 401);
        expectEmptyBody(reply);
        const challenges = expectHeader(reply, 'WWW-Authenticate');
        expectThat(/Basic .*Bearer /.test(challenges), reply, 'expected challenges for Basic and Bearer');
      },
    },
    {
      id: 'shortForm.BAS-02',
      title: 'A wrong token for a known token id is 401',
      level: 'PARITY',
      clause: OWN,
      run: async (session) => {
        const { id } = required(session.target.sipgate?.pat);
        expectStatus(await ask(session, basic({ id, secret: '00000000-0000-4000-8000-000000000000' })), 401);
      },
    },
    {
      id: 'shortForm.HTP-01',
      title: 'An unknown path at the root is 404, with a good credential and without',
      level: 'PARITY',
      clause: OWN,
      run: async (session) => {
        for (const options of [{}, { authorization: fullAccess(session) }]) {
          expectStatus(await session.callPath('/sidetone-no-such-path', options), 404);
        }
      },
    },
  ],
);
