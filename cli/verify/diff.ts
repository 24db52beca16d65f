/** `sidetone verify --diff BEFORE AFTER`: what has changed between two runs, or between two recordings. */
import { promises } from 'node:fs';
import { CliError, EXIT } from '../cli-error.ts';

export interface DiffOptions {
  diff?: string[];
  report?: string[];
  reportDir: string;
  quiet?: boolean;
}

/** @returns 0 if nothing has changed, 1 if something has. Throws a CliError (2) that names an unreadable file. */
export async function diffRuns({ diff = [], report = [], reportDir, quiet }: DiffOptions): Promise<number> {
  const [before, after, ...rest] = diff;
  if (before === undefined || after === undefined || rest.length > 0) {
    throw new CliError(`--diff takes two files, before and after; got ${diff.length}`, EXIT.usage);
  }
  const { driftBetween, driftKinds, formatDrift, parseRun, UnreadableRun, writeDrift } = await import(
    '../../contracts/index.ts'
  );
  const unknown = report.find((kind) => !driftKinds.includes(kind));
  if (unknown !== undefined) {
    throw new CliError(`--report: "${unknown}" is none of ${driftKinds.join(', ')}`, EXIT.usage);
  }
  try {
    const [one, other] = [await readText(before), await readText(after)];
    const drift = driftBetween(
      { file: before, run: parseRun(one, before) },
      { file: after, run: parseRun(other, after) },
    );
    const text = formatDrift(drift);
    console.log(quiet ? text.slice(text.lastIndexOf('\n') + 1) : text);
    writeDrift(drift, report, { folder: reportDir, environment: process.env });
    return drift.exitCode;
  } catch (error) {
    if (error instanceof UnreadableRun) throw new CliError(`--diff: ${error.message}`, EXIT.usage);
    throw error;
  }
}

async function readText(file: string): Promise<string> {
  try {
    return await promises.readFile(file, 'utf8');
  } catch (error) {
    throw new CliError(`--diff: cannot read "${file}": ${(error as NodeJS.ErrnoException).code}`, EXIT.usage);
  }
}
