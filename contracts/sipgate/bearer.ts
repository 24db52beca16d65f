/** sipgate REST API: OAuth access tokens as Bearer (RFC 6750). */
import { checksOf } from '../check.ts';
import { expectChallenge, expectEqual, expectStatus } from '../expect.ts';
import { bearer } from '../session.ts';

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
      id: 'sipgate.BRR-03',
      title: 'A random bearer token is 401 with error="invalid_token"',
      level: 'SHOULD',
      clause: 'RFC 6750 §3.1',
      run: async (session) => {
        const reply = await session.call('sipgate.getAccount', { authorization: bearer('c2lkZXRvbmU') });
        expectStatus(reply, 401);
        expectEqual(reply, 'the error attribute', expectChallenge(reply, 'Bearer').parameters.error, 'invalid_token');
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
  ],
);
