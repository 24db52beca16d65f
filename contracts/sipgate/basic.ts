/** sipgate REST API: personal access tokens as Basic credentials (RFC 7617). */
import { checksOf } from '../check.ts';
import type { Reply } from '../client.ts';
import { expectChallenge, expectEqual, expectStatus, expectThat } from '../expect.ts';
import { basic, bearer, required, type Session } from '../session.ts';
import { accountAnswer, anonymousAnswer, wrongTokenAnswer } from './shared-answers.ts';

const README = 'README of the personal-access-token examples';
const base64 = (text: string) => Buffer.from(text).toString('base64');
const patOf = ({ target }: Session) => required(target.sipgate?.pat);
const ask = (session: Session, authorization: string) => session.call('sipgate.getAccount', { authorization });

async function expectRefused(session: Session, authorization: string): Promise<Reply> {
  const reply = await ask(session, authorization);
  expectStatus(reply, 401);
  return reply;
}

/** Checks of what counts as a right pair, and of how a wrong one is told. */
export const basicChecks = checksOf(
  {
    provider: 'sipgate',
    operation: 'sipgate.getAccount',
    evidence: 'assumed',
    risk: 'read',
    needs: ['sipgate.pat'],
  },
  [
    {
      id: 'sipgate.BAS-12',
      title: "A user's e-mail address and password are no credentials of the API: 401",
      level: 'PARITY',
      clause: 'deprecated by the vendor in 2021',
      needs: ['sipgate.user'],
      run: async (session) => void (await expectRefused(session, basic(required(session.target.sipgate?.user)))),
    },
    {
      id: 'sipgate.BAS-01',
      title: 'Token id and token by Basic get the same account as an access token by Bearer',
      level: 'PARITY',
      clause: README,
      evidence: 'documented',
      needs: ['sipgate.pat', 'sipgate.client'],
      run: async (session) => {
        const own = await accountAnswer(session);
        expectStatus(own, 200);
        const other = await ask(session, bearer(await session.sipgateToken('account:read')));
        expectEqual(own, 'the body', own.json(), other.json());
      },
    },
    {
      id: 'sipgate.BAS-02a',
      title: 'A wrong token for a known token id is 401',
      level: 'MUST',
      clause: README,
      evidence: 'documented',
      run: async (session) => expectStatus(await wrongTokenAnswer(session), 401),
    },
    {
      id: 'sipgate.BAS-02b',
      title: 'A wrong token is answered with a Basic challenge that has a realm',
      level: 'MUST',
      clause: 'RFC 7617 §2',
      run: async (session) => {
        const reply = await wrongTokenAnswer(session);
        expectThat(Boolean(expectChallenge(reply, 'Basic').parameters.realm), reply, 'expected a realm');
      },
    },
    {
      id: 'sipgate.BAS-02c',
      title: 'A wrong token by Basic is no invalid_token: the Bearer challenge beside it has no error code',
      level: 'SHOULD',
      clause: 'RFC 6750 §3.1',
      run: async (session) => {
        const reply = await wrongTokenAnswer(session);
        expectEqual(reply, 'the error attribute', expectChallenge(reply, 'Bearer').parameters.error, undefined);
      },
    },
    {
      id: 'sipgate.BAS-03',
      title: 'A 401 without credentials offers Basic beside Bearer',
      level: 'SHOULD',
      clause: 'RFC 9110 §11.6.1',
      needs: [],
      run: async (session) => {
        const reply = await anonymousAnswer(session);
        for (const scheme of ['Basic', 'Bearer']) expectChallenge(reply, scheme);
      },
    },
    {
      id: 'sipgate.BAS-04a',
      title: 'Token id and token without Base64 are 401',
      level: 'PARITY',
      clause: README,
      evidence: 'documented',
      run: async (session) => {
        const { id, secret } = patOf(session);
        await expectRefused(session, `Basic ${id}:${secret}`);
      },
    },
    {
      id: 'sipgate.BAS-04b',
      title: 'Base64 without a colon in it is 401',
      level: 'MUST',
      clause: 'RFC 7617 §2',
      run: async (session) => void (await expectRefused(session, `Basic ${base64(patOf(session).id)}`)),
    },
    {
      id: 'sipgate.BAS-04c',
      title: 'Basic alone, and Basic with an empty pair, are 401',
      level: 'MUST',
      clause: 'RFC 7617 §2',
      needs: [],
      run: async (session) => {
        for (const authorization of ['Basic', `Basic ${base64(':')}`]) await expectRefused(session, authorization);
      },
    },
    {
      id: 'sipgate.BAS-05',
      title: 'The pair is split at its first colon: a right token with a colon behind it is 401',
      level: 'MUST',
      clause: 'RFC 7617 §2',
      run: async (session) => {
        const { id, secret } = patOf(session);
        await expectRefused(session, basic({ id, secret: `${secret}:` }));
      },
    },
    {
      id: 'sipgate.BAS-07',
      title: 'A right pair with a control character beside it is 401',
      level: 'MUST',
      clause: 'RFC 7617 §2',
      run: async (session) => {
        const { id, secret } = patOf(session);
        await expectRefused(session, basic({ id, secret: `${secret}\n` }));
      },
    },
    {
      id: 'sipgate.BAS-08',
      title: 'The scheme name Basic is accepted in any case',
      level: 'MUST',
      clause: 'RFC 9110 §11.1',
      run: async (session) => {
        const credentials = basic(patOf(session)).slice('Basic '.length);
        expectStatus(await ask(session, `BASIC ${credentials}`), 200);
      },
    },
    {
      id: 'sipgate.BAS-09',
      title: 'An unknown token id is answered exactly as a wrong token for a known one',
      level: 'PARITY',
      clause: 'security practice: no oracle for ids',
      run: async (session) => {
        const known = await wrongTokenAnswer(session);
        const unknown = await expectRefused(session, basic({ id: 'token-AAAAAA', secret: patOf(session).secret }));
        expectEqual(unknown, 'the answer', essenceOf(unknown), essenceOf(known));
      },
    },
    {
      id: 'sipgate.BAS-11a',
      title: 'An access token in place of the Basic password is 401',
      level: 'PARITY',
      clause: 'RFC 6750 §2: an access token is sent as Bearer',
      needs: ['sipgate.pat', 'sipgate.client'],
      run: async (session) => {
        const secret = await session.sipgateToken('account:read');
        await expectRefused(session, basic({ id: patOf(session).id, secret }));
      },
    },
    {
      id: 'sipgate.BAS-11b',
      title: 'A personal access token sent as Bearer is 401',
      level: 'PARITY',
      clause: README,
      run: async (session) => void (await expectRefused(session, bearer(patOf(session).secret))),
    },
  ],
);

/** What a client would tell two refusals apart by. */
const essenceOf = ({ status, headers, text }: Reply) => ({
  status,
  challenges: headers['www-authenticate'],
  contentType: headers['content-type'],
  text,
});
