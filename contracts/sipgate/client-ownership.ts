/** sipgate REST API: whose an OAuth client is, and what its secret is good for at the login server. */
import { CheckFailure, checksOf } from '../check.ts';
import { expectEqual, expectMember, expectOAuthError, expectStatus, expectThat } from '../expect.ts';
import { bearer, required, type Session } from '../session.ts';
import {
  clientInput,
  expectClient,
  fullAccess,
  listClientIds,
  type OwnClient,
  readClient,
  requestToken,
  withClient,
} from './own-client.ts';

const WISH = { clientId: 'sidetone-wish', clientSecret: 'sidetone-wish', account: '1', trusted: true };

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
      id: 'sipgate.CLI-16',
      title: 'Id, secret, account and rights in the bodies of POST and PUT are not honoured',
      level: 'MUST',
      clause: 'OWASP API3:2023 (mass assignment)',
      run: (session) =>
        withClient(session, (client) => proveNoMassAssignment(session, client), clientInput(session, WISH)),
    },
    {
      id: 'sipgate.CLI-17',
      title: 'A new client gets a token at once, with its secret and no other; DELETE ends both secret and token',
      level: 'MUST',
      clause: 'RFC 7592 §2.3, RFC 6749 §5.2; specification: its users must log in again; codes of Keycloak 26.7.1',
      run: (session) => withClient(session, (client) => proveSecretLife(session, client)),
    },
  ],
);

async function proveForeignUntouched(session: Session): Promise<void> {
  const params = { clientId: required(session.target.sipgate?.foreignClientId) };
  const authorization = fullAccess(session);
  const before = await session.call('sipgate.getGdprUrls', { params });
  if (before.status !== 200) throw new CheckFailure(`prerequisite: the foreign client is unknown: ${before.status}`);
  const json = clientInput(session, { privacyUrl: 'https://sidetone.example/taken' });
  expectStatus(await session.call('sipgate.updateClient', { authorization, params, json }), 404);
  expectStatus(await session.call('sipgate.deleteClient', { authorization, params }), 404);
  const after = await session.call('sipgate.getGdprUrls', { params });
  expectStatus(after, 200);
  expectEqual(after, 'privacy and terms', after.json(), before.json());
}

async function proveNoMassAssignment(session: Session, { id, secret, created }: OwnClient): Promise<void> {
  expectThat(id !== WISH.clientId, created, 'expected an id other than that of the body');
  expectThat(secret !== WISH.clientSecret, created, 'expected a secret other than that of the body');
  const options = { authorization: fullAccess(session), params: { clientId: id }, json: clientInput(session, WISH) };
  // Read back after each: it would have to be in this account's hands, with what it was dealt.
  for (const reply of [await readClient(session, id), await session.call('sipgate.updateClient', options)]) {
    expectStatus(reply, 200);
    expectClient(reply, reply.json(), { clientId: id, clientSecret: secret });
    expectEqual(reply, 'the member "trusted"', reply.json().trusted, undefined);
  }
}

async function proveSecretLife(session: Session, { id, secret, remove }: OwnClient): Promise<void> {
  const wrong = await requestToken(session, { id, secret: `${secret}x` });
  expectOAuthError(wrong, 401, 'unauthorized_client');
  const given = await requestToken(session, { id, secret });
  expectStatus(given, 200);
  const token = expectMember(given, 'access_token', 'string');
  expectStatus(await getAccount(session, token), 200);
  await remove();
  expectOAuthError(await requestToken(session, { id, secret }), 401, 'invalid_client');
  expectStatus(await getAccount(session, token), 401);
}
