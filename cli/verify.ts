/** `sidetone verify`: runs the contract suite against the fake, a URL, or the real services. */
import { mkdirSync } from 'node:fs';
import { Command } from 'commander';
import type { Target } from '../contracts/index.ts';
import type { Mock } from '../mock-server/index.ts';
import { CliError, EXIT } from './cli-error.ts';
import { collect, option, parsePositive, parseUrl, resolveOptions } from './options.ts';

interface VerifyOptions {
  target: 'mock' | 'real';
  baseUrl?: string;
  only?: string[];
  skip?: string[];
  allowWrite?: boolean;
  maxRequests?: number;
  report?: string[];
  reportDir: string;
  quiet?: boolean;
}

/** As `reportKinds` of the suite, which is loaded when it is needed. */
const REPORTS = ['json', 'junit', 'html', 'summary', 'annotations', 'har', 'ctrf', 'sarif'];

export function verifyCommand(): Command {
  return new Command('verify')
    .description('run the contract suite and say whether the target tells the truth')
    .addOption(
      option('--target <name>', 'mock starts a fake; real asks the services, by the environment')
        .choices(['mock', 'real'])
        .default('mock'),
    )
    .addOption(option('--base-url <url>', 'ask this origin instead, e.g. http://127.0.0.1:4010', parseUrl))
    .addOption(option('--only <checks>', 'ids or patterns, separated by commas', collect))
    .addOption(option('--skip <checks>', 'ids or patterns, separated by commas', collect))
    .addOption(option('--allow-write', 'let it create and remove things on a host that is not loopback'))
    .addOption(
      option('--max-requests <count>', 'requests sent at the most; default 1000, on this machine 10000', parsePositive),
    )
    .addOption(option('--report <kinds>', `${REPORTS.join(', ')}`, collect))
    .addOption(option('--report-dir <folder>', 'where reports are written').default('reports'))
    .addOption(option('--quiet', 'print failures and the last line alone'))
    .action(async (_options, command: Command) => {
      process.exitCode = await verify(await resolveOptions<VerifyOptions>(command));
    });
}

async function verify(options: VerifyOptions): Promise<number> {
  const unknown = options.report?.find((kind) => !REPORTS.includes(kind));
  if (unknown !== undefined) throw new CliError(`--report: "${unknown}" is none of ${REPORTS.join(', ')}`, EXIT.usage);
  // Loaded here: the suite costs more than the rest of the command.
  const { exitCodeOf, runChecks, SelectionError, formatTable, reportOf, writeReports } = await import(
    '../contracts/index.ts'
  );
  const { startMock } = await import('../mock-server/index.ts');
  makeFolder(options);
  const mock = options.target === 'mock' && options.baseUrl === undefined ? await startMock() : undefined;
  try {
    const result = await runChecks(await targetOf(options, mock), options);
    console.log(
      formatTable(result, { colours: process.stdout.isTTY && !process.env.NO_COLOR, quiet: options.quiet ?? false }),
    );
    writeReports(reportOf(result), options.report ?? [], {
      folder: options.reportDir,
      environment: process.env,
      print: (text) => process.stdout.write(text),
    });
    return exitCodeOf(result);
  } catch (error) {
    if (error instanceof SelectionError) throw new CliError(error.message, EXIT.usage);
    throw error;
  } finally {
    await mock?.close();
  }
}

/** Before the run: a report that cannot be written must not cost one. */
function makeFolder({ report = [], reportDir }: VerifyOptions): void {
  try {
    if (report.length > 0) mkdirSync(reportDir, { recursive: true });
  } catch (error) {
    throw new CliError(
      `--report-dir: cannot make the folder "${reportDir}": ${(error as NodeJS.ErrnoException).code}`,
      EXIT.usage,
    );
  }
}

async function targetOf({ baseUrl }: VerifyOptions, mock: Mock | undefined): Promise<Target> {
  const { createTarget, isLoopback, urlsOfEnvironment, urlsOfOrigin } = await import('../contracts/index.ts');
  if (mock) return withControl(createTarget('mock', urlsOfOrigin(mock.url), mock.environment), mock.adminUrl);
  if (baseUrl === undefined) return createTarget('real', urlsOfEnvironment(process.env), process.env);
  const target = createTarget(baseUrl, urlsOfOrigin(baseUrl), process.env);
  if (!isLoopback(target)) return target;
  // A fake with its default data on this machine: its credentials are no secret, and its control API may be asked.
  const { demoEnvironment } = await import('../mock-server/index.ts');
  const environment = { ...demoEnvironment(baseUrl), ...process.env };
  return withControl(createTarget(baseUrl, urlsOfOrigin(baseUrl), environment), await controlOf(baseUrl));
}

const withControl = (target: Target, url: string | undefined): Target => {
  const token = process.env.SIDETONE_ADMIN_TOKEN;
  return url === undefined ? target : { ...target, control: { url, ...(token && { token }) } };
};

async function controlOf(baseUrl: string): Promise<string | undefined> {
  const url = process.env.SIDETONE_ADMIN_URL ?? `${baseUrl}/__admin`;
  const answer = await fetch(`${url}/clock`, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
  return answer?.status === 200 ? url : undefined;
}
