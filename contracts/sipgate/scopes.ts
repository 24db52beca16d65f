/** sipgate REST API: what a scope lets a client do to OAuth clients from their creation to their end, and what it does not. */
import { type Check, checksOf } from '../check.ts';
import { expectEqual, expectStatus } from '../expect.ts';
import { bearer, type Session } from '../session.ts';
import { clientInput, expectNothingStored, readClient, refusedInput, removeClient, withClient } from './own-client.ts';

const SPECIFICATION = 'sipgate REST API specification of 2022-07-11; its lists mean OR';
const CLIENTS_READ = 'authorization:oauth2:clients:read';
const CLIENTS_WRITE = 'authorization:oauth2:clients:write';

/** Scopes of which any one opens the operation. */
const openingScopes = ({ document }: Session, operation: string): string[] =>
  (document.operations.get(operation)?.security ?? []).flatMap(({ sipgateOAuth = [] }) => sipgateOAuth);

/** Every other declared scope; `internal` is the vendor's own app's. */
function closedScopes(session: Session, operation: string): string[] {
  const opening = ['internal', ...openingScopes(session, operation)];
  return (session.document.scopes.sipgateOAuth ?? []).filter((scope) => !opening.includes(scope));
}

/** Checks of what is done and not done; which scope opens what is asked of every operation elsewhere. */
export const scopeChecks: Check[] = checksOf(
  {
    provider: 'sipgate',
    operation: 'sipgate.getAccount',
    evidence: 'documented',
    risk: 'read',
    needs: ['sipgate.client'],
  },
  [
    ...[CLIENTS_WRITE, 'all'].map((scope) => ({
      id: `sipgate.SCP-03-${scope === 'all' ? 'all' : 'write'}`,
      title: `The scope ${scope} alone creates, replaces and deletes a client`,
      operation: 'sipgate.createClient',
      level: 'PARITY' as const,
      clause: SPECIFICATION,
      risk: 'write' as const,
      needs: ['sipgate.pat', 'sipgate.client'] as Check['needs'],
      run: async (session: Session) => proveLifeCycle(session, scope),
    })),
    {
      id: 'sipgate.SCP-04',
      title:
        'POST, PUT and DELETE of clients are 403 with the read scope, PUT with all but its own, and nothing changes',
      operation: 'sipgate.updateClient',
      level: 'MUST',
      clause: 'RFC 6750 §3.1',
      evidence: 'observed',
      risk: 'write',
      needs: ['sipgate.pat', 'sipgate.client'],
      run: proveReadOnly,
    },
  ],
);

async function proveLifeCycle(session: Session, scope: string): Promise<void> {
  const authorization = bearer(await session.sipgateToken(scope));
  const created = await session.call('sipgate.createClient', { authorization, json: clientInput(session) });
  expectStatus(created, 200);
  const params = { clientId: String(created.json().clientId) };
  let removed = false;
  try {
    expectStatus(
      await session.call('sipgate.updateClient', { authorization, params, json: clientInput(session) }),
      200,
    );
    const reply = await session.call('sipgate.deleteClient', { authorization, params });
    expectStatus(reply, 202);
    removed = true;
  } finally {
    if (!removed) await removeClient(session, params.clientId);
  }
}

/** POST, PUT and DELETE with the read scope, PUT with all scopes but its own; then what is there is as it was. */
async function proveReadOnly(session: Session): Promise<void> {
  const readOnly = bearer(await session.sipgateToken(CLIENTS_READ));
  const allOthers = bearer(await session.sipgateToken(...closedScopes(session, 'sipgate.updateClient')));
  await withClient(session, async ({ id, created }) => {
    const options = { params: { clientId: id }, json: refusedInput(session) };
    await expectNothingStored(session, async () => {
      for (const name of ['createClient', 'updateClient', 'deleteClient']) {
        expectStatus(await session.call(`sipgate.${name}`, { authorization: readOnly, ...options }), 403);
      }
      expectStatus(await session.call('sipgate.updateClient', { authorization: allOthers, ...options }), 403);
    });
    const now = await readClient(session, id);
    expectStatus(now, 200);
    expectEqual(now, '"name"', now.json().name, created.json().name);
  });
}
