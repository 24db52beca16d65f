/** One check for each operation: every answer of it that the run saw is as openapi.yaml declares. Asked last. */
import { type Check, CheckFailure, type Evidence } from './check.ts';
import type { DeclaredOperation } from './document.ts';
import { NOWHERE, type Session } from './session.ts';

export function conformanceChecks(operations: DeclaredOperation[]): Check[] {
  return operations.map(({ operationId, provider, method, path, responses }) => ({
    id: `${provider}.OAS-${operationId.slice(operationId.indexOf('.') + 1)}`,
    title: `Every answer of ${method} ${path} is as openapi.yaml declares`,
    provider: provider as Check['provider'],
    operation: operationId,
    level: 'MUST',
    clause: 'OpenAPI 3.1 §4.8.16 (Responses Object)',
    evidence: provider === 'shortForm' ? 'convenience' : weakestEvidence(responses),
    risk: 'read',
    needs: provider === 'shortForm' ? ['shortForm'] : [],
    run: (session) => proveConformance(session, operationId),
  }));
}

/** A check of many answers is known no better than the least known of them. */
function weakestEvidence(responses: DeclaredOperation['responses']): Evidence {
  const order: Evidence[] = ['assumed', 'engine', 'observed', 'documented'];
  const classes = Object.values(responses).map((response) => response['x-evidence']?.class);
  return order.find((evidence) => classes.includes(evidence)) ?? 'assumed';
}

async function proveConformance(session: Session, operationId: string): Promise<void> {
  // Without credentials nothing can change, so there is always an answer to judge.
  if (!session.observations.has(operationId)) await session.call(operationId, { params: NOWHERE });
  const seen = session.observations.get(operationId) ?? [];
  const violations = seen.flatMap(({ reply, violations: found }) =>
    found.map((violation) => `${reply.request.method} -> ${reply.status}: ${violation}`),
  );
  if (violations.length > 0) throw new CheckFailure([...new Set(violations)].slice(0, 5).join('; '));
}
