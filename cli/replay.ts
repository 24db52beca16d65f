/** `sidetone replay CHECK`: asks again what a JSON report holds, and shows what came before and what comes now. */
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import type { Verdict } from '../contracts/index.ts';
import { CliError, EXIT } from './cli-error.ts';
import { option, resolveOptions } from './options.ts';
import { permissionFlags, targetFlags, type VerifyOptions } from './verify/flags.ts';
import { openTargets } from './verify/targets.ts';

interface ReplayOptions extends Omit<VerifyOptions, 'report'> {
  report: string;
}

export function replayCommand(): Command {
  const command = new Command('replay')
    .description('ask one check of a JSON report again: the answer of then, the answer of now, and how they differ')
    .argument('<check>', 'id, e.g. sipgate.BAS-02b')
    .addOption(option('--report <file>', 'as verify --report json writes it').default('reports/sidetone.json'));
  for (const flag of [...targetFlags(), ...permissionFlags()]) command.addOption(flag);
  return command.action(async (id: string, _options, self: Command) => {
    process.exitCode = await replay(id, await resolveOptions<ReplayOptions>(self));
  });
}

/** @returns 0 if it passes now, 1 if it fails, 3 if it could not be asked. */
async function replay(id: string, options: ReplayOptions): Promise<number> {
  if (options.target === 'both') throw new CliError('--target: one side is asked again, mock or real', EXIT.usage);
  const { formatReplay, RequestRefused, runMatrix } = await import('../contracts/index.ts');
  const { targets, close } = await openTargets(options, process.env);
  try {
    const role = targets.real ? 'real' : 'mock';
    const before = await verdictIn(options.report, id, role);
    const { deviations: _, freshness: __, randomSeed: ___, ...permission } = options;
    const report = await runMatrix(targets, { ...permission, only: [id] });
    const after = report.rows.find(({ check }) => check.id === id)?.verdicts[role];
    if (!after) throw new CliError(report.failures.join('\n'), EXIT.unable);
    console.log(formatReplay({ before, after, secrets: report.secrets ?? {} }));
    return report.exitCode;
  } catch (error) {
    if (error instanceof RequestRefused) throw new CliError(error.message, EXIT.usage);
    throw error;
  } finally {
    await close();
  }
}

/** Of the side that is asked again, or of the one that there is. */
async function verdictIn(path: string, id: string, role: 'mock' | 'real'): Promise<Verdict> {
  const { isRecording, parseRun, UnreadableRun } = await import('../contracts/index.ts');
  try {
    const run = parseRun(readFileSync(path, 'utf8'), path);
    if (isRecording(run)) throw new CliError(`"${path}" is a recording; expected a report of checks`, EXIT.usage);
    const verdicts = run.rows.find(({ check }) => check.id === id)?.verdicts;
    const found = verdicts?.[role] ?? verdicts?.mock ?? verdicts?.real;
    if (!found) throw new CliError(`"${path}" holds no check "${id}"`, EXIT.usage);
    return found;
  } catch (error) {
    if (error instanceof CliError) throw error;
    if (error instanceof UnreadableRun) throw new CliError(error.message, EXIT.usage);
    throw new CliError(`cannot read "${path}": ${(error as NodeJS.ErrnoException).code}`, EXIT.usage);
  }
}
