/** When checks have passed: what comes with the package, and what a team has seen itself. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { FreshnessLedger, Report } from '../../contracts/index.ts';
import { CliError, EXIT } from '../cli-error.ts';

export const FRESHNESS_FILE = 'sidetone-freshness.json';

export interface FreshnessOptions {
  /** A JSON file; made if it is not there. */
  freshness?: string;
  /** Milliseconds. */
  maxAge?: number;
}

/** The team's own and the package's as one. */
export async function readFreshness(options: FreshnessOptions): Promise<FreshnessLedger> {
  const { shippedLedger, united } = await import('../../contracts/index.ts');
  return united(shippedLedger, ownLedger(options));
}

/** Adds what a run has passed to the team's own, if it is named. */
export async function writeFreshness(options: FreshnessOptions, report: Report): Promise<void> {
  if (options.freshness === undefined) return;
  const { withRun } = await import('../../contracts/index.ts');
  const ledger = withRun(ownLedger(options), report, new Date().toISOString().slice(0, 10));
  try {
    writeFileSync(options.freshness, `${JSON.stringify(ledger, null, 1)}\n`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CliError(`--freshness: cannot write "${options.freshness}": ${code}`, EXIT.usage);
  }
}

function ownLedger({ freshness: path = FRESHNESS_FILE }: FreshnessOptions): FreshnessLedger {
  if (!existsSync(path)) return { entries: [] };
  try {
    const ledger = JSON.parse(readFileSync(path, 'utf8')) as FreshnessLedger;
    for (const { target, date, checks } of ledger.entries) {
      if (typeof target !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(date) || !Array.isArray(checks)) throw new Error();
    }
    return ledger;
  } catch {
    throw new CliError(`"${path}" is no list of what has passed, as --freshness writes it`, EXIT.usage);
  }
}
