/** SIPSIM API v2: methods, paths and header fields, as Rails has them. */
import { checksOf } from '../check.ts';
import {
  expectEmptyBody,
  expectEqual,
  expectHeader,
  expectMember,
  expectNoHeader,
  expectStatus,
  expectThat,
} from '../expect.ts';
import { bearer, type Session } from '../session.ts';
import { clientForm } from '../token-endpoint/endpoint.ts';
import { askAccount, sipsimEndpoint } from './endpoint.ts';

const RAILS = 'Doorkeeper 5.5.0 on Rails 6.1.7, measured: no route';

const good = async (session: Session) => ({ authorization: bearer(await session.sipsimToken('account.read')) });
const mediaType = (value: string) => value.split(';')[0]?.trim();

/** Checks of HTTP semantics (RFC 9110). */
export const sipsimHttpChecks = checksOf(
  {
    provider: 'sipsim',
    operation: sipsimEndpoint.resource,
    evidence: 'engine',
    risk: 'read',
    needs: sipsimEndpoint.needs,
  },
  [
    {
      id: 'sipsim.HTP-01a',
      title: 'An unknown path is 404 in JSON, with a good token and without one',
      level: 'MUST',
      clause: 'RFC 9110 §15.5.5; Rails looks for a route before it authenticates',
      run: async (session) => {
        for (const options of [{}, await good(session)]) {
          for (const path of ['/api/v2/sidetone-nothing', '/api/v2']) {
            const reply = await session.callPath(path, options);
            expectStatus(reply, 404);
            expectEqual(reply, 'the media type', mediaType(expectHeader(reply, 'Content-Type')), 'application/json');
          }
        }
      },
    },
    {
      id: 'sipsim.HTP-01b',
      title: 'A path that continues a known one is 404',
      level: 'MUST',
      clause: 'RFC 9110 §15.5.5',
      run: async (session) => {
        expectStatus(await session.callPath('/api/v2/account/sidetone', await good(session)), 404);
      },
    },
    {
      id: 'sipsim.HTP-02',
      title: 'A slash behind a path changes nothing, at the API as at the token endpoint',
      level: 'PARITY',
      clause: 'Doorkeeper 5.5.0 on Rails 6.1.7, measured: its router drops it',
      run: async (session) => {
        expectStatus(await session.callPath('/api/v2/account/', await good(session)), 200);
        const form = clientForm(sipsimEndpoint, session);
        expectStatus(await session.callPath('/oauth/token/', { method: 'POST', form }), 200);
      },
    },
    {
      id: 'sipsim.HTP-01c',
      title: 'An unknown path at the token endpoint is 404 in the envelope of the API',
      level: 'PARITY',
      clause: 'Rails: the router answers, and not Doorkeeper; the envelope is assumed',
      evidence: 'assumed',
      run: async (session) => {
        const reply = await session.callPath('/oauth/sidetone-nothing');
        expectStatus(reply, 404);
        expectEqual(reply, '"status"', reply.json().status, 404);
        expectThat(expectMember(reply, 'errors', 'array').join('') !== '', reply, 'expected an error in words');
      },
    },
    {
      id: 'sipsim.HTP-03',
      title: 'A wrong method on the account is 404 without Allow, not 405',
      level: 'PARITY',
      clause: `${RAILS}; deviates from RFC 9110 §15.5.6`,
      run: async (session) => {
        for (const method of ['POST', 'DELETE']) {
          const reply = await session.call('sipsim.getAccount', { method, ...(await good(session)) });
          expectStatus(reply, 404);
          expectNoHeader(reply, 'Allow');
        }
      },
    },
    {
      id: 'sipsim.HTP-07',
      title: 'HEAD is answered as GET is, without a body',
      level: 'MUST',
      clause: 'RFC 9110 §9.3.2',
      run: async (session) => {
        const reply = await session.call('sipsim.getAccount', { method: 'HEAD', ...(await good(session)) });
        expectStatus(reply, 200);
        expectEmptyBody(reply);
        expectEqual(reply, 'the media type', mediaType(expectHeader(reply, 'Content-Type')), 'application/json');
      },
    },
    {
      id: 'sipsim.HTP-14',
      title: 'An answer in JSON says that it is JSON in UTF-8',
      level: 'PARITY',
      clause: 'Rails; RFC 9110 §8.3',
      run: async (session) => {
        const reply = await askAccount(session, await good(session));
        expectStatus(reply, 200);
        const contentType = expectHeader(reply, 'Content-Type').replaceAll(' ', '').toLowerCase();
        expectEqual(reply, 'Content-Type', contentType, 'application/json;charset=utf-8');
      },
    },
    {
      id: 'sipsim.HTP-22',
      title: 'Success and refusal carry a Date in the preferred form',
      level: 'MUST',
      clause: 'RFC 9110 §6.6.1, §5.6.7',
      run: async (session) => {
        for (const options of [{}, await good(session)]) {
          const reply = await askAccount(session, options);
          const date = expectHeader(reply, 'Date');
          expectThat(new Date(date).toUTCString() === date, reply, `expected an IMF-fixdate, got "${date}"`);
        }
      },
    },
  ],
);
