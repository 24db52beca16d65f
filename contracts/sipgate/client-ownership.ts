/** sipgate REST API: whose an OAuth client is, and what its secret is good for at the login server. */
import { CheckFailure, checksOf } from '../check.ts';
import { expectEqual, expectMember, expectOAuthError, expectStatus, expectThat } from '../expect.ts';
import { bearer, required, type Session } from '../session.ts';
import { clientInput, fullAccess, listClientIds, readClient, requestToken, withClient } from './own-client.ts';

const getAccount = (session: Session, token: string) =>
  session.call('sipgate.getAccount', { authorization: bearer(token) });

/** Checks across account borders, and between the REST API and the token endpoint. */
export const clientOwnershipChecks = checksOf(
  {
    provider: 'sipgate',
    operation: 'sipgate.createClient',
    evidence: 'assumed',
    risk: 'write',
    needs: ['sipgate.pat'],
  },
  [
    {
      id: 'sipgate.CLI-09',
      title: 'After DELETE the secret of the client gets no token: 401 invalid_client',
      operation: 'sipgate.deleteClient',
      level: 'MUST',
      clause: 'RFC 7592 §2.3, RFC 6749 §5.2',
      evidence: 'engine',
      run: (session) =>
        withClient(session, async (client) => {
          await client.remove();
          expectOAuthError(await requestToken(session, client), 401, 'invalid_client');
        }),
    },
    {
      id: 'sipgate.CLI-10',
      title: 'After DELETE a token that the client was given before is 401',
      operation: 'sipgate.deleteClient',
      level: 'SHOULD',
      clause: 'RFC 7592 §2.3; specification: its users must log in again',
      run: (session) =>
        withClient(session, async (client) => {
          const given = await requestToken(session, client);
          if (given.status !== 200) throw new CheckFailure(`prerequisite: no token: ${given.status} ${given.text}`);
          await client.remove();
          expectStatus(await getAccount(session, expectMember(given, 'access_token', 'string')), 401);
        }),
    },
    {
      id: 'sipgate.CLI-15a',
      title: "Another account's client is 404 by id and not in the list",
      operation: 'sipgate.getClient',
      level: 'PARITY',
      clause: 'RFC 9110 §15.5.4: 404 where existence is to be hidden',
      risk: 'read',
      needs: ['sipgate.pat', 'sipgate.foreignClientId'],
      run: async (session) => {
        const foreign = required(session.target.sipgate?.foreignClientId);
        const reply = await readClient(session, foreign);
        expectStatus(reply, 404);
        expectThat(!(await listClientIds(session)).includes(foreign), reply, 'expected the list to be without it');
      },
    },
    {
      id: 'sipgate.CLI-15b',
      title: "Another account's client can neither be replaced nor deleted: 404, and its consent page is as before",
      operation: 'sipgate.deleteClient',
      level: 'MUST',
      clause: 'RFC 9110 §15.5.4: 404 where existence is to be hidden',
      risk: 'destructive',
      needs: ['sipgate.pat', 'sipgate.foreignClientId'],
      run: proveForeignUntouched,
    },
    {
      id: 'sipgate.CLI-16a',
      title: 'Id, secret and account in the body of POST are not honoured',
      level: 'MUST',
      clause: 'OWASP API3:2023 (mass assignment)',
      run: (session) => {
        const wish = { clientId: 'sidetone-wish', clientSecret: 'sidetone-wish', account: '1', trusted: true };
        const judge = async (id: string, secret: string) => {
          const reply = await readClient(session, id);
          expectStatus(reply, 200);
          expectThat(id !== wish.clientId, reply, 'expected an id other than that of the body');
          expectThat(secret !== wish.clientSecret, reply, 'expected a secret other than that of the body');
          expectEqual(reply, 'the member "trusted"', reply.json().trusted, undefined);
        };
        return withClient(session, ({ id, secret }) => judge(id, secret), clientInput(wish));
      },
    },
    {
      id: 'sipgate.CLI-16b',
      title: 'Id and secret in the body of PUT are not honoured',
      operation: 'sipgate.updateClient',
      level: 'MUST',
      clause: 'OWASP API3:2023 (mass assignment)',
      run: (session) =>
        withClient(session, async ({ id, secret }) => {
          const json = clientInput({ clientId: 'sidetone-wish', clientSecret: 'sidetone-wish' });
          const options = { authorization: fullAccess(session), params: { clientId: id }, json };
          const reply = await session.call('sipgate.updateClient', options);
          expectStatus(reply, 200);
          expectEqual(reply, '"clientId"', reply.json().clientId, id);
          expectEqual(reply, '"clientSecret"', reply.json().clientSecret, secret);
        }),
    },
    {
      id: 'sipgate.CLI-17a',
      title: 'A new client gets a token at once with the secret of the answer, and the token opens the account',
      level: 'PARITY',
      clause: 'openapi.yaml',
      run: (session) =>
        withClient(session, async (client) => {
          const reply = await requestToken(session, client);
          expectStatus(reply, 200);
          expectStatus(await getAccount(session, expectMember(reply, 'access_token', 'string')), 200);
        }),
    },
    {
      id: 'sipgate.CLI-17b',
      title: 'A secret other than the one of the answer gets no token: 401 unauthorized_client',
      level: 'MUST',
      clause: "RFC 6749 §2.3.1; the code is Keycloak 26.7.1's",
      evidence: 'engine',
      run: (session) =>
        withClient(session, async ({ id, secret }) => {
          const wrong = await requestToken(session, { id, secret: `${secret}x` });
          expectOAuthError(wrong, 401, 'unauthorized_client');
        }),
    },
  ],
);

async function proveForeignUntouched(session: Session): Promise<void> {
  const params = { clientId: required(session.target.sipgate?.foreignClientId) };
  const authorization = fullAccess(session);
  const before = await session.call('sipgate.getGdprUrls', { params });
  if (before.status !== 200) throw new CheckFailure(`prerequisite: the foreign client is unknown: ${before.status}`);
  const json = clientInput({ privacyUrl: 'https://sidetone.example/taken' });
  expectStatus(await session.call('sipgate.updateClient', { authorization, params, json }), 404);
  expectStatus(await session.call('sipgate.deleteClient', { authorization, params }), 404);
  const after = await session.call('sipgate.getGdprUrls', { params });
  expectStatus(after, 200);
  expectEqual(after, 'privacy and terms', after.json(), before.json());
}
