/** `sidetone start`: serves the fake until it is told to stop. */
import { Command } from 'commander';
import { CliError, EXIT } from './cli-error.ts';
import { option, parsePort, resolveOptions } from './options.ts';
import { type ServingOptions, servingFlags, startFake } from './serving.ts';
import { startBlock } from './start-block.ts';
import { watchSeed } from './watch.ts';

interface StartOptions extends ServingOptions {
  watch?: boolean;
  json?: boolean;
  quiet?: boolean;
}

export function startCommand(): Command {
  const command = new Command('start')
    .description('serve the fake (the default command)')
    .addOption(option('--port <port>', 'port to listen on; 0 takes a free one', parsePort).default(4010));
  for (const flag of servingFlags()) command.addOption(flag);
  return command
    .addOption(option('--watch', 'take over the seed file whenever it changes; what was issued stays'))
    .addOption(option('--json', 'print URLs and credentials as one line of JSON'))
    .addOption(option('--quiet', 'print nothing'))
    .action(async (_options, command: Command) => {
      await serve(await resolveOptions<StartOptions>(command));
    });
}

async function serve(options: StartOptions): Promise<void> {
  const { seed, watch, json, quiet } = options;
  if (watch && seed === undefined) throw new CliError('--watch needs --seed: the file that is watched', EXIT.usage);
  // Before anything is printed: a script may end us as soon as it has read that we are ready.
  const told = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  const mock = await startFake(options);
  const watching = watch && seed !== undefined ? watchSeed(seed, mock) : undefined;
  if (json) console.log(JSON.stringify(mock.environment));
  else if (!quiet) console.log(startBlock(mock, options));
  await told;
  watching?.close();
  await mock.close();
}
