/** The `sidetone` command. */
import { Command, CommanderError } from 'commander';
import { version } from '../mock-server/version.ts';
import { CliError, EXIT } from './cli-error.ts';
import { execCommand } from './exec.ts';
import { explainCommand } from './explain.ts';
import { healthcheckCommand } from './healthcheck.ts';
import { initCommand } from './init.ts';
import { replayCommand } from './replay.ts';
import { startCommand } from './start.ts';
import { sweepCommand } from './sweep.ts';
import { tokenCommand } from './token.ts';
import { verifyCommand } from './verify/command.ts';

/** Runs the command line. What went wrong is said on stderr and is the process's exit code. */
export async function main(): Promise<void> {
  const program = createProgram();
  try {
    refuseUnknownCommand(program, process.argv[2]);
    await program.parseAsync();
  } catch (error) {
    process.exitCode = exitCodeOf(error);
  }
}

function createProgram(): Command {
  const program = new Command('sidetone')
    .description('A verified fake of the sipgate and SIPSIM APIs, and the contract suite that verifies it.')
    .version(version)
    .showHelpAfterError('(sidetone --help lists what there is)');
  program.addCommand(startCommand(), { isDefault: true });
  const others = [
    execCommand,
    verifyCommand,
    tokenCommand,
    initCommand,
    explainCommand,
    replayCommand,
    sweepCommand,
    healthcheckCommand,
  ];
  for (const create of others) program.addCommand(create());
  for (const command of [program, ...program.commands]) command.exitOverride().allowExcessArguments(false);
  return program;
}

function exitCodeOf(error: unknown): number {
  // Commander has said its line already; help and version are no mistakes.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT.usage;
  if (!(error instanceof CliError)) throw error;
  console.error(`sidetone: ${error.message}`);
  return error.exitCode;
}

/** Else it would be an argument too many of the default command. */
function refuseUnknownCommand(program: Command, word: string | undefined): void {
  if (word === undefined || word.startsWith('-')) return;
  const names = [...program.commands.map((command) => command.name()), 'help'];
  if (!names.includes(word)) throw new CliError(`"${word}" is no command; there are: ${names.join(', ')}`, EXIT.usage);
}
