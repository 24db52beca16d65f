/** Each operation that takes personal access tokens × those with all rights, with one scope and without any that counts. */
import type { Check, Need } from '../check.ts';
import type { DeclaredOperation } from '../document.ts';
import { basic, required, type Session } from '../session.ts';
import type { SipgateTarget } from '../targets.ts';
import { expectDeclared } from './declared-answer.ts';
import { harmlessRequest, statusIfOpen } from './harmless-request.ts';
import { nameOf, needsOf } from './naming.ts';

const TOKENS = {
  pat: { need: 'sipgate.pat', scope: 'all' },
  patAccountRead: { need: 'sipgate.patAccountRead', scope: 'account:read' },
  patWithoutScope: { need: 'sipgate.patWithoutScope', scope: '' },
} as const satisfies Partial<Record<keyof SipgateTarget, { need: Need; scope: string }>>;

const opens = ({ security }: DeclaredOperation, scope: string) =>
  security.some(({ sipgatePat }) => sipgatePat?.every((wanted) => wanted === scope));

/** One check for each operation that asks a personal access token for a scope. */
export function personalTokenChecks(operations: DeclaredOperation[]): Check[] {
  return operations
    .filter(({ security }) => security.some(({ sipgatePat = [] }) => sipgatePat.length > 0))
    .map(checkOf);
}

function checkOf(operation: DeclaredOperation): Check {
  const { operationId, provider, method, path } = operation;
  const forAccount = opens(operation, TOKENS.patAccountRead.scope);
  return {
    id: `${provider}.SCP-pat-${nameOf(operationId)}`,
    title: `${method} ${path} opens to a personal access token with all rights${
      forAccount ? ' or account:read alone' : ', is 403 to one with account:read alone'
    }, and is 403 to one without a scope for it`,
    provider: provider as Check['provider'],
    operation: operationId,
    level: 'PARITY',
    clause: "openapi.yaml, security; the vendors' lists of scopes mean OR",
    evidence: provider === 'shortForm' ? 'convenience' : 'observed',
    risk: method === 'GET' ? 'read' : 'write',
    needs: [...needsOf(provider, ...Object.values(TOKENS).map(({ need }) => need)), ...clientOf(operation)],
    run: (session) => proveByScope(session, operation),
  };
}

/** A client that is read is the target's own. */
const clientOf = ({ method, path }: DeclaredOperation): Need[] =>
  method === 'GET' && path.includes('{clientId}') ? ['sipgate.client'] : [];

async function proveByScope(session: Session, operation: DeclaredOperation): Promise<void> {
  for (const [member, { scope }] of Object.entries(TOKENS)) {
    const pair = required(session.target.sipgate?.[member as keyof typeof TOKENS]);
    const options = { ...harmlessRequest(session, operation), authorization: basic(pair) };
    const reply = await session.call(operation.operationId, options);
    const status = opens(operation, scope) ? statusIfOpen(operation) : 403;
    const what = `a personal access token with ${scope || 'no scope for it'}`;
    expectDeclared(session, operation.operationId, reply, status, what);
  }
}
