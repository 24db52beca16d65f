/** The deviations file of `verify`: read before the run, and brought up to date after it where that is wished. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Deviation, Report } from '../../contracts/index.ts';
import { CliError, EXIT } from '../cli-error.ts';

export const DEVIATIONS_FILE = 'sidetone-deviations.yaml';

export interface DeviationOptions {
  deviations?: string;
  updateDeviations?: boolean;
}

/** Without `--deviations` the file need not be there. Throws a CliError that names file, line and member. */
export async function readDeviations(options: DeviationOptions): Promise<Deviation[]> {
  const path = pathOf(options);
  if (!existsSync(path) && (options.deviations === undefined || options.updateDeviations)) return [];
  const { checkDeviations, checks } = await import('../../contracts/index.ts');
  const { readLocatedFile } = await import('../../mock-server/index.ts');
  try {
    return checkDeviations(await readLocatedFile(path), checks);
  } catch (error) {
    throw new CliError((error as Error).message, EXIT.usage);
  }
}

/** @returns what to tell the user; nothing where nothing was wished or nothing changed. */
export async function writeDeviations(options: DeviationOptions, report: Report): Promise<string | undefined> {
  if (!options.updateDeviations) return undefined;
  const { updateDeviations } = await import('../../contracts/index.ts');
  const path = pathOf(options);
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const {
    text: after,
    added,
    changed,
    removed,
  } = updateDeviations(text, report, new Date().toISOString().slice(0, 10));
  const open = added.length + changed.length;
  if (open + removed.length === 0) return `${path}: nothing to change`;
  try {
    writeFileSync(path, after);
  } catch (error) {
    throw new CliError(`cannot write "${path}": ${(error as NodeJS.ErrnoException).code}`, EXIT.usage);
  }
  const parts = [`${added.length} added`, `${changed.length} changed`, `${removed.length} removed`].join(', ');
  return `${path}: ${parts}${open === 0 ? '' : '; say the reason of each that was added or changed, else the file is refused'}`;
}

const pathOf = ({ deviations }: DeviationOptions) => deviations ?? DEVIATIONS_FILE;
