/** sipgate REST API: OAuth access tokens as Bearer (RFC 6750). */
import { checksOf } from '../check.ts';
import type { Reply } from '../client.ts';
import {
  expectChallenge,
  expectChallenges,
  expectEmptyBody,
  expectEqual,
  expectStatus,
  expectThat,
} from '../expect.ts';
import { bearer, type CallOptions, type Session } from '../session.ts';
import { anonymousAnswer, UNKNOWN_TOKEN, unknownTokenAnswer, wrongTokenAnswer } from './shared-answers.ts';

const getAccount = (session: Session, options: CallOptions = {}) => session.call('sipgate.getAccount', options);

async function expectRefused(session: Session, authorization: string | string[]): Promise<Reply> {
  const reply = await getAccount(session, { authorization });
  expectStatus(reply, 401);
  return reply;
}

/** Checks of what is sent in the Authorization header, and of what a refusal looks like. */
export const bearerChecks = checksOf(
  {
    provider: 'sipgate',
    operation: 'sipgate.getAccount',
    evidence: 'assumed',
    risk: 'read',
    needs: ['sipgate.client'],
  },
  [
    {
      id: 'sipgate.BRR-01a',
      title: 'Without credentials the answer is 401 with an empty body',
      level: 'PARITY',
      clause: 'scans of api.sipgate.com, which agree',
      evidence: 'observed',
      needs: [],
      run: async (session) => {
        const reply = await anonymousAnswer(session);
        expectStatus(reply, 401);
        expectEmptyBody(reply);
      },
    },
    {
      id: 'sipgate.BRR-01b',
      title: 'A 401 without credentials offers Bearer, and without an error code',
      level: 'MUST',
      clause: 'RFC 9110 §15.5.2, RFC 6750 §3.1',
      needs: [],
      run: async (session) => {
        const reply = await anonymousAnswer(session);
        expectEqual(reply, 'the error attribute', expectChallenge(reply, 'Bearer').parameters.error, undefined);
      },
    },
    {
      id: 'sipgate.BRR-03',
      title: 'A random bearer token is 401 with error="invalid_token"',
      level: 'SHOULD',
      clause: 'RFC 6750 §3.1',
      run: async (session) => {
        const reply = await unknownTokenAnswer(session);
        expectStatus(reply, 401);
        expectEqual(reply, 'the error attribute', expectChallenge(reply, 'Bearer').parameters.error, 'invalid_token');
      },
    },
    {
      id: 'sipgate.BRR-07a',
      title: 'Bearer with nothing behind it is 401',
      level: 'PARITY',
      clause: 'openapi.yaml; RFC 6750 §3.1 would have it 400 invalid_request',
      needs: [],
      run: async (session) => void (await expectRefused(session, 'Bearer')),
    },
    {
      id: 'sipgate.BRR-07b',
      title: 'A real token with something that no token holds beside it is 401',
      level: 'PARITY',
      clause: 'RFC 6750 §2.1 (b64token); §3.1 would have it 400 invalid_request',
      run: async (session) => {
        const token = await session.sipgateToken('account:read');
        for (const malformed of [`${token} ${token}`, `"${token}"`]) await expectRefused(session, bearer(malformed));
      },
    },
    {
      id: 'sipgate.BRR-09',
      title: 'A token in the query is not accepted',
      level: 'SHOULD',
      clause: 'RFC 6750 §2.3, RFC 9700 §4.3.2',
      run: async (session) => {
        const token = await session.sipgateToken('account:read');
        expectStatus(await getAccount(session, { query: { access_token: token } }), 401);
      },
    },
    {
      id: 'sipgate.BRR-10',
      title: 'The scheme name bearer is accepted in any case',
      level: 'MUST',
      clause: 'RFC 9110 §11.1',
      run: async (session) => {
        const token = await session.sipgateToken('account:read');
        for (const scheme of ['bearer', 'BEARER']) {
          expectStatus(await session.call('sipgate.getAccount', { authorization: `${scheme} ${token}` }), 200);
        }
      },
    },
    {
      id: 'sipgate.BRR-11',
      title: 'A token in a form body of a GET is not accepted',
      level: 'MUST',
      clause: 'RFC 6750 §2.2',
      run: async (session) => {
        const token = await session.sipgateToken('account:read');
        expectStatus(await getAccount(session, { form: { access_token: token } }), 401);
      },
    },
    {
      id: 'sipgate.BRR-12',
      title: 'Another scheme is 401, and a real token under it changes nothing',
      level: 'MUST',
      clause: 'RFC 9110 §11.6.1',
      run: async (session) => {
        const token = await session.sipgateToken('account:read');
        await expectRefused(session, `Token ${token}`);
      },
    },
    {
      id: 'sipgate.BRR-15',
      title: 'Every 401 has a list of challenges that parses, one for each scheme, each with a quoted realm',
      level: 'MUST',
      clause: 'RFC 9110 §11.2, §11.3; RFC 6750 §3; RFC 7617 §2',
      needs: ['sipgate.pat'],
      run: async (session) => {
        for (const answer of [anonymousAnswer, unknownTokenAnswer, wrongTokenAnswer]) {
          expectWellFormed(await answer(session));
        }
      },
    },
    {
      id: 'sipgate.BRR-17',
      title: 'Two Authorization header lines are 401, though each is right',
      level: 'SHOULD',
      clause: 'RFC 9110 §5.3',
      run: async (session) => {
        const authorization = bearer(await session.sipgateToken('account:read'));
        await expectRefused(session, [authorization, authorization]);
      },
    },
    {
      id: 'sipgate.BRR-20',
      title: 'HEAD without credentials is 401 with the challenges of GET',
      level: 'SHOULD',
      clause: 'RFC 9110 §9.3.2',
      needs: [],
      run: async (session) => {
        const [get, head] = [await anonymousAnswer(session), await getAccount(session, { method: 'HEAD' })];
        expectStatus(head, 401);
        const name = 'www-authenticate';
        expectEqual(head, 'WWW-Authenticate', head.headers[name], get.headers[name]);
      },
    },
    {
      id: 'sipgate.BRR-22',
      title: 'A 401 does not repeat the token that was refused',
      level: 'PARITY',
      clause: 'security practice: answers end in logs',
      needs: [],
      run: async (session) => {
        const reply = await unknownTokenAnswer(session);
        expectStatus(reply, 401);
        const said = JSON.stringify(reply.headers) + reply.text;
        expectThat(!said.includes(UNKNOWN_TOKEN), reply, 'expected an answer without the token of the request');
      },
    },
  ],
);

function expectWellFormed(reply: Reply): void {
  const challenges = expectChallenges(reply);
  const schemes = challenges.map(({ scheme }) => scheme);
  expectEqual(reply, 'the schemes', schemes, [...new Set(schemes)]);
  const realms = reply.headers['www-authenticate']?.match(/\brealm="[^"]+"/g) ?? [];
  expectEqual(reply, 'the number of quoted realms', realms.length, challenges.length);
}
