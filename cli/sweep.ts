/** `sidetone sweep`: removes what an interrupted run has left at a real account. */
import { Command } from 'commander';
import type { Sweep } from '../contracts/index.ts';
import { CliError, EXIT } from './cli-error.ts';
import { collect, option, parsePositive, parseUrl, resolveOptions } from './options.ts';
import { openTargets } from './verify/targets.ts';

interface SweepOptions {
  baseUrl?: string;
  ledger?: string;
  run?: string;
  byName?: boolean;
  dryRun?: boolean;
  allowHost?: string[];
  maxRequests?: number;
  maxRate?: number;
}

export function sweepCommand(): Command {
  return new Command('sweep')
    .description('remove what an interrupted run of verify has left at a real account, by its ledger')
    .addOption(
      option('--base-url <url>', 'the origin that was asked; default: the services, by the environment', parseUrl),
    )
    .addOption(option('--ledger <folder>', 'where the ledgers are; default: where verify writes them'))
    .addOption(option('--run <id>', 'only what this run has left, even if it seems to be going on'))
    .addOption(option('--by-name', 'whatever is named as a run names it, too, though its ledger is not here'))
    .addOption(option('--dry-run', 'say what would be removed'))
    .addOption(
      option('--allow-host <hosts>', "hosts that may be asked beside this machine and the vendors' own", collect),
    )
    .addOption(option('--max-requests <count>', 'requests sent at the most', parsePositive))
    .addOption(option('--max-rate <count>', 'requests a second at the most', parsePositive))
    .action(async (_options, command: Command) => {
      process.exitCode = await clean(await resolveOptions<SweepOptions>(command));
    });
}

/** 0 nothing is left; 4 something is. */
async function clean(options: SweepOptions): Promise<0 | 4> {
  const { defaultLedgerFolder, sweep, RequestRefused } = await import('../contracts/index.ts');
  const { baseUrl, ledger = defaultLedgerFolder(), ...rest } = options;
  const { targets } = await openTargets({ target: 'real', ...(baseUrl !== undefined && { baseUrl }) }, process.env);
  try {
    const swept = await sweep(targets.real as NonNullable<typeof targets.real>, { ...rest, ledger });
    for (const line of linesOf(swept, options)) console.log(line);
    return swept.left.length > 0 ? 4 : 0;
  } catch (error) {
    if (error instanceof RequestRefused) throw new CliError(error.message, EXIT.usage);
    throw new CliError(`cannot sweep: ${error instanceof Error ? error.message : String(error)}`, EXIT.unable);
  }
}

function linesOf({ removed, left, skipped, runs }: Sweep, { dryRun = false, byName = false }: SweepOptions): string[] {
  const verb = dryRun ? 'would remove' : 'removed';
  const lines = [
    ...removed.map(({ kind, id, name }) => `${verb} ${kind} "${id}"${name === undefined ? '' : `, named "${name}"`}`),
    ...skipped.map((reason) => `left alone: ${reason}`),
    ...left.map((reason) => `left behind: ${reason}`),
  ];
  if (lines.length > 0) return lines;
  return [runs.length === 0 && !byName ? 'nothing to sweep: there is no ledger' : 'nothing was left'];
}
