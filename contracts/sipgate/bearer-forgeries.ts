/** sipgate REST API: tokens that look right and are not (RFC 7519 §7.2, RFC 8725). */
import { CheckFailure, checksOf } from '../check.ts';
import { expectMember, expectStatus } from '../expect.ts';
import { bearer, required, type Session } from '../session.ts';
import {
  type PublicKey,
  signedByAnother,
  signedWithPublicKey,
  withChangedSignature,
  withClaims,
  withoutAlgorithm,
} from './forged-tokens.ts';

/** Checks that a token is verified: signature, algorithm, issuer and kind. */
export const bearerForgeryChecks = checksOf(
  {
    provider: 'sipgate',
    operation: 'sipgate.getAccount',
    evidence: 'engine',
    risk: 'read',
    needs: ['sipgate.client'],
  },
  [
    {
      id: 'sipgate.BRR-13a',
      title: 'A refresh token is no access token: 401',
      level: 'MUST',
      clause: 'RFC 6749 §1.5',
      needs: ['sipgate.user'],
      run: async (session) => expectNoAccess(session, await userToken(session, 'refresh_token')),
    },
    {
      id: 'sipgate.BRR-13b',
      title: 'An ID token is no access token, though the same key signed it: 401',
      level: 'MUST',
      clause: 'RFC 8725 §3.12',
      needs: ['sipgate.user'],
      run: async (session) => expectNoAccess(session, await userToken(session, 'id_token')),
    },
    {
      id: 'sipgate.BRR-14a',
      title: 'A real token with alg none in its header and no signature is 401',
      level: 'MUST',
      clause: 'RFC 8725 §3.1, §3.2',
      run: async (session) => expectNoAccess(session, withoutAlgorithm(await session.sipgateToken('account:read'))),
    },
    {
      id: 'sipgate.BRR-14b',
      title: 'A real token with one character of its signature changed is 401',
      level: 'MUST',
      clause: 'RFC 7515 §5.2',
      run: async (session) => expectNoAccess(session, withChangedSignature(await session.sipgateToken('account:read'))),
    },
    {
      id: 'sipgate.BRR-14c',
      title: 'A token with real claims, signed with an unknown key, is 401',
      level: 'MUST',
      clause: 'RFC 7515 §5.2',
      run: async (session) => expectNoAccess(session, signedByAnother(await session.sipgateToken('account:read'))),
    },
    {
      id: 'sipgate.BRR-14d',
      title: 'A real token whose scope was changed to "all" is 401, not a wider token',
      operation: 'sipgate.getBalance',
      level: 'MUST',
      clause: 'RFC 7515 §5.2',
      run: async (session) => {
        const token = withClaims(await session.sipgateToken('account:read'), { scope: 'all' });
        expectStatus(await session.call('sipgate.getBalance', { authorization: bearer(token) }), 401);
      },
    },
    {
      id: 'sipgate.BRR-14e',
      title: "A token signed by HS256 with the server's public key as its secret is 401",
      level: 'MUST',
      clause: 'RFC 8725 §2.1, §3.1',
      run: async (session) => {
        const token = await session.sipgateToken('account:read');
        await expectNoAccess(session, signedWithPublicKey(token, await publicKey(session)));
      },
    },
  ],
);

async function expectNoAccess(session: Session, token: string): Promise<void> {
  expectStatus(await session.call('sipgate.getAccount', { authorization: bearer(token) }), 401);
}

/** A token of another kind, as the password grant deals them. */
async function userToken(session: Session, member: 'refresh_token' | 'id_token'): Promise<string> {
  const { id, secret } = required(session.target.sipgate?.user);
  const form = {
    grant_type: 'password',
    client_id: 'sipgate-app-web',
    username: id,
    password: secret,
    scope: 'openid',
  };
  const reply = await session.once('tokens of the user', () =>
    session.call('sipgate.createTokenByAlias', { params: { realm: 'sipgate-apps' }, form }),
  );
  if (reply.status !== 200)
    throw new CheckFailure(`prerequisite: no token for the user: ${reply.status} ${reply.text}`);
  return expectMember(reply, member, 'string');
}

async function publicKey(session: Session): Promise<PublicKey> {
  const reply = await session.call('sipgate.getCerts');
  if (reply.status !== 200) throw new CheckFailure(`prerequisite: no public keys: ${reply.status}`);
  const keys = expectMember(reply, 'keys', 'array') as PublicKey[];
  const found = keys.find(({ alg, use }) => alg === 'RS256' && use === 'sig');
  if (!found) throw new CheckFailure('prerequisite: no public key for RS256 signatures');
  return found;
}
