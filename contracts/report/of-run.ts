/** The report of a run against one target. */
import { createRequire } from 'node:module';
import type { Evidence } from '../check.ts';
import { parityRecords } from '../parity.ts';
import { exitCodeOf, type RunResult } from '../run.ts';
import type { Report, Row } from './report.ts';

export function reportOf(result: RunResult): Report {
  const { target, verdicts, problems, requests, startedAt, milliseconds, trusted, leftovers } = result;
  const rows = verdicts.map((verdict): Row => {
    const word = verdict.outcome === 'passed' ? 'pass' : 'fail';
    return {
      check: verdict.check,
      verdicts: { mock: verdict },
      result: ['passed', 'failed'].includes(verdict.outcome) ? word : 'not testable',
      difference: [],
    };
  });
  const count = (evidence: Evidence) => verdicts.filter(({ check }) => check.evidence === evidence).length;
  return {
    reportVersion: 2,
    version: (createRequire(import.meta.url)('sidetone/package.json') as { version: string }).version,
    exitCode: exitCodeOf(result),
    failures: problems,
    target,
    sides: [{ role: 'mock', name: target, requests, startedAt, milliseconds, trusted, problems, leftovers }],
    rows,
    coverage: { cells: [], declared: 0, observed: 0, unreachable: 0 },
    evidence: {
      documented: count('documented'),
      observed: count('observed'),
      engine: count('engine'),
      assumed: count('assumed'),
      convenience: count('convenience'),
    },
    parity: parityRecords,
  };
}
