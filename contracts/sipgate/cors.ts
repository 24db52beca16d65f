/** sipgate REST API: what a browser on another origin may read (Fetch standard, CORS protocol). */
import { checksOf } from '../check.ts';
import type { Reply } from '../client.ts';
import { expectEqual, expectHeader, expectStatus, expectThat } from '../expect.ts';
import { basic, required, type Session } from '../session.ts';
import { fullAccess } from './own-client.ts';
import { accountAnswer, anonymousAnswer } from './shared-answers.ts';

const CAPTURES = 'captures of api.sipgate.com';
const ORIGIN = 'https://sidetone.example';

/** Checks of preflights, and of the headers that let a page read an answer. */
export const corsChecks = checksOf(
  {
    provider: 'sipgate',
    operation: 'sipgate.getAccount',
    evidence: 'observed',
    risk: 'read',
    needs: ['sipgate.pat'],
  },
  [
    {
      id: 'sipgate.BRR-21',
      title: 'A CORS preflight is 200 without credentials and allows origin, method and Authorization',
      level: 'OPTIONAL',
      clause: 'Fetch standard, CORS-preflight fetch',
      evidence: 'assumed',
      needs: [],
      run: async (session) => {
        const reply = await preflight(session);
        expectStatus(reply, 200);
        expectReflected(reply);
        const [methods, headers] = ['methods', 'headers'].map((part) =>
          listOf(expectHeader(reply, `Access-Control-Allow-${part}`).toLowerCase()),
        );
        expectThat(methods?.includes('get') === true, reply, 'expected GET among the allowed methods');
        expectThat(headers?.includes('authorization') === true, reply, 'expected authorization among the headers');
      },
    },
    {
      id: 'sipgate.COR-01',
      title: 'A 200 reflects the Origin, with credentials, and says that it varies by it',
      level: 'PARITY',
      clause: CAPTURES,
      run: async (session) => {
        const options = { authorization: fullAccess(session), headers: { origin: ORIGIN } };
        const reply = await session.call('sipgate.getAccount', options);
        expectStatus(reply, 200);
        expectReflected(reply);
      },
    },
    {
      id: 'sipgate.COR-04',
      title: 'An answer to a request without an Origin says too that it varies by it: no cache lends it to a page',
      level: 'SHOULD',
      clause: 'Fetch standard, CORS protocol and HTTP caches',
      evidence: 'assumed',
      run: async (session) => {
        for (const reply of [await accountAnswer(session), await anonymousAnswer(session)]) expectVaries(reply);
      },
    },
    {
      id: 'sipgate.COR-05',
      title: 'A preflight allows the header fields that it asks for, and says in seconds how long that holds',
      level: 'OPTIONAL',
      clause: 'Fetch standard, CORS-preflight fetch',
      evidence: 'assumed',
      needs: [],
      run: async (session) => {
        const reply = await preflight(session, 'authorization, x-sidetone-own');
        const allowed = listOf(expectHeader(reply, 'Access-Control-Allow-Headers').toLowerCase());
        expectThat(allowed.includes('x-sidetone-own'), reply, 'expected x-sidetone-own among the headers');
        const seconds = expectHeader(reply, 'Access-Control-Max-Age');
        expectThat(/^\d+$/.test(seconds), reply, `expected Access-Control-Max-Age in seconds, got "${seconds}"`);
      },
    },
    {
      id: 'sipgate.COR-02',
      title: '401 and 404 reflect the Origin too, so that a browser may read their status',
      level: 'PARITY',
      clause: CAPTURES,
      needs: [],
      run: async (session) => {
        const headers = { origin: ORIGIN };
        const refused = await session.call('sipgate.getAccount', { headers });
        expectStatus(refused, 401);
        expectReflected(refused);
        const unknown = await session.callPath('/v2/sidetone-no-such-path', { headers });
        expectStatus(unknown, 404);
        expectReflected(unknown);
      },
    },
    {
      id: 'sipgate.COR-03',
      title: '403 and 405 reflect the Origin too',
      level: 'PARITY',
      clause: CAPTURES,
      needs: ['sipgate.patWithoutScope'],
      run: async (session) => {
        const headers = { origin: ORIGIN };
        const authorization = basic(required(session.target.sipgate?.patWithoutScope));
        const refused = await session.call('sipgate.getAccount', { headers, authorization });
        expectStatus(refused, 403);
        expectReflected(refused);
        const wrong = await session.call('sipgate.getAccount', { headers, method: 'DELETE' });
        expectStatus(wrong, 405);
        expectReflected(wrong);
      },
    },
  ],
);

const preflight = (session: Session, headers = 'authorization') =>
  session.call('sipgate.getAccount', {
    method: 'OPTIONS',
    headers: {
      origin: ORIGIN,
      'access-control-request-method': 'GET',
      'access-control-request-headers': headers,
    },
  });

const listOf = (header: string) => header.split(',').map((item) => item.trim());

function expectReflected(reply: Reply): void {
  expectEqual(reply, 'Access-Control-Allow-Origin', reply.headers['access-control-allow-origin'], ORIGIN);
  const credentials = reply.headers['access-control-allow-credentials'];
  expectEqual(reply, 'Access-Control-Allow-Credentials', credentials, 'true');
  expectVaries(reply);
}

function expectVaries(reply: Reply): void {
  const vary = listOf(expectHeader(reply, 'Vary').toLowerCase());
  expectThat(vary.includes('origin'), reply, 'expected Vary to name Origin');
}
