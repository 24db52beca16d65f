/** sipgate's login server: the public keys (RFC 7517), and the tokens that they verify. */
import { type CompactVerifyResult, compactVerify, createLocalJWKSet, errors, type JSONWebKeySet } from 'jose';
import { CheckFailure, checksOf } from '../../check.ts';
import type { Reply } from '../../client.ts';
import { expectEqual, expectMember, expectStatus, expectThat } from '../../expect.ts';
import type { Session } from '../../session.ts';
import { tokenAnswer } from '../../token-endpoint/endpoint.ts';
import { KEYCLOAK, loginEndpoint } from './endpoint.ts';
import { issuerOf } from './metadata.ts';
import { claimsOf, refresh, withSession } from './own-session.ts';

const CERTS = 'sipgate.getCerts';
/** Members of a key that only its owner may know (RFC 7518 §6.2.2, §6.3.2, §6.4.1). */
const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

type Key = Record<string, string>;

async function keysOf(session: Session): Promise<{ reply: Reply; keys: Key[] }> {
  const reply = await session.once(CERTS, () => session.call(CERTS));
  expectStatus(reply, 200);
  return { reply, keys: expectMember(reply, 'keys', 'array') as Key[] };
}

const isSigningKey = ({ kty, alg, use }: Key) => kty === 'RSA' && alg === 'RS256' && use === 'sig';

/** Checks of the key set, and that access and ID tokens are what it says. */
export const loginCertsChecks = checksOf(
  { provider: 'sipgate', operation: CERTS, evidence: 'engine', risk: 'read', needs: [] },
  [
    {
      id: 'sipgate.KEY-01',
      title: 'The key set has an RSA key for RS256 signatures, and every key an id of its own',
      level: 'MUST',
      clause: 'OpenID Connect Discovery §3 (RS256), RFC 7517 §4.5',
      run: async (session) => {
        const { reply, keys } = await keysOf(session);
        expectThat(keys.some(isSigningKey), reply, 'expected a key with kty RSA, alg RS256 and use sig');
        const ids = keys.map(({ kid }) => kid);
        expectEqual(reply, 'the key ids', ids, [...new Set(ids.filter(Boolean))]);
      },
    },
    {
      id: 'sipgate.KEY-02',
      title: 'No key shows a private member',
      level: 'MUST',
      clause: 'RFC 7517 §9.2, RFC 7518 §6.3.2',
      run: async (session) => {
        const { reply, keys } = await keysOf(session);
        const shown = keys.flatMap((key) => Object.keys(key).filter((name) => PRIVATE.includes(name)));
        expectEqual(reply, 'the private members', shown, []);
      },
    },
    {
      id: 'sipgate.KEY-03',
      title: 'The signing key has 2048 bits or more',
      level: 'MUST',
      clause: 'RFC 7518 §3.3',
      run: async (session) => {
        const { reply, keys } = await keysOf(session);
        const bytes = keys.filter(isSigningKey).map(({ n = '' }) => Buffer.from(n, 'base64url').length);
        expectThat(bytes.length > 0 && Math.min(...bytes) >= 256, reply, `expected 256 bytes or more, got ${bytes}`);
      },
    },
    {
      id: 'sipgate.KEY-04',
      title: "An access token's signature verifies by the published key that its header names",
      level: 'PARITY',
      clause: 'sipgate API documentation: access tokens are RS256 JWTs; RFC 7515 §5.2',
      evidence: 'documented',
      needs: loginEndpoint.needs,
      run: async (session) => {
        await verify(session, await tokenAnswer(loginEndpoint, session), 'access_token');
      },
    },
    {
      id: 'sipgate.KEY-05',
      title: 'An access token names its realm, its client, its kind, its scopes and its life',
      operation: loginEndpoint.operation,
      level: 'PARITY',
      clause: 'sipgate API documentation: claims of access tokens',
      evidence: 'documented',
      needs: loginEndpoint.needs,
      run: async (session) => {
        const granted = await tokenAnswer(loginEndpoint, session);
        const { iss, azp, typ, scope, exp, iat } = await verify(session, granted, 'access_token');
        const { id } = loginEndpoint.client(session.target);
        expectEqual(granted, 'iss', iss, issuerOf(session.target.sipgate?.tokenUrl ?? ''));
        expectEqual(granted, 'azp', azp, id);
        expectEqual(granted, 'typ', typ, 'Bearer');
        expectEqual(granted, 'scope', scope, granted.json().scope);
        expectEqual(granted, 'exp - iat', Number(exp) - Number(iat), granted.json().expires_in);
      },
    },
    {
      id: 'sipgate.KEY-06',
      title: 'An ID token verifies by the published keys, and is for the client alone',
      operation: loginEndpoint.operation,
      level: 'MUST',
      clause: 'OpenID Connect Core §2, §3.1.3.7',
      needs: loginEndpoint.needs,
      run: async (session) => {
        const granted = await tokenAnswer(loginEndpoint, session, { scope: 'openid account:read' });
        const { aud } = await verify(session, granted, 'id_token');
        expectEqual(granted, 'aud', [aud].flat(), [loginEndpoint.client(session.target).id]);
      },
    },
    {
      id: 'sipgate.KEY-07',
      title: "An access token's id says by which grant it came, and a password says no time of the login",
      operation: loginEndpoint.operation,
      level: 'PARITY',
      clause: KEYCLOAK,
      risk: 'write',
      needs: [...loginEndpoint.needs, 'sipgate.user'],
      run: (session) =>
        withSession(session, async ({ reply, refreshToken }) => {
          const service = await tokenAnswer(loginEndpoint, session);
          const rows: [granted: Reply, prefix: string][] = [
            [service, 'trrtcc'],
            [reply, 'onrtro'],
            [await refresh(session, refreshToken), 'onrtrt'],
          ];
          for (const [granted, prefix] of rows) {
            const { jti, auth_time } = claimsOf(expectMember(granted, 'access_token', 'string'));
            const [first, id = ''] = String(jti).split(':');
            expectEqual(granted, 'the beginning of the id', first, prefix);
            expectThat(UUID.test(id), granted, `expected a UUID behind it, got ${id}`);
            expectEqual(granted, 'auth_time', auth_time, undefined);
          }
          const { sub } = claimsOf(expectMember(service, 'access_token', 'string'));
          expectThat(UUID.test(String(sub)), service, `expected the subject to be a UUID, got ${sub}`);
        }),
    },
  ],
);

/** Claims of a token of the answer, its signature proven. Its times are not looked at: the server may have its own clock. */
async function verify(session: Session, granted: Reply, member: string): Promise<Record<string, unknown>> {
  const { reply } = await keysOf(session);
  const keySet = createLocalJWKSet(reply.json() as unknown as JSONWebKeySet);
  let verified: CompactVerifyResult;
  try {
    verified = await compactVerify(expectMember(granted, member, 'string'), keySet, { algorithms: ['RS256'] });
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error;
    throw new CheckFailure(`expected ${member} to verify by the published keys: ${error.message}`);
  }
  return JSON.parse(Buffer.from(verified.payload).toString('utf8')) as Record<string, unknown>;
}
