/** Each operation of sipgate's login server × a realm that there is not: 404, before anything else is looked at. */
import type { Check } from '../check.ts';
import type { DeclaredOperation } from '../document.ts';
import { expectDeclared } from './declared-answer.ts';
import { nameOf } from './naming.ts';

export const NO_REALM = 'sidetone-no-such-realm';

/** One check for each operation whose path names a realm. */
export function unknownRealmChecks(operations: DeclaredOperation[]): Check[] {
  return operations.filter(({ path }) => path.includes('{realm}')).map(checkOf);
}

function checkOf({ operationId, provider, method, path }: DeclaredOperation): Check {
  const reads = method === 'GET' || path.endsWith('/token');
  return {
    id: `${provider}.RLM-${nameOf(operationId)}`,
    title: `${method} ${path} of an unknown realm is 404, before anything else`,
    provider: provider as Check['provider'],
    operation: operationId,
    level: 'PARITY',
    clause: 'Keycloak 26.7.1, measured',
    evidence: 'engine',
    risk: reads ? 'read' : 'write',
    needs: [],
    run: async (session) => {
      const options = { params: { realm: NO_REALM }, ...(method === 'POST' && { form: {} }) };
      expectDeclared(session, operationId, await session.call(operationId, options), 404, 'a realm that there is not');
    },
  };
}
