/** `sidetone explain CHECK`: what a check asks, why, and how it is known. */
import { Command } from 'commander';
import { CliError, EXIT } from './cli-error.ts';

export function explainCommand(): Command {
  return new Command('explain')
    .description('what a check asks, its clause, its evidence, what would break it')
    .argument('<check>', 'id or pattern, e.g. sipgate.BAS-02 or "sipsim.*"')
    .action(async (selector: string) => {
      console.log((await explain(selector)).join('\n\n'));
    });
}

async function explain(selector: string): Promise<string[]> {
  // Loaded here: the suite costs more than the rest of the command.
  const { checks, defects, selectChecks, SelectionError } = await import('../contracts/index.ts');
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
        `  broken by  ${breaks.join('\n             ')}`,
      ].join('\n');
    });
  } catch (error) {
    if (error instanceof SelectionError) throw new CliError(error.message, EXIT.usage);
    throw error;
  }
}
