/** `sidetone exec -- CMD`: runs a command beside a fake of its own, and ends as the command ends. */
import { Command } from 'commander';
import type { Mock } from '../mock-server/index.ts';
import { CliError, EXIT } from './cli-error.ts';
import { collect, option, parseDurationFlag, parsePort, resolveOptions } from './options.ts';
import { type ServingOptions, servingFlags, startFake } from './serving.ts';
import { catchSignals, codeOf, type Signals } from './signals.ts';
import { parseTarget, type Target, waitForAll } from './wait-for.ts';

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
  // Before there is anything to clean up, and until all of it is.
  const signals = catchSignals();
  try {
    return await withFake(words, targets, options, signals);
  } finally {
    signals.release();
  }
}

async function withFake(words: string[], targets: Target[], options: ExecOptions, signals: Signals): Promise<number> {
  const mock = await startFake(options);
  try {
    const missing = await waitForAll(targets, options.waitTimeout, signals.interrupted);
    if (signals.interrupted.aborted) return signals.exitCode();
    if (missing.length > 0) throw new CliError(`waited in vain for ${missing.join(', ')}`, EXIT.unable);
    return await runBeside(mock, words, signals);
  } finally {
    await mock.close();
  }
}

async function runBeside(mock: Mock, words: string[], signals: Signals): Promise<number> {
  const { proxyUrl, ca } = mock;
  const environment = { ...process.env, ...mock.environment };
  if (proxyUrl === undefined || ca === undefined) return run(words, { ...environment, ...trust(mock.caFile) }, signals);
  // Loaded here: most commands know the fake's URLs.
  const [{ publishTrust }, { proxyEnvironment }] = await Promise.all([
    import('./trust.ts'),
    import('./proxy-environment.ts'),
  ]);
  const published = publishTrust(ca, process.env);
  try {
    const proxy = { url: proxyUrl, hosts: mock.vendorHosts, trust: published };
    return await run(words, { ...environment, ...proxyEnvironment(proxy, process.env) }, signals);
  } finally {
    published.discard();
  }
}

/** Node adds these authorities to its own; variables of other programs replace theirs, and are the user's to set. */
const trust = (caFile: string | undefined) =>
  caFile === undefined || process.env.NODE_EXTRA_CA_CERTS ? {} : { NODE_EXTRA_CA_CERTS: caFile };

/** As shells have it: 127 not found, 126 not to be run, 128 and the number of the signal that ended it. */
async function run([command = '', ...args]: string[], env: NodeJS.ProcessEnv, signals: Signals): Promise<number> {
  // Loaded here, and not at each start of the others.
  const { spawn } = await import('node:child_process');
  if (signals.interrupted.aborted) return signals.exitCode();
  const child = spawn(command, args, { stdio: 'inherit', env });
  signals.passTo(child);
  return new Promise((resolve) => {
    child.once('error', ({ code, message }: NodeJS.ErrnoException) => {
      console.error(`sidetone: cannot run "${command}": ${code === 'ENOENT' ? 'there is no such command' : message}`);
      resolve(code === 'ENOENT' ? 127 : 126);
    });
    child.once('exit', (code, signal) => resolve(code ?? codeOf(signal ?? 'SIGTERM')));
  });
}
