/** SIPSIM API v2: each operation opens to its scope and to no other. Read from the document. */
import type { Check } from '../check.ts';
import type { DeclaredOperation } from '../document.ts';
import { expectStatus, expectThat } from '../expect.ts';
import { bearer, NOWHERE, type Session } from '../session.ts';

/** Two checks for each operation but the account's, whose own stand beside it. */
export function resourceScopeChecks(operations: DeclaredOperation[]): Check[] {
  const secured = operations.filter(({ provider, security, operationId }) => {
    return provider === 'sipsim' && security.length > 0 && operationId !== 'sipsim.getAccount';
  });
  return secured.flatMap((operation) => {
    const { operationId, method, path } = operation;
    const name = operationId.slice('sipsim.'.length);
    const scopes = scopesOf(operation);
    const common = {
      provider: 'sipsim' as const,
      operation: operationId,
      evidence: 'documented' as const,
      risk: method === 'GET' ? ('read' as const) : ('write' as const),
      needs: ['sipsim.client' as const],
    };
    return [
      {
        ...common,
        id: `sipsim.SCP-alone-${name}`,
        title: `${method} ${path} opens to a token with ${scopes.join(' alone, or ')} alone`,
        level: 'PARITY' as const,
        clause: 'SIPSIM authentication page and guides: scopes',
        run: (session: Session) => proveOpens(session, operation, scopes),
      },
      {
        ...common,
        id: `sipsim.SCP-without-${name}`,
        title: `${method} ${path} is 403 to a token with every scope but ${scopes.join(' and ')}`,
        level: 'SHOULD' as const,
        clause: 'RFC 6750 §3.1',
        run: (session: Session) => proveShut(session, operation, scopes),
      },
    ];
  });
}

const scopesOf = ({ security }: DeclaredOperation) =>
  security.flatMap((alternative) => Object.values(alternative).flat());

/** Of nothing that is there, and without what it takes: so nothing is done, whoever is let in. */
const callWith = async (session: Session, { operationId, method }: DeclaredOperation, scopes: string[]) =>
  session.call(operationId, {
    params: NOWHERE,
    authorization: bearer(await session.sipsimToken(...scopes)),
    ...((method === 'POST' || method === 'PATCH') && { json: {} }),
  });

async function proveOpens(session: Session, operation: DeclaredOperation, scopes: string[]): Promise<void> {
  for (const scope of scopes) {
    const reply = await callWith(session, operation, [scope]);
    expectThat(reply.status !== 401 && reply.status !== 403, reply, `expected ${scope} to open it`);
  }
}

async function proveShut(session: Session, operation: DeclaredOperation, scopes: string[]): Promise<void> {
  const others = (session.document.scopes.sipsimOAuth ?? []).filter((scope) => !scopes.includes(scope));
  expectStatus(await callWith(session, operation, others), 403);
}
