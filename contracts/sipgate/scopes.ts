/** sipgate REST API: which scopes open which operation, read from `security` in openapi.yaml. */
import { type Check, checksOf } from '../check.ts';
import { expectEqual, expectStatus } from '../expect.ts';
import { bearer, type CallOptions, required, type Session } from '../session.ts';
import { clientInput, expectNothingStored, readClient, refusedInput, removeClient, withClient } from './own-client.ts';

const SPECIFICATION = 'sipgate REST API specification of 2022-07-11; its lists mean OR';
const CLIENTS_READ = 'authorization:oauth2:clients:read';
const CLIENTS_WRITE = 'authorization:oauth2:clients:write';
const READS = ['getAccount', 'getBalance', 'getAllUsers', 'getClients', 'getClient'].map((name) => `sipgate.${name}`);
const SECURED = ['getBalance', 'getAllUsers', 'getClients', 'deleteClient'];

/** Scopes of which any one opens the operation. */
const openingScopes = ({ document }: Session, operation: string): string[] =>
  (document.operations.get(operation)?.security ?? []).flatMap(({ sipgateOAuth = [] }) => sipgateOAuth);

/** Every other declared scope; `internal` is the vendor's own app's. */
function closedScopes(session: Session, operation: string): string[] {
  const opening = ['internal', ...openingScopes(session, operation)];
  return (session.document.scopes.sipgateOAuth ?? []).filter((scope) => !opening.includes(scope));
}

/** The client of the target is one of the account's own. */
const paramsOf = ({ target }: Session) => ({ params: { clientId: required(target.sipgate?.client).id } });

async function callWith(session: Session, scopes: string[], operation: string, options: CallOptions = {}) {
  const authorization = bearer(await session.sipgateToken(...scopes));
  return session.call(operation, { ...options, authorization });
}

/** Checks that each scope alone suffices where it should, and that all others together do not. */
export const scopeChecks: Check[] = checksOf(
  {
    provider: 'sipgate',
    operation: 'sipgate.getAccount',
    evidence: 'documented',
    risk: 'read',
    needs: ['sipgate.client'],
  },
  [
    ...READS.map((operation) => ({
      id: `sipgate.SCP-01-${operation.slice('sipgate.'.length)}`,
      title: `${operation} is open to each of its scopes alone`,
      operation,
      level: 'MUST' as const,
      clause: SPECIFICATION,
      run: async (session: Session) => {
        for (const scope of openingScopes(session, operation)) {
          expectStatus(await callWith(session, [scope], operation, paramsOf(session)), 200);
        }
      },
    })),
    ...READS.map((operation) => ({
      id: `sipgate.SCP-02-${operation.slice('sipgate.'.length)}`,
      title: `${operation} is 403 to a token with all scopes but its own`,
      operation,
      level: 'MUST' as const,
      clause: 'RFC 6750 §3.1',
      evidence: 'observed' as const,
      run: async (session: Session) => {
        expectStatus(await callWith(session, closedScopes(session, operation), operation, paramsOf(session)), 403);
      },
    })),
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
    {
      id: 'sipgate.BRR-06',
      title: 'A valid token without any scope is 403, not 401',
      level: 'SHOULD',
      clause: 'RFC 6750 §3.1',
      evidence: 'observed',
      run: async (session) => expectStatus(await callWith(session, [], 'sipgate.getAccount'), 403),
    },
    {
      id: 'sipgate.SCP-10',
      title: 'Balance, users, clients and the deletion of one are 401 without credentials',
      operation: 'sipgate.getAllUsers',
      level: 'MUST',
      clause: 'RFC 9110 §15.5.2',
      evidence: 'observed',
      needs: [],
      run: async (session) => {
        const params = { clientId: 'sidetone-no-such-client' };
        for (const name of SECURED) expectStatus(await session.call(`sipgate.${name}`, { params }), 401);
      },
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
