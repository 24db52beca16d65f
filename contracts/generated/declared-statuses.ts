/** One check for each operation: the run saw every status that openapi.yaml declares for it. Asked last. */
import { type Check, CheckFailure } from '../check.ts';
import { coverageOfAnswers } from '../coverage.ts';
import type { DeclaredOperation } from '../document.ts';
import { RequestRefused } from '../safety/permission.ts';
import type { Session } from '../session.ts';
import { type UnreachableStatus, unreachableStatuses } from '../unreachable.ts';
import { nameOf, needsOf } from './naming.ts';

/** Some checks were not asked: what the others did not see says nothing. It is told as a policy, not as a failure. */
export class PartialRun extends RequestRefused {
  override name = 'PartialRun';
}

/** @param others All other checks of the catalogue: those of the same provider must have been asked before. */
export function declaredStatusChecks(
  operations: DeclaredOperation[],
  others: Check[],
  unreachable: UnreachableStatus[] = unreachableStatuses,
): Check[] {
  return operations.map(({ operationId, provider, method, path, responses }) => ({
    id: `${provider}.STA-${nameOf(operationId)}`,
    title: `Every status declared for ${method} ${path} was seen or cannot be reached: ${Object.keys(responses).join(', ')}`,
    provider: provider as Check['provider'],
    operation: operationId,
    level: 'PARITY',
    clause: 'openapi.yaml, responses; contracts/unreachable.ts',
    evidence: provider === 'shortForm' ? 'convenience' : 'assumed',
    risk: 'read',
    needs: needsOf(provider),
    run: async (session) => {
      expectWholeRun(
        session,
        others.filter((other) => other.provider === provider),
      );
      expectEveryStatus(session, operationId, unreachable);
    },
  }));
}

function expectWholeRun({ asked }: Session, others: Check[]): void {
  const missing = others.filter(({ id }) => !asked.has(id));
  if (missing.length === 0) return;
  throw new PartialRun(
    `means something only after a whole run on a target that may be written to: ${missing.length} of ${others.length} checks were not asked, such as ${missing[0]?.id}`,
  );
}

function expectEveryStatus(session: Session, operationId: string, unreachable: UnreachableStatus[]): void {
  const { document, observations } = session;
  const answers = (observations.get(operationId) ?? []).map(({ reply }) => ({
    operation: operationId,
    method: reply.request.method,
    status: reply.status,
    authorization: reply.request.headers.authorization,
  }));
  const { cells } = coverageOfAnswers(document, answers, unreachable);
  const own = cells.filter(({ operation }) => operation === operationId);
  const unseen = own.filter((cell) => cell.count === 0 && cell.unreachable === undefined);
  if (unseen.length > 0) {
    throw new CheckFailure(`never answered with ${unseen.map(({ status }) => status).join(', ')}, which is declared`);
  }
  const seen = new Set(own.filter(({ count }) => count > 0).map(({ status }) => status));
  const stale = unreachable.filter(({ operation, status }) => operation === operationId && seen.has(status));
  if (stale.length > 0) {
    throw new CheckFailure(`${stale.map(({ status }) => status).join(', ')} was seen, though listed as unreachable`);
  }
}
