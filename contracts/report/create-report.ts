/** Puts what the sides of a run came to beside each other. */
import { createRequire } from 'node:module';
import { ownDocument } from '../catalogue.ts';
import type { Evidence, Verdict } from '../check.ts';
import { coverageOf } from '../coverage.ts';
import { applyDeviations } from '../deviations/apply.ts';
import type { Deviation } from '../deviations/deviation.ts';
import type { ContractDocument } from '../document.ts';
import { ageGate, type FreshnessLedger, lastPassedOf, withRun } from '../freshness/ledger.ts';
import { shippedLedger } from '../freshness/shipped.ts';
import { rowOf } from '../matrix/row.ts';
import { parityRecords } from '../parity.ts';
import type { RunResult } from '../run.ts';
import type { TracedExchange } from '../trace.ts';
import { exitCodeOfReport, failuresOf } from './failures.ts';
import type { Report, Row, Side, SideRole } from './report.ts';

export interface ResultOptions {
  /** What the sides were judged by; the package's own if absent. */
  document?: ContractDocument;
  /** What made-up values were made of. */
  seed?: string;
  /** What is known to fail. */
  deviations?: Deviation[];
  /** When checks have passed before; the package's own if absent. */
  freshness?: FreshnessLedger;
  /** Milliseconds after which a check has to pass on a real target again; else the run fails. */
  maxAge?: number;
  /** A day, such as `2026-11-28`; of this machine's clock if absent. */
  today?: string;
}

/** @param results one or both sides of a run. */
export function createReport(
  results: Partial<Record<SideRole, RunResult>>,
  {
    document = ownDocument,
    seed = '',
    deviations = [],
    freshness = shippedLedger,
    maxAge,
    today = thisDay(),
  }: ResultOptions = {},
): Report {
  const roles = (['mock', 'real'] as const).filter((role) => results[role] !== undefined);
  const sides = roles.map((role) => sideOf(role, results[role] as RunResult));
  const judged = applyDeviations(rowsOf(results, roles, document), sides, deviations, today);
  const ledger = withRun(freshness, { sides, rows: judged, version }, today);
  const rows = judged.map((row) => ({ ...row, lastPassed: lastPassedOf(row.check.id, ledger) }));
  const gates = maxAge === undefined ? [] : ageGate(rows, maxAge, today);
  return {
    reportVersion: 2,
    version,
    exitCode: exitCodeOfReport(sides, rows, gates),
    failures: failuresOf(sides, rows, gates),
    target: sides.map(({ name }) => name).join(' and '),
    seed,
    sides,
    rows,
    coverage: coverageOf(
      document,
      (results.real ?? results.mock)?.verdicts.flatMap(({ exchanges }) => exchanges) ?? [],
    ),
    evidence: evidenceOf(rows),
    parity: parityRecords,
    secrets: { ...results.mock?.secrets, ...results.real?.secrets },
  };
}

const thisDay = () => new Date().toISOString().slice(0, 10);

const version = (createRequire(import.meta.url)('sidetone/package.json') as { version: string }).version;

function sideOf(role: SideRole, { target, verdicts: _, secrets: __, ...rest }: RunResult): Side {
  return { role, name: target, ...rest };
}

function rowsOf(results: Partial<Record<SideRole, RunResult>>, roles: SideRole[], document: ContractDocument): Row[] {
  const byId = new Map<string, Row['verdicts']>();
  const orders = roles.map((role) => results[role]?.verdicts ?? []);
  for (const role of roles) {
    for (const verdict of results[role]?.verdicts ?? []) {
      byId.set(verdict.check.id, { ...byId.get(verdict.check.id), [role]: verdict });
    }
  }
  const realVerdicts = results.real?.verdicts ?? [];
  const options = {
    document,
    roles,
    realName: results.real?.target ?? '',
    realExchanges: byOperation(realVerdicts),
  };
  // Both sides run the same checks in the same order, but one of them may have been given up.
  const [longest = []] = [...orders].sort((one, other) => other.length - one.length);
  return longest.map(({ check }) => rowOf(check, byId.get(check.id) ?? {}, options));
}

function byOperation(verdicts: Verdict[]): Map<string, TracedExchange[]> {
  const found = new Map<string, TracedExchange[]>();
  for (const exchange of new Set(verdicts.flatMap(({ exchanges }) => exchanges))) {
    if (exchange.operation === undefined) continue;
    const known = found.get(exchange.operation) ?? [];
    known.push(exchange);
    found.set(exchange.operation, known);
  }
  return found;
}

const KINDS: Evidence[] = ['documented', 'observed', 'engine', 'assumed', 'convenience'];

const evidenceOf = (rows: Row[]) =>
  Object.fromEntries(
    KINDS.map((kind) => [kind, rows.filter(({ check }) => check.evidence === kind).length]),
  ) as Report['evidence'];
