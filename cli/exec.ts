/** `sidetone exec -- CMD`: runs a command beside a fake of its own, and ends as the command ends. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { Command } from 'commander';
import type { Mock } from '../mock-server/index.ts';
import { CliError, EXIT } from './cli-error.ts';
import { collect, option, parseDurationFlag, parsePort, resolveOptions } from './options.ts';
import { type ServingOptions, servingFlags, startFake } from './serving.ts';
import { parseTarget, waitForAll } from './wait-for.ts';

interface ExecOptions extends ServingOptions {
  waitFor?: string[];
  waitTimeout: number;
}

export function execCommand(): Command {
  const command = new Command('exec')
    .description('run a command beside a fake of its own, its URLs and credentials in the environment')
    .argument('<command...>', 'the command and its arguments, after --')
    .addOption(option('--port <port>', 'port to listen on; 0 takes a free one', parsePort).default(0));
  for (const flag of servingFlags()) command.addOption(flag);
  return command
    .addOption(option('--wait-for <targets>', 'URLs or host:port that must answer before the command is run', collect))
    .addOption(
      option('--wait-timeout <duration>', 'how long to wait for them', parseDurationFlag).default(30_000, '30s'),
    )
    .action(async (words: string[], _options, self: Command) => {
      process.exitCode = await execute(words, await resolveOptions<ExecOptions>(self));
    });
}

async function execute(words: string[], options: ExecOptions): Promise<number> {
  const targets = (options.waitFor ?? []).map(parseTarget);
  const mock = await startFake(options);
  try {
    const missing = await waitForAll(targets, options.waitTimeout);
    if (missing.length > 0) throw new CliError(`waited in vain for ${missing.join(', ')}`, EXIT.unable);
    return await runBeside(mock, words);
  } finally {
    await mock.close();
  }
}

async function runBeside(mock: Mock, words: string[]): Promise<number> {
  const { proxyUrl, ca } = mock;
  const environment = { ...process.env, ...mock.environment };
  if (proxyUrl === undefined || ca === undefined) return run(words, { ...environment, ...trust(mock.caFile) });
  // Loaded here: most commands know the fake's URLs.
  const [{ publishTrust }, { proxyEnvironment }] = await Promise.all([
    import('./trust.ts'),
    import('./proxy-environment.ts'),
  ]);
  const published = publishTrust(ca, process.env);
  try {
    const proxy = { url: proxyUrl, hosts: mock.vendorHosts, trust: published };
    return await run(words, { ...environment, ...proxyEnvironment(proxy, process.env) });
  } finally {
    published.discard();
  }
}

/** Node adds these authorities to its own; variables of other programs replace theirs, and are the user's to set. */
const trust = (caFile: string | undefined) =>
  caFile === undefined || process.env.NODE_EXTRA_CA_CERTS ? {} : { NODE_EXTRA_CA_CERTS: caFile };

const PASSED_ON = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGQUIT', 'SIGINT'] as const;

/** As shells have it: 127 not found, 126 not to be run, 128 and the number of the signal that ended it. */
async function run([command = '', ...args]: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(command, args, { stdio: 'inherit', env });
  const passOn = (signal: NodeJS.Signals) => {
    // A terminal sends it to the command as well.
    if (signal === 'SIGINT' && process.stdin.isTTY) return;
    child.kill(signal);
  };
  for (const signal of PASSED_ON) process.on(signal, passOn);
  try {
    return await new Promise((resolve) => {
      child.once('error', ({ code, message }: NodeJS.ErrnoException) => {
        console.error(`sidetone: cannot run "${command}": ${code === 'ENOENT' ? 'there is no such command' : message}`);
        resolve(code === 'ENOENT' ? 127 : 126);
      });
      child.once('exit', (code, signal) => resolve(code ?? 128 + (constants.signals[signal ?? 'SIGTERM'] ?? 0)));
    });
  } finally {
    for (const signal of PASSED_ON) process.off(signal, passOn);
  }
}
