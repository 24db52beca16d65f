/** `sidetone explain CHECK`: what a check asks, why, how it is known, and when it last passed. */
import { Command } from 'commander';
import type { Deviation, LastPassed } from '../contracts/index.ts';
import { CliError, EXIT } from './cli-error.ts';
import { option, resolveOptions } from './options.ts';
import { DEVIATIONS_FILE, type DeviationOptions, readDeviations } from './verify/deviations.ts';
import { FRESHNESS_FILE, type FreshnessOptions, readFreshness } from './verify/freshness.ts';

type ExplainOptions = DeviationOptions & FreshnessOptions;

export function explainCommand(): Command {
  return new Command('explain')
    .description('what a check asks, its clause, its evidence, what would break it')
    .argument('<check>', 'id or pattern, e.g. sipgate.BAS-02 or "sipsim.*"')
    .addOption(option('--deviations <file>', `what is known to fail; default ${DEVIATIONS_FILE}, if it is there`))
    .addOption(option('--freshness <file>', `when checks have passed; default ${FRESHNESS_FILE}, if it is there`))
    .action(async (selector: string, _options, command: Command) => {
      console.log((await explain(selector, await resolveOptions<ExplainOptions>(command))).join('\n\n'));
    });
}

async function explain(selector: string, options: ExplainOptions): Promise<string[]> {
  // Loaded here: the suite costs more than the rest of the command.
  const { checks, defects, lastPassedOf, selectChecks, SelectionError } = await import('../contracts/index.ts');
  const [deviations, freshness] = [await readDeviations(options), await readFreshness(options)];
  try {
    return selectChecks(checks, { only: [selector] }).map((check) => {
      const breaks = defects.filter(({ catches }) => catches.includes(check.id)).map(({ title }) => title);
      return [
        `${check.id}  ${check.title}`,
        `  operation  ${check.operation}`,
        `  clause     ${check.clause} (${check.level})`,
        `  evidence   ${check.evidence}`,
        `  risk       ${check.risk}`,
        `  needs      ${check.needs.join(', ') || 'nothing'}`,
        `  broken by  ${breaks.join(INDENT)}`,
        ...deviationLines(deviations.filter((deviation) => deviation.check === check.id)),
        `  passed     ${lastPassedOf(check.id, freshness).map(passedOn).join(INDENT) || 'never, as far as is known'}`,
      ].join('\n');
    });
  } catch (error) {
    if (error instanceof SelectionError) throw new CliError(error.message, EXIT.usage);
    throw error;
  }
}

const INDENT = '\n             ';

const deviationLines = (deviations: Deviation[]) =>
  deviations.map(
    ({ target, reason, ticket, expires, instead }) =>
      `  deviation  of ${target}, until ${expires}: ${reason}${ticket === undefined ? '' : ` (${ticket})`}${INDENT}${instead.failure}`,
  );

const passedOn = ({ target, how, date, version }: LastPassed) =>
  `${date} ${how === 'compared' ? `compared with ${target}` : `on ${target}`}, Sidetone ${version}`;
