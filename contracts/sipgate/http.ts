/** sipgate REST API: paths, methods and headers (RFC 9110). */
import { checksOf } from '../check.ts';
import { expectEmptyBody, expectEqual, expectHeader, expectNoHeader, expectStatus } from '../expect.ts';
import type { CallOptions, Session } from '../session.ts';
import { fullAccess } from './own-client.ts';
import { accountAnswer, anonymousAnswer } from './shared-answers.ts';

const README = 'README of the personal-access-token examples';
const CAPTURES = 'captures of api.sipgate.com';
const UNKNOWN_PATH = '/v2/sidetone-no-such-path';

const getAccount = (session: Session, options: CallOptions = {}) =>
  session.call('sipgate.getAccount', { authorization: fullAccess(session), ...options });

/** Checks of what holds for every path under /v2. */
export const httpChecks = checksOf(
  {
    provider: 'sipgate',
    operation: 'sipgate.getAccount',
    evidence: 'observed',
    risk: 'read',
    needs: ['sipgate.pat'],
  },
  [
    {
      id: 'sipgate.HTP-01a',
      title: 'An unknown path is 404 to a good credential',
      level: 'MUST',
      clause: README,
      evidence: 'documented',
      run: async (session) =>
        expectStatus(await session.callPath(UNKNOWN_PATH, { authorization: fullAccess(session) }), 404),
    },
    {
      id: 'sipgate.HTP-01b',
      title: 'An unknown path is 404 without credentials too: routing comes before authentication',
      level: 'PARITY',
      clause: CAPTURES,
      needs: [],
      run: async (session) => expectStatus(await session.callPath(UNKNOWN_PATH), 404),
    },
    {
      id: 'sipgate.HTP-02',
      title: 'A known path with a closing slash is another path: 404',
      level: 'PARITY',
      clause: 'RFC 3986 §6.2.2: two spellings; which of them are one is for the server to say',
      evidence: 'assumed',
      run: async (session) => {
        for (const path of ['/v2/account/', '/v2/balance/'])
          expectStatus(await session.callPath(path, { authorization: fullAccess(session) }), 404);
      },
    },
    {
      id: 'sipgate.HTP-03a',
      title: 'A method that a path lacks is 405 to a good credential',
      level: 'SHOULD',
      clause: README,
      evidence: 'documented',
      run: async (session) => {
        expectStatus(await getAccount(session, { method: 'POST' }), 405);
      },
    },
    {
      id: 'sipgate.HTP-07',
      title: 'HEAD is answered as GET: 200 and the same Content-Type',
      level: 'MUST',
      clause: 'RFC 9110 §9.3.2',
      evidence: 'assumed',
      run: async (session) => {
        const [get, head] = [await accountAnswer(session), await getAccount(session, { method: 'HEAD' })];
        expectStatus(head, 200);
        expectEqual(head, 'Content-Type', head.headers['content-type'], get.headers['content-type']);
      },
    },
    {
      id: 'sipgate.HTP-14',
      title: 'A JSON body is called application/json; a 401, which has no body, has no Content-Type',
      level: 'SHOULD',
      clause: 'RFC 9110 §8.3',
      run: async (session) => {
        const [account, refused] = [await accountAnswer(session), await anonymousAnswer(session)];
        account.json();
        const mediaType = expectHeader(account, 'Content-Type').split(';')[0]?.trim().toLowerCase();
        expectEqual(account, 'the media type', mediaType, 'application/json');
        expectEmptyBody(refused);
        expectNoHeader(refused, 'Content-Type');
      },
    },
    {
      id: 'sipgate.HTP-22',
      title: 'Answers carry a Date, a refusal too',
      level: 'MUST',
      clause: 'RFC 9110 §6.6.1, §5.6.7',
      evidence: 'assumed',
      run: async (session) => {
        for (const reply of [await accountAnswer(session), await anonymousAnswer(session)]) {
          const date = expectHeader(reply, 'Date');
          expectEqual(reply, 'Date', date, new Date(Date.parse(date) || 0).toUTCString());
        }
      },
    },
    {
      id: 'sipgate.HTP-32',
      title: 'A GET that names application/json as its Content-Type and has no body is answered',
      level: 'PARITY',
      clause: "the vendor's own example programs",
      run: async (session) => {
        const headers = { 'content-type': 'application/json', accept: 'application/json, text/plain, */*' };
        expectStatus(await getAccount(session, { headers }), 200);
      },
    },
  ],
);
