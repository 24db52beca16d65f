/** Which declared answers a run has seen: operation × status × kind of credential. */
import type { ContractDocument } from './document.ts';
import type { Coverage, CoverageCell } from './report/report.ts';
import type { TracedExchange } from './trace.ts';
import { type UnreachableStatus, unreachableStatuses } from './unreachable.ts';

/** An answer of an operation, as far as coverage is concerned. */
export interface SeenAnswer {
  operation: string;
  method: string;
  status: number;
  /** Its Authorization header, masked or not. */
  authorization?: string | string[] | undefined;
}

/**
 * What the exchanges of a run cover, one cell for each operation, status and kind of credential that was seen, and one
 * for each declared status that was not. In the order of the document, whatever the order of the exchanges.
 *
 * @param exchanges Those of all verdicts of one side. An answer that several checks share counts once for each.
 */
export const coverageOf = (
  document: ContractDocument,
  exchanges: TracedExchange[],
  unreachable: UnreachableStatus[] = unreachableStatuses,
): Coverage => coverageOfAnswers(document, exchanges.flatMap(answerOf), unreachable);

/** The same of answers, from wherever they are known. */
export function coverageOfAnswers(
  document: ContractDocument,
  answers: SeenAnswer[],
  unreachable: UnreachableStatus[] = unreachableStatuses,
): Coverage {
  const counts = countsOf(document, answers);
  const cells = [...document.operations.values()].flatMap(({ operationId, responses }) => {
    const seen = counts.get(operationId) ?? new Map<string, Map<string, number>>();
    const statuses = [...new Set([...Object.keys(responses), ...seen.keys()])].sort();
    return statuses.flatMap((status) => cellsOf({ operation: operationId, status }, seen.get(status), unreachable));
  });
  const declared = (cell: CoverageCell) => cell.status in (document.operations.get(cell.operation)?.responses ?? {});
  const pairs = (chosen: CoverageCell[]) =>
    new Set(chosen.map(({ operation, status }) => `${operation} ${status}`)).size;
  const known = cells.filter(declared);
  return {
    cells,
    declared: pairs(known),
    observed: pairs(known.filter(({ count }) => count > 0)),
    unreachable: pairs(known.filter(({ count, unreachable: reason }) => count === 0 && reason !== undefined)),
  };
}

/** Kinds of credentials: none, basic, bearer; another scheme, or several headers at once, is other. */
export function credentialKind(authorization: SeenAnswer['authorization']): string {
  const headers = [authorization ?? []].flat();
  if (headers.length === 0) return 'none';
  const scheme = /^(\S+) /.exec(headers[0] ?? '')?.[1]?.toLowerCase() ?? '';
  return headers.length === 1 && ['basic', 'bearer'].includes(scheme) ? scheme : 'other';
}

/** Nothing where no answer came, and nothing where the request is of no operation. */
function answerOf({ operation, request, response }: TracedExchange): SeenAnswer[] {
  if (operation === undefined || response === undefined) return [];
  const { method, headers } = request;
  const name = Object.keys(headers).find((candidate) => candidate.toLowerCase() === 'authorization');
  return [{ operation, method, status: response.status, authorization: name && headers[name] }];
}

type Counts = Map<string, Map<string, Map<string, number>>>;

/** By operation, status and kind of credential. */
function countsOf({ operations }: ContractDocument, answers: SeenAnswer[]): Counts {
  const counts: Counts = new Map();
  for (const { operation, method, status, authorization } of answers) {
    const declared = operations.get(operation);
    // A method that the path does not have is asked by the name of one that it has; HEAD is GET's.
    const asked = method === 'HEAD' ? 'GET' : method;
    if (asked !== declared?.method) continue;
    const byStatus = counts.get(operation) ?? new Map<string, Map<string, number>>();
    const byKind = byStatus.get(String(status)) ?? new Map<string, number>();
    const kind = credentialKind(authorization);
    byKind.set(kind, (byKind.get(kind) ?? 0) + 1);
    counts.set(operation, byStatus.set(String(status), byKind));
  }
  return counts;
}

function cellsOf(
  of: Pick<CoverageCell, 'operation' | 'status'>,
  seen: Map<string, number> | undefined,
  unreachable: UnreachableStatus[],
): CoverageCell[] {
  const entry = unreachable.find(({ operation, status }) => operation === of.operation && status === of.status);
  if (seen === undefined) return [{ ...of, count: 0, ...(entry && { unreachable: entry.reason }) }];
  return [...seen].sort().map(([credential, count]) => ({ ...of, credential, count }));
}
