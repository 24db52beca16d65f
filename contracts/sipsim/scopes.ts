/** SIPSIM: which scopes an integration may ask for, and what they open. */
import { type Check, checksOf } from '../check.ts';
import { expectEqual, expectMember, expectNoHeader, expectOAuthError, expectStatus } from '../expect.ts';
import { bearer, required, type Session } from '../session.ts';
import type { BasicPair } from '../targets.ts';
import { requestToken, tokenAnswer, useToken } from '../token-endpoint/endpoint.ts';
import { askAccount, DOORKEEPER, sipsimEndpoint } from './endpoint.ts';

const endpoint = sipsimEndpoint;
const ACCOUNT = 'account.read';

const credentialsOf = ({ id, secret }: BasicPair) => ({ client_id: id, client_secret: secret });
const declared = ({ document }: Session) => document.scopes.sipsimOAuth ?? [];

/** Checks of scopes at the token endpoint and at the account. */
export const sipsimScopeChecks: Check[] = checksOf(
  { provider: 'sipsim', operation: endpoint.operation, evidence: 'documented', risk: 'read', needs: endpoint.needs },
  [
    {
      id: 'sipsim.SCP-01',
      title: 'An integration with account.read alone gets a token for it, and the account opens',
      operation: endpoint.resource,
      level: 'MUST',
      clause: 'SIPSIM authentication page: scopes',
      needs: ['sipsim.clientAccountOnly'],
      run: async (session) => {
        const own = credentialsOf(required(session.target.sipsim?.clientAccountOnly));
        expectStatus(await useToken(endpoint, session, await tokenAnswer(endpoint, session, own)), 200);
      },
    },
    {
      id: 'sipsim.SCP-02',
      title: 'An integration with account.read alone may have no other declared scope: 400 invalid_scope',
      level: 'MUST',
      clause: 'SIPSIM authentication page: invalid_scope',
      needs: ['sipsim.clientAccountOnly'],
      run: async (session) => {
        const own = credentialsOf(required(session.target.sipsim?.clientAccountOnly));
        const reply = await requestToken(endpoint, session, { ...own, scope: `${ACCOUNT} calls.read` });
        expectOAuthError(reply, 400, 'invalid_scope');
      },
    },
    {
      id: 'sipsim.SCP-03',
      title: 'An integration without account.read may not have it: 400 invalid_scope',
      level: 'MUST',
      clause: 'SIPSIM authentication page: invalid_scope',
      needs: ['sipsim.clientWithoutAccount'],
      run: async (session) => {
        const own = credentialsOf(required(session.target.sipsim?.clientWithoutAccount));
        expectOAuthError(await requestToken(endpoint, session, own), 400, 'invalid_scope');
      },
    },
    {
      id: 'sipsim.SCP-04',
      title: 'All scopes of the vendor are granted together, and all are named',
      level: 'PARITY',
      clause: 'SIPSIM authentication page and guides: 17 scopes',
      run: async (session) => {
        const scopes = declared(session);
        const reply = await requestToken(endpoint, session, { scope: scopes.join(' ') });
        expectStatus(reply, 200);
        expectEqual(reply, 'the scopes', expectMember(reply, 'scope', 'string').split(' ').sort(), [...scopes].sort());
      },
    },
    {
      id: 'sipsim.BRR-06b',
      title: 'A 403 for want of a scope has no WWW-Authenticate',
      operation: endpoint.resource,
      level: 'PARITY',
      clause: `${DOORKEEPER} (one comes from 5.9.1 on); RFC 6750 §3 would have one`,
      evidence: 'engine',
      run: async (session) => {
        const reply = await withoutAccountRead(session);
        expectStatus(reply, 403);
        expectNoHeader(reply, 'WWW-Authenticate');
      },
    },
    {
      id: 'sipsim.SCP-08',
      title: 'Tabs and line ends divide scopes as spaces do, and it may be several, also around them',
      level: 'PARITY',
      clause: 'Doorkeeper 5.5.0, measured; deviates from RFC 6749 §3.3, which has spaces alone',
      evidence: 'engine',
      run: async (session) => {
        const reply = await requestToken(endpoint, session, { scope: ` tags.read\t${ACCOUNT}\n calls.read ` });
        expectStatus(reply, 200);
        expectEqual(reply, '"scope"', reply.json().scope, `tags.read ${ACCOUNT} calls.read`);
      },
    },
    {
      id: 'sipsim.SCP-09',
      title: 'Without a scope, or with a blank one, an integration that has scopes of its own is 400 invalid_scope',
      level: 'PARITY',
      clause: `${DOORKEEPER}: from 5.6.0 on; before, such a token had no scope. RFC 6749 §3.3 allows it`,
      evidence: 'engine',
      run: async (session) => {
        for (const scope of [undefined, '', ' ']) {
          expectOAuthError(await requestToken(endpoint, session, { scope }), 400, 'invalid_scope');
        }
      },
    },
    {
      id: 'sipsim.SCP-07',
      title: 'Granted scopes keep the order that was asked for, each once',
      level: 'PARITY',
      clause: `${DOORKEEPER}; RFC 6749 §3.3 gives order no meaning`,
      evidence: 'engine',
      run: async (session) => {
        const reply = await tokenAnswer(endpoint, session, { scope: `tags.read ${ACCOUNT} tags.read` });
        expectEqual(reply, '"scope"', reply.json().scope, `tags.read ${ACCOUNT}`);
      },
    },
  ],
);

async function withoutAccountRead(session: Session) {
  const others = declared(session).filter((scope) => scope !== ACCOUNT);
  return askAccount(session, { authorization: bearer(await session.sipsimToken(...others)) });
}
