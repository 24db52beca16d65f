/** `sidetone verify`: runs the contract suite against the fake, a URL, the real services, or two of them. */
import { Command } from 'commander';
import type { Targets } from '../../contracts/index.ts';
import { CliError, EXIT } from '../cli-error.ts';
import { resolveOptions } from '../options.ts';
import { readDeviations, writeDeviations } from './deviations.ts';
import { type DiffOptions, diffRuns } from './diff.ts';
import { permissionFlags, REPORTS, runFlags, selectionFlags, targetFlags, type VerifyOptions } from './flags.ts';
import { readFreshness, writeFreshness } from './freshness.ts';
import { type RecordProxyOptions, recordProxy } from './record-proxy.ts';
import { makeReportFolder } from './report-folder.ts';
import { openTargets } from './targets.ts';

export function verifyCommand(): Command {
  const command = new Command('verify').description(
    'run the contract suite and say whether the target tells the truth',
  );
  const flags = [...targetFlags(), ...selectionFlags(), ...permissionFlags(), ...runFlags()];
  for (const flag of flags) command.addOption(flag);
  return command.action(async (_options, command: Command) => {
    const options = await resolveOptions<VerifyOptions & DiffOptions & RecordProxyOptions>(command);
    if (options.recordProxy) process.exitCode = await recordProxy(options);
    else process.exitCode = options.diff ? await diffRuns(options) : await verify(options);
  });
}

async function verify(options: VerifyOptions): Promise<number> {
  const unknown = options.report?.find((kind) => !REPORTS.includes(kind));
  if (unknown !== undefined) throw new CliError(`--report: "${unknown}" is none of ${REPORTS.join(', ')}`, EXIT.usage);
  // Loaded here: the suite costs more than the rest of the command.
  const { formatTable, runMatrix, writeReports, ...judge } = await import('../../contracts/index.ts');
  makeReportFolder(options);
  const deviations = await readDeviations(options);
  const freshness = await readFreshness(options);
  const { targets, close } = await openTargets(options, process.env);
  try {
    if (options.dryRun) return planned(targets, options);
    const { randomSeed: seed, ...rest } = options;
    for (const target of Object.values(targets)) {
      const plan = judge.announce(target, options);
      if (plan !== undefined) console.log(plan);
    }
    const report = await runMatrix(targets, { ...rest, deviations, freshness, ...(seed !== undefined && { seed }) });
    const { quiet = false, verbose = false } = options;
    console.log(formatTable(report, { colours: process.stdout.isTTY && !process.env.NO_COLOR, quiet, verbose }));
    writeReports(report, options.report ?? [], {
      folder: options.reportDir,
      environment: process.env,
      print: (text) => process.stdout.write(text),
    });
    await writeFreshness(options, report);
    const told = await writeDeviations(options, report);
    if (told !== undefined) console.error(`sidetone: ${told}`);
    return report.exitCode;
  } catch (error) {
    const { SelectionError, RequestRefused, LedgerError } = judge;
    if (error instanceof LedgerError) throw new CliError(`--ledger: ${error.message}`, EXIT.usage);
    if (error instanceof SelectionError || error instanceof RequestRefused) {
      throw new CliError(error.message, EXIT.usage);
    }
    throw error;
  } finally {
    await close();
  }
}

/** Targets are not asked, and none has to answer. */
async function planned(targets: Targets, options: VerifyOptions): Promise<number> {
  const { formatPlan, planRun } = await import('../../contracts/index.ts');
  for (const role of ['mock', 'real'] as const) {
    const target = targets[role];
    if (target) console.log(formatPlan(planRun(role, target, options), options.verbose ?? false));
  }
  return 0;
}
