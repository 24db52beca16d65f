/** SIPSIM API v2: access tokens as Bearer (RFC 6750), by Doorkeeper's rules. */
import { checksOf } from '../check.ts';
import type { Reply } from '../client.ts';
import {
  expectChallenge,
  expectChallenges,
  expectEmptyBody,
  expectEqual,
  expectMember,
  expectStatus,
  expectThat,
} from '../expect.ts';
import { atFrozenTime } from '../frozen-time.ts';
import { basic, bearer, required, type Session } from '../session.ts';
import { withChangedSignature, withClaims, withoutAlgorithm } from '../sipgate/forged-tokens.ts';
import { expectUncacheable, freshToken, useToken } from '../token-endpoint/endpoint.ts';
import { askAccount, DOORKEEPER, sipsimEndpoint } from './endpoint.ts';

const UNKNOWN_TOKEN = 'c2lkZXRvbmUtbm8tdG9rZW4';
const QUERY = `${DOORKEEPER}; deviates from RFC 9700 §4.3.2, and RFC 6750 §2.3 advises against it`;

const goodToken = (session: Session) => session.sipsimToken('account.read');

async function expectRefused(session: Session, authorization: string | string[]): Promise<Reply> {
  const reply = await askAccount(session, { authorization });
  expectStatus(reply, 401);
  return reply;
}

function expectInvalidToken(reply: Reply): void {
  expectStatus(reply, 401);
  expectEqual(reply, 'the error attribute', expectChallenge(reply, 'Bearer').parameters.error, 'invalid_token');
}

/** What the challenge says is wrong with a token. */
function descriptionOf(reply: Reply): string {
  expectInvalidToken(reply);
  const { error_description: description = '' } = expectChallenge(reply, 'Bearer').parameters;
  expectThat(description !== '', reply, 'expected the challenge to have an error_description');
  return description;
}

/** Checks of where a token may stand, and of what is refused. */
export const sipsimBearerChecks = checksOf(
  {
    provider: 'sipsim',
    operation: sipsimEndpoint.resource,
    evidence: 'engine',
    risk: 'read',
    needs: sipsimEndpoint.needs,
  },
  [
    {
      id: 'sipsim.BRR-01',
      title: 'Without credentials the answer is 401, with error="invalid_token" all the same',
      level: 'PARITY',
      clause: 'Doorkeeper 5.5.0, measured; deviates from RFC 6750 §3.1, which wants no error code here',
      needs: [],
      run: async (session) => expectInvalidToken(await askAccount(session)),
    },
    {
      id: 'sipsim.BRR-03',
      title: 'A random bearer token is 401 with error="invalid_token"',
      level: 'SHOULD',
      clause: 'RFC 6750 §3.1',
      needs: [],
      run: async (session) => expectInvalidToken(await askAccount(session, { authorization: bearer(UNKNOWN_TOKEN) })),
    },
    {
      id: 'sipsim.BRR-07',
      title: 'Bearer with nothing behind it, or with something beside a real token, is 401',
      level: 'PARITY',
      clause: `${DOORKEEPER}; RFC 6750 §3.1 would have it 400 invalid_request`,
      run: async (session) => {
        const token = await goodToken(session);
        for (const malformed of ['Bearer', `Bearer ${token} ${token}`]) await expectRefused(session, malformed);
      },
    },
    {
      id: 'sipsim.BRR-08a',
      title: 'A wrong token in the query does not matter beside a right one in the header',
      level: 'PARITY',
      clause: `${DOORKEEPER}: the header comes first; RFC 6750 §3.1 would have it 400`,
      run: async (session) => {
        const authorization = bearer(await goodToken(session));
        expectStatus(await askAccount(session, { authorization, query: { access_token: UNKNOWN_TOKEN } }), 200);
      },
    },
    {
      id: 'sipsim.BRR-08b',
      title: 'A right token in the query does not help against a wrong one in the header: 401',
      level: 'PARITY',
      clause: `${DOORKEEPER}: the header comes first; RFC 6750 §3.1 would have it 400`,
      run: async (session) => {
        const query = { access_token: await goodToken(session) };
        expectStatus(await askAccount(session, { authorization: bearer(UNKNOWN_TOKEN), query }), 401);
      },
    },
    ...['access_token', 'bearer_token'].map((name, index) => ({
      id: `sipsim.BRR-09${'ab'[index]}`,
      title: `A token in the query as ${name} is accepted, and a random one there is 401`,
      level: 'PARITY' as const,
      clause: QUERY,
      run: async (session: Session) => {
        expectStatus(await askAccount(session, { query: { [name]: await goodToken(session) } }), 200);
        expectStatus(await askAccount(session, { query: { [name]: UNKNOWN_TOKEN } }), 401);
      },
    })),
    {
      id: 'sipsim.BRR-10',
      title: 'The scheme name Bearer is accepted in any case',
      level: 'MUST',
      clause: 'RFC 9110 §11.1',
      run: async (session) => {
        const token = await goodToken(session);
        expectStatus(await askAccount(session, { authorization: `bEARER ${token}` }), 200);
      },
    },
    {
      id: 'sipsim.BRR-12',
      title: 'Another scheme is 401, and a real token under it changes nothing',
      level: 'MUST',
      clause: 'RFC 9110 §11.6.1',
      run: async (session) => {
        const token = await goodToken(session);
        await expectRefused(session, `Token ${token}`);
      },
    },
    {
      id: 'sipsim.BRR-13',
      title: "An integration's own credentials open nothing, neither by Basic nor its secret by Bearer",
      level: 'MUST',
      clause: 'RFC 6749 §1.4',
      run: async (session) => {
        const client = sipsimEndpoint.client(session.target);
        for (const authorization of [basic(client), bearer(client.secret)]) await expectRefused(session, authorization);
      },
    },
    {
      id: 'sipsim.BRR-14a',
      // SIPSIM's tokens are opaque: that they are JWTs is known of the fake alone.
      risk: 'mock-only',
      title: 'A real token with one character of its signature changed is 401',
      level: 'MUST',
      clause: 'RFC 7515 §5.2',
      run: async (session) =>
        void (await expectRefused(session, bearer(withChangedSignature(await goodToken(session))))),
    },
    {
      id: 'sipsim.BRR-14b',
      // SIPSIM's tokens are opaque: that they are JWTs is known of the fake alone.
      risk: 'mock-only',
      title: 'A real token with alg none in its header and no signature is 401',
      level: 'MUST',
      clause: 'RFC 8725 §3.1, §3.2',
      run: async (session) => void (await expectRefused(session, bearer(withoutAlgorithm(await goodToken(session))))),
    },
    {
      id: 'sipsim.BRR-14c',
      // SIPSIM's tokens are opaque: that they are JWTs is known of the fake alone.
      risk: 'mock-only',
      title: 'A real token whose scope was changed to account.read is 401, not a wider token',
      level: 'MUST',
      clause: 'RFC 7515 §5.2',
      run: async (session) => {
        const narrow = await session.sipsimToken('calls.read');
        await expectRefused(session, bearer(withClaims(narrow, { scope: 'account.read' })));
      },
    },
    {
      id: 'sipsim.BRR-14e',
      title: 'A sipgate personal access token is 401, by Basic as by Bearer',
      level: 'MUST',
      clause: 'RFC 9110 §11.6.1',
      needs: ['sipgate.pat'],
      run: async (session) => {
        const pat = required(session.target.sipgate?.pat);
        for (const authorization of [basic(pat), bearer(pat.secret)]) await expectRefused(session, authorization);
      },
    },
    {
      id: 'sipsim.BRR-15',
      title: 'Every 401 has one challenge, Bearer, that parses and names a realm',
      level: 'MUST',
      clause: 'RFC 9110 §11.2, §11.3; RFC 6750 §3',
      needs: [],
      run: async (session) => {
        for (const options of [{}, { authorization: bearer(UNKNOWN_TOKEN) }]) {
          const reply = await askAccount(session, options);
          expectEqual(
            reply,
            'the schemes',
            expectChallenges(reply).map(({ scheme }) => scheme),
            ['bearer'],
          );
          expectThat(Boolean(expectChallenge(reply, 'Bearer').parameters.realm), reply, 'expected a realm');
        }
      },
    },
    {
      id: 'sipsim.BRR-16',
      title: 'A refusal is not to be stored: 401 and 403 have no-store and no-cache',
      level: 'PARITY',
      clause: 'Doorkeeper 5.5.0, measured',
      run: async (session) => {
        const narrow = bearer(await session.sipsimToken('calls.read'));
        for (const options of [{}, { authorization: narrow }]) expectUncacheable(await askAccount(session, options));
      },
    },
    {
      id: 'sipsim.BRR-17',
      title: 'Two Authorization header lines are 401, though each is right',
      level: 'SHOULD',
      clause: 'RFC 9110 §5.3',
      evidence: 'assumed',
      run: async (session) => {
        const authorization = bearer(await goodToken(session));
        await expectRefused(session, [authorization, authorization]);
      },
    },
    {
      id: 'sipsim.BRR-20',
      title: 'HEAD without credentials is 401 with the challenge of GET, and has no body',
      level: 'SHOULD',
      clause: 'RFC 9110 §9.3.2',
      needs: [],
      run: async (session) => {
        const [get, head] = [await askAccount(session), await askAccount(session, { method: 'HEAD' })];
        expectStatus(head, 401);
        expectEmptyBody(head);
        const name = 'www-authenticate';
        expectEqual(head, 'WWW-Authenticate', head.headers[name], get.headers[name]);
      },
    },
    {
      id: 'sipsim.BRR-23',
      title: 'The challenge describes an expired token, a revoked one and one that never was each in its own words',
      level: 'PARITY',
      clause: 'Doorkeeper 5.5.0, measured; RFC 6750 §3',
      risk: 'mock-only',
      needs: [...sipsimEndpoint.needs, 'control'],
      run: (session) =>
        atFrozenTime(session, async () => {
          const nobody = descriptionOf(await askAccount(session));
          const unknown = await askAccount(session, { authorization: bearer(UNKNOWN_TOKEN) });
          expectEqual(unknown, 'the description', descriptionOf(unknown), nobody);
          const [expiring, revoked] = [
            await freshToken(sipsimEndpoint, session),
            await freshToken(sipsimEndpoint, session),
          ];
          const token = expectMember(revoked, 'access_token', 'string');
          await session.control('/tokens', 'DELETE', { token });
          const afterRevocation = await useToken(sipsimEndpoint, session, revoked);
          const life = expectMember(expiring, 'expires_in', 'number');
          await session.control('/clock', 'PUT', { advance: `${life}s` });
          const afterLife = await useToken(sipsimEndpoint, session, expiring);
          const said = new Set([nobody, descriptionOf(afterRevocation), descriptionOf(afterLife)]);
          expectThat(said.size === 3, afterLife, `expected three descriptions, got ${[...said].join(', ')}`);
        }),
    },
    {
      id: 'sipsim.BRR-22',
      title: 'A 401 does not repeat the token that was refused',
      level: 'PARITY',
      clause: 'security practice: answers end in logs',
      needs: [],
      run: async (session) => {
        for (const options of [{ authorization: bearer(UNKNOWN_TOKEN) }, { query: { access_token: UNKNOWN_TOKEN } }]) {
          const reply = await askAccount(session, options);
          expectStatus(reply, 401);
          const said = JSON.stringify(reply.headers) + reply.text;
          expectThat(!said.includes(UNKNOWN_TOKEN), reply, 'expected an answer without the token of the request');
        }
      },
    },
  ],
);
