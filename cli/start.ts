/** `sidetone start`: serves the fake until it is told to stop. */
import { Command } from 'commander';
import type { Exchange, Mock, MockOptions, SettingsPatch } from '../mock-server/index.ts';
import { CliError, EXIT } from './cli-error.ts';
import { option, parseOrigin, parsePort, resolveOptions } from './options.ts';
import { whoHolds } from './port-holder.ts';
import { startBlock } from './start-block.ts';

interface StartOptions {
  port: number;
  host: string;
  seed?: string;
  randomSeed?: string;
  logLevel: 'error' | 'warn' | 'info';
  json?: boolean;
  quiet?: boolean;
  admin: boolean;
  shortForm: boolean;
  publicUrl?: string;
  settings?: SettingsPatch;
}

export function startCommand(): Command {
  return new Command('start')
    .description('serve the fake (the default command)')
    .addOption(option('--port <port>', 'port to listen on; 0 takes a free one', parsePort).default(4010))
    .addOption(option('--host <host>', 'address to listen on').default('127.0.0.1'))
    .addOption(option('--seed <file>', 'data to start with (YAML or JSON)'))
    .addOption(option('--random-seed <text>', 'makes ids and secrets the same in each run'))
    .addOption(option('--config <file>', 'flags and settings (YAML or JSON)'))
    .addOption(option('--public-url <url>', 'origin that clients use, if it is not the Host header', parseOrigin))
    .addOption(
      option('--log-level <level>', 'what is logged on stderr: error from 500 on, warn from 400 on, info each request')
        .choices(['error', 'warn', 'info'])
        .default('error'),
    )
    .addOption(option('--json', 'print URLs and credentials as one line of JSON'))
    .addOption(option('--quiet', 'print nothing'))
    .addOption(option('--no-admin', 'do not serve the control API /__admin'))
    .addOption(option('--no-short-form', 'leave only what the real hosts serve'))
    .action(async (_options, command: Command) => {
      await serve(await resolveOptions<StartOptions>(command));
    });
}

async function serve(options: StartOptions): Promise<void> {
  // Before anything is printed: a script may end us as soon as it has read that we are ready.
  const told = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  const mock = await start(options);
  if (options.json) console.log(JSON.stringify(mock.environment));
  else if (!options.quiet) console.log(startBlock(mock, options));
  await told;
  await mock.close();
}

async function start(options: StartOptions): Promise<Mock> {
  const { host, port } = options;
  // Loaded here: the fake costs more than the rest of the command.
  const { startMock } = await import('../mock-server/index.ts');
  try {
    return await startMock(await mockOptionsOf(options));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (error instanceof TypeError && code === undefined) throw new CliError(message, EXIT.usage);
    if (code === 'EADDRINUSE') {
      throw new CliError(
        `port ${port} on ${host} is taken by ${await whoHolds(host, port)}; try --port 0`,
        EXIT.unable,
      );
    }
    if (code?.startsWith('E')) throw new CliError(`cannot listen on ${host}:${port}: ${message}`, EXIT.unable);
    throw error;
  }
}

const LOGGED_FROM = { error: 500, warn: 400, info: 0 };

async function mockOptionsOf(options: StartOptions): Promise<MockOptions> {
  const { port, host, admin, shortForm, randomSeed, publicUrl, logLevel, settings = {} } = options;
  const adminToken = process.env.SIDETONE_ADMIN_TOKEN;
  return {
    port,
    host,
    admin,
    shortForm,
    settings: publicUrl === undefined ? settings : { ...settings, server: { ...settings.server, publicUrl } },
    ...(options.seed !== undefined && { seed: await seedOf(options.seed) }),
    ...(randomSeed !== undefined && { randomSeed }),
    ...(adminToken && { adminToken }),
    onExchange: (exchange) => exchange.status >= LOGGED_FROM[logLevel] && logExchange(exchange),
  };
}

async function seedOf(path: string) {
  const { readSeedFile } = await import('../mock-server/index.ts');
  return readSeedFile(path).catch((error: Error) => {
    throw new CliError(error.message, EXIT.usage);
  });
}

function logExchange({ method, path, status, operation, reason, milliseconds }: Exchange): void {
  const parts = [method, JSON.stringify(path).slice(1, -1), status, `${milliseconds.toFixed(1)} ms`, operation ?? '-'];
  // A request's own text may hold line ends and escapes: they must not write lines of their own.
  const why = reason === undefined ? '' : ` (${JSON.stringify(reason).slice(1, -1)})`;
  console.error(parts.join(' ') + why);
}
