/** Any token endpoint: how long a token lives. Only the fake's control API can move time. */
import { type Check, checksOf } from '../check.ts';
import type { Reply } from '../client.ts';
import { expectChallenge, expectEqual, expectMember, expectStatus } from '../expect.ts';
import { atFrozenTime } from '../frozen-time.ts';
import { freshToken, type TokenEndpoint, tokenAnswer, useToken } from './endpoint.ts';

/** Checks that a token lives as long as it says, and not after it was revoked. */
export function lifeChecks(endpoint: TokenEndpoint): Check[] {
  const { provider, resource, needs } = endpoint;
  const defaults = { provider, operation: resource, needs: [...needs, 'control' as const] };
  return checksOf({ ...defaults, evidence: 'documented', risk: 'mock-only' }, [
    {
      id: `${provider}.TOK-13`,
      title: 'A token is good one second before expires_in is over, and 401 invalid_token when it is',
      level: 'MUST',
      clause: 'RFC 6749 §5.1, RFC 6750 §3.1',
      run: (session) =>
        atFrozenTime(session, async () => {
          const granted = await freshToken(endpoint, session);
          await session.control('/clock', 'PUT', { advance: `${expectMember(granted, 'expires_in', 'number') - 1}s` });
          expectStatus(await useToken(endpoint, session, granted), 200);
          await session.control('/clock', 'PUT', { advance: '1s' });
          expectInvalidToken(await useToken(endpoint, session, granted));
        }),
    },
    {
      id: `${provider}.TOK-14`,
      title: 'A revoked token is 401 invalid_token, and no other token dies with it',
      level: 'MUST',
      clause: 'RFC 6750 §3.1',
      evidence: 'engine',
      run: async (session) => {
        const [granted, other] = [await freshToken(endpoint, session), await tokenAnswer(endpoint, session)];
        await session.control('/tokens', 'DELETE', { token: expectMember(granted, 'access_token', 'string') });
        expectInvalidToken(await useToken(endpoint, session, granted));
        expectStatus(await useToken(endpoint, session, other), 200);
      },
    },
  ]);
}

function expectInvalidToken(reply: Reply): void {
  expectStatus(reply, 401);
  expectEqual(reply, 'the error attribute', expectChallenge(reply, 'Bearer').parameters.error, 'invalid_token');
}
