/** Short form: /oauth/token serves sipgate's clients too, in SIPSIM's wire form. */
import { checksOf } from '../check.ts';
import { expectEqual, expectMember, expectOAuthError, expectStatus, expectThat } from '../expect.ts';
import { bearer, required, type Session } from '../session.ts';
import { withClient } from '../sipgate/own-client.ts';
import type { BasicPair } from '../targets.ts';

const OWN = "Sidetone's own: no real host serves it";
const CLIENTS_READ = 'authorization:oauth2:clients:read';

const ask = (session: Session, { id, secret }: BasicPair, scope: string) =>
  session.call('sipsim.createToken', {
    form: { grant_type: 'client_credentials', client_id: id, client_secret: secret, scope },
  });

const sipgateClient = ({ target }: Session) => required(target.sipgate?.client);

/** The answer to a sipgate client, asked for once with the same scope. */
const tokenAnswer = (session: Session, scope: string) =>
  session.once(`short form ${scope}`, () => ask(session, sipgateClient(session), scope));

async function tokenOf(session: Session, scope: string): Promise<string> {
  const reply = await tokenAnswer(session, scope);
  expectStatus(reply, 200);
  return expectMember(reply, 'access_token', 'string');
}

/** Checks of the one token endpoint that knows the clients of both APIs. */
export const shortFormTokenChecks = checksOf(
  {
    provider: 'shortForm',
    operation: 'sipsim.createToken',
    evidence: 'convenience',
    risk: 'read',
    needs: ['shortForm', 'sipgate.client'],
  },
  [
    {
      id: 'shortForm.TOK-01',
      title: "A sipgate client gets a token with sipgate's scopes, in SIPSIM's wire form",
      level: 'PARITY',
      clause: OWN,
      run: async (session) => {
        const scope = `account:read ${CLIENTS_READ}`;
        const reply = await tokenAnswer(session, scope);
        expectStatus(reply, 200);
        const members = ['access_token', 'created_at', 'expires_in', 'scope', 'token_type'];
        expectEqual(reply, 'the members', Object.keys(reply.json()).sort(), members);
        expectEqual(reply, '"scope"', reply.json().scope, scope);
        expectThat(expectMember(reply, 'created_at', 'number') > 0, reply, 'expected seconds since 1970');
      },
    },
    {
      id: 'shortForm.TOK-02',
      title: 'That token works at /account, at /v2/account and at the clients of the root',
      level: 'PARITY',
      clause: OWN,
      run: async (session) => {
        const authorization = bearer(await tokenOf(session, `account:read ${CLIENTS_READ}`));
        for (const operation of ['shortForm.getAccount', 'sipgate.getAccount', 'shortForm.getClients']) {
          expectStatus(await session.call(operation, { authorization }), 200);
        }
      },
    },
    {
      id: 'shortForm.TOK-03',
      title: 'That token has the scopes it was asked for and no more',
      operation: 'shortForm.getClients',
      level: 'PARITY',
      clause: OWN,
      run: async (session) => {
        const authorization = bearer(await tokenOf(session, 'account:read'));
        expectStatus(await session.call('shortForm.getClients', { authorization }), 403);
      },
    },
    {
      id: 'shortForm.TOK-04',
      title: "An integration's scopes are still SIPSIM's: account:read is 400 invalid_scope",
      level: 'PARITY',
      clause: OWN,
      needs: ['shortForm', 'sipsim.client'],
      run: async (session) => {
        const reply = await ask(session, required(session.target.sipsim?.client), 'account:read');
        expectOAuthError(reply, 400, 'invalid_scope');
      },
    },
    {
      id: 'shortForm.TOK-05',
      title: "A sipgate client's scopes are sipgate's: account.read is 400 invalid_scope",
      level: 'PARITY',
      clause: OWN,
      run: async (session) =>
        expectOAuthError(await ask(session, sipgateClient(session), 'account.read'), 400, 'invalid_scope'),
    },
    {
      id: 'shortForm.CAU-02',
      title: "A sipgate client's wrong secret is 401 invalid_client, as an integration's is",
      level: 'PARITY',
      clause: OWN,
      run: async (session) => {
        const wrong = { id: sipgateClient(session).id, secret: 'sidetone-wrong' };
        expectOAuthError(await ask(session, wrong, 'account:read'), 401, 'invalid_client');
      },
    },
    {
      id: 'shortForm.CLI-17',
      title: 'A new sipgate client gets a token at once, and none after its DELETE',
      level: 'PARITY',
      clause: OWN,
      risk: 'write',
      needs: ['shortForm', 'sipgate.pat'],
      run: (session) =>
        withClient(session, async (client) => {
          expectStatus(await ask(session, client, 'account:read'), 200);
          await client.remove();
          expectOAuthError(await ask(session, client, 'account:read'), 401, 'invalid_client');
        }),
    },
  ],
);
