/** SIPSIM's token endpoint: how an integration proves who it is, by Doorkeeper's rules. */
import { checksOf } from '../check.ts';
import { expectChallenges, expectEqual, expectOAuthError, expectStatus } from '../expect.ts';
import { basic } from '../session.ts';
import { percentEncoded, requestByHeader, requestToken } from '../token-endpoint/endpoint.ts';
import { DOORKEEPER, sipsimEndpoint } from './endpoint.ts';

const endpoint = sipsimEndpoint;
const WRONG = 'sidetone-wrong-secret';

/** Checks of client credentials by form and by Basic, right, wrong and both at once. */
export const sipsimClientAuthenticationChecks = checksOf(
  { provider: 'sipsim', operation: endpoint.operation, evidence: 'engine', risk: 'read', needs: endpoint.needs },
  [
    {
      id: 'sipsim.CAU-02',
      title: 'A wrong secret by Basic is 401 invalid_client with a Bearer challenge alone',
      level: 'PARITY',
      clause: `${DOORKEEPER}; deviates from RFC 6749 §5.2, which wants the challenge of the scheme that was used`,
      run: async (session) => {
        const { id, secret } = endpoint.client(session.target);
        for (const wrong of [WRONG, `${secret.slice(0, 4)}:${secret.slice(4)}`]) {
          const reply = await requestByHeader(endpoint, session, basic({ id, secret: wrong }));
          expectOAuthError(reply, 401, 'invalid_client');
          const schemes = expectChallenges(reply).map(({ scheme }) => scheme);
          expectEqual(reply, 'the schemes', schemes, ['bearer']);
        }
      },
    },
    {
      id: 'sipsim.CAU-03',
      title: 'A wrong secret in the form is 401 invalid_client, with the body of an unknown client',
      level: 'MUST',
      clause: 'SIPSIM authentication page; RFC 6749 §5.2, no oracle',
      evidence: 'documented',
      run: async (session) => {
        const wrong = await requestToken(endpoint, session, { client_secret: WRONG });
        expectOAuthError(wrong, 401, 'invalid_client');
        const unknown = await requestToken(endpoint, session, { client_id: 'sidetone-no-such-client' });
        expectEqual(wrong, 'the body', wrong.text, unknown.text);
      },
    },
    {
      id: 'sipsim.CAU-05b',
      title: 'Without a secret, or with an empty one, the answer is 401 invalid_client',
      level: 'MUST',
      clause: 'RFC 6749 §3.2.1, §5.2',
      run: async (session) => {
        for (const client_secret of [undefined, '']) {
          expectOAuthError(await requestToken(endpoint, session, { client_secret }), 401, 'invalid_client');
        }
      },
    },
    {
      id: 'sipsim.CAU-06a',
      title: 'A wrong secret in the form does not matter beside right credentials by Basic',
      level: 'PARITY',
      clause: `${DOORKEEPER}, 400 from 5.9.5; RFC 6749 §2.3 forbids clients to use two methods`,
      run: async (session) => {
        const authorization = basic(endpoint.client(session.target));
        expectStatus(await requestToken(endpoint, session, { client_secret: WRONG }, { authorization }), 200);
      },
    },
    {
      id: 'sipsim.CAU-06b',
      title: 'Right credentials in the form do not help against a wrong secret by Basic: 401 invalid_client',
      level: 'PARITY',
      clause: `${DOORKEEPER}, 400 from 5.9.5; RFC 6749 §2.3 forbids clients to use two methods`,
      run: async (session) => {
        const { id } = endpoint.client(session.target);
        const authorization = basic({ id, secret: WRONG });
        expectOAuthError(await requestToken(endpoint, session, {}, { authorization }), 401, 'invalid_client');
      },
    },
    {
      id: 'sipsim.CAU-06c',
      title: 'Basic without an id counts as absent: right credentials in the form get their token',
      level: 'PARITY',
      clause: 'Doorkeeper 5.5.0, measured; RFC 6749 §2.3 forbids clients to use two methods',
      run: async (session) => {
        for (const id of ['', ' ']) {
          const authorization = basic({ id, secret: WRONG });
          expectStatus(await requestToken(endpoint, session, {}, { authorization }), 200);
        }
      },
    },
    {
      id: 'sipsim.CAU-12',
      title: 'Characters in Basic that are no Base64 are skipped, and a scheme that only ends in Basic is 401',
      level: 'PARITY',
      clause: `${DOORKEEPER}: unpacked by Ruby's lenient decoder; RFC 9110 §11.1`,
      run: async (session) => {
        const authorization = basic(endpoint.client(session.target));
        const skipped = authorization.replace(/^(Basic .{4})/, '$1!');
        expectStatus(await requestByHeader(endpoint, session, skipped), 200);
        expectOAuthError(await requestByHeader(endpoint, session, `X${authorization}`), 401, 'invalid_client');
      },
    },
    {
      id: 'sipsim.CAU-10',
      title: 'Basic credentials are not form-urldecoded: percent-encoded ones are 401 invalid_client',
      level: 'PARITY',
      clause: 'Doorkeeper 5.5.0, measured; deviates from RFC 6749 §2.3.1',
      run: async (session) => {
        const { id, secret } = endpoint.client(session.target);
        const authorization = basic({ id: percentEncoded(id), secret: percentEncoded(secret) });
        expectOAuthError(await requestByHeader(endpoint, session, authorization), 401, 'invalid_client');
      },
    },
  ],
);
