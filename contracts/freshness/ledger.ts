/** When each check last passed, where, and with which version of the package. */
import type { Report, Row } from '../report/report.ts';

/** Checks that passed on one target on one day. */
export interface FreshnessEntry {
  /** As reports call it, e.g. `https://api.sipgate.com/v2` or `Keycloak 26.7.1`. */
  target: string;
  /** engine: the software that a provider runs, not its service. */
  kind: 'mock' | 'engine' | 'real';
  /**
   * passed: the check itself was asked there. compared: it passed on the fake, and a differential run found that the fake
   * answers this operation with these statuses as that target does.
   */
  how: 'passed' | 'compared';
  /** Of the package. */
  version: string;
  /** A day, such as `2026-11-28`. */
  date: string;
  /** Ids. */
  checks: string[];
}

export interface FreshnessLedger {
  entries: FreshnessEntry[];
}

export type LastPassed = Omit<FreshnessEntry, 'checks'>;

/** Of each target the last day, the latest first. */
export function lastPassedOf(id: string, { entries }: FreshnessLedger): LastPassed[] {
  const found = new Map<string, LastPassed>();
  for (const { checks, ...entry } of entries) {
    const known = found.get(entry.target);
    if (checks.includes(id) && (known === undefined || known.date < entry.date)) found.set(entry.target, entry);
  }
  return [...found.values()].sort((one, other) => other.date.localeCompare(one.date));
}

/** The ledgers as one. */
export const united = (...ledgers: FreshnessLedger[]): FreshnessLedger => ({
  entries: ledgers.flatMap(({ entries }) => entries),
});

/** With what a run has passed: of each check and target the last day stays. */
export function withRun(
  ledger: FreshnessLedger,
  { sides, rows, version }: Pick<Report, 'sides' | 'rows' | 'version'>,
  today: string,
): FreshnessLedger {
  const fresh = sides.map(({ role, name }): FreshnessEntry => {
    const passed = rows.filter(({ verdicts }) => verdicts[role]?.outcome === 'passed').map(({ check }) => check.id);
    return { target: name, kind: role, how: 'passed', version, date: today, checks: passed.sort() };
  });
  const isPassed = (target: string, id: string) =>
    fresh.some((entry) => entry.target === target && entry.checks.includes(id));
  const before = ledger.entries.map((entry) => ({
    ...entry,
    checks: entry.checks.filter((id) => !isPassed(entry.target, id)),
  }));
  return { entries: [...before, ...fresh].filter(({ checks }) => checks.length > 0) };
}

/** What only the fake can be asked needs no proof of anybody else. */
const isAskedElsewhere = ({ check }: Row) => check.risk !== 'mock-only' && check.provider !== 'shortForm';

const DAY = 86_400_000;

/** Why a run is not fresh enough, a sentence; nothing if it is. @param maxAge in milliseconds. */
export function ageGate(rows: Row[], maxAge: number, today: string): string[] {
  const oldest = new Date(Date.parse(`${today}T00:00:00Z`) - maxAge).toISOString().slice(0, 10);
  const days = rows
    .filter(isAskedElsewhere)
    .map(({ lastPassed = [] }) => lastPassed.filter(({ kind }) => kind !== 'mock')[0]?.date);
  const never = days.filter((day) => day === undefined).length;
  const old = days.filter((day) => day !== undefined && day < oldest).length;
  if (never + old === 0) return [];
  const limit = `${Math.floor(maxAge / DAY)} days`;
  return [
    `not fresh: of ${days.length} checks ${old} last passed on a real target more than ${limit} ago, ${never} never`,
  ];
}
