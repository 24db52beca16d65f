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
  const words = process.argv.slice(2);
  try {
    refuseUnknownCommand(words[0]);
    await createProgram(words).parseAsync();
  } catch (error) {
    process.exitCode = exitCodeOf(error);
  }
}

const COMMANDS = {
  start: startCommand,
  exec: execCommand,
  verify: verifyCommand,
  token: tokenCommand,
  init: initCommand,
  explain: explainCommand,
  replay: replayCommand,
  sweep: sweepCommand,
  healthcheck: healthcheckCommand,
};

const HELP = ['help', '-h', '--help'];

/** Only with the command that is asked for, unless help is: the options of all of them are a part of each start. */
function createProgram(words: string[]): Command {
  const program = new Command('sidetone')
    .description('A verified fake of the sipgate and SIPSIM APIs, and the contract suite that verifies it.')
    .version(version)
    .showHelpAfterError('(sidetone --help lists what there is)');
  const asked = Object.keys(COMMANDS).find((name) => name === words[0]) ?? 'start';
  const all = words.some((word) => HELP.includes(word));
  for (const [name, create] of Object.entries(COMMANDS)) {
    if (all || name === asked) program.addCommand(create(), { isDefault: name === 'start' });
  }
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
function refuseUnknownCommand(word: string | undefined): void {
  if (word === undefined || word.startsWith('-')) return;
  const names = [...Object.keys(COMMANDS), 'help'];
  if (!names.includes(word)) throw new CliError(`"${word}" is no command; there are: ${names.join(', ')}`, EXIT.usage);
}
