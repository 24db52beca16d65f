/** The outcome of a differential run, for a terminal and for programs. */
import type { Deviation } from './deviations.ts';
import { type Finding, failuresOf, type ParityResult } from './parity.ts';

export interface Subjects {
  /** Name and version of the real server. */
  real: { name: string; version: string };
  /** Settings are those that are not the default. */
  fake: { version: string; commit: string; settings: object };
  /** ISO 8601, a day. */
  date: string;
}

const quote = (value: unknown) => (value === undefined ? '(nothing)' : JSON.stringify(value));

export function formatFinding({ at, where, real, fake }: Finding): string {
  return `${at}\n    ${where}\n      real ${quote(real)}\n      fake ${quote(fake)}`;
}

/** What fails the run in full, the rest as numbers. */
export function formatResult(result: ParityResult, subjects: Subjects): string {
  const unexplained = result.findings.filter(({ deviation }) => deviation === undefined);
  const explained = result.findings.length - unexplained.length;
  return [
    ...unexplained.map(formatFinding),
    ...result.broken.map((reason) => `could not be played: ${reason}`),
    ...result.stale.map((id) => `stale deviation, which no difference matches any more: ${id}`),
    `${result.scenarios} scenarios, ${result.pairs} request pairs with ${subjects.real.name} ${subjects.real.version}: ` +
      `${result.same} the same throughout, ${explained} differences with a reason, ${unexplained.length} without`,
    failuresOf(result) === 0 ? 'parity' : 'NO parity',
  ].join('\n');
}

/** What is committed: numbers, and how often each deviation was met. */
export function summaryOf(result: ParityResult, deviations: Deviation[], subjects: Subjects) {
  const met = (id: string) => result.findings.filter(({ deviation }) => deviation === id);
  return {
    ...subjects,
    scenarios: result.scenarios,
    pairs: result.pairs,
    same: result.same,
    unexplained: result.findings.filter(({ deviation }) => deviation === undefined).length,
    deviations: deviations.map(({ id, what, why }) => ({
      id,
      what,
      why,
      differences: met(id).length,
      pairs: new Set(met(id).map(({ at }) => at)).size,
    })),
  };
}
