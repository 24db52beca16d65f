/** `sidetone verify`: runs the contract suite against the fake, a URL, the real services, or two of them. */
import { mkdirSync } from 'node:fs';
import { Command, Option } from 'commander';
import { CliError, EXIT } from '../cli-error.ts';
import { collect, option, parseDurationFlag, parsePort, parsePositive, parseUrl, resolveOptions } from '../options.ts';
import { DEVIATIONS_FILE, type DeviationOptions, readDeviations, writeDeviations } from './deviations.ts';
import { type DiffOptions, diffRuns } from './diff.ts';
import { type RecordProxyOptions, recordProxy } from './record-proxy.ts';
import { openTargets, type TargetOptions } from './targets.ts';

interface VerifyOptions extends TargetOptions, DeviationOptions {
  only?: string[];
  skip?: string[];
  allowWrite?: boolean;
  allowDestructive?: boolean;
  allowHost?: string[];
  maxRequests?: number;
  maxRate?: number;
  ledger?: string;
  report?: string[];
  reportDir: string;
  quiet?: boolean;
  verbose?: boolean;
}

/** As `reportKinds` of the suite, which is loaded when it is needed. */
const REPORTS = ['json', 'junit', 'html', 'summary', 'annotations', 'har', 'ctrf', 'sarif'];

export function verifyCommand(): Command {
  return new Command('verify')
    .description('run the contract suite and say whether the target tells the truth')
    .addOption(
      option(
        '--target <name>',
        'mock starts a fake; real asks the services, by the environment; both puts them beside each other',
      )
        .choices(['mock', 'real', 'both'])
        .default('mock'),
    )
    .addOption(
      option(
        '--base-url <url>',
        'ask this origin instead, e.g. http://127.0.0.1:4010; with both, as the real one',
        parseUrl,
      ),
    )
    .addOption(option('--mock-url <url>', 'a running fake instead of one that is started', parseUrl))
    .addOption(option('--only <checks>', 'ids or patterns, separated by commas', collect))
    .addOption(option('--skip <checks>', 'ids or patterns, separated by commas', collect))
    .addOption(option('--allow-write', 'let it create and remove things of its own on a host that is not loopback'))
    .addOption(option('--allow-destructive', 'let it end and rotate what was there before, too'))
    .addOption(
      option('--allow-host <hosts>', "hosts that may be asked beside this machine and the vendors' own", collect),
    )
    .addOption(
      option('--max-requests <count>', 'requests sent at the most; default 1000, on this machine 10000', parsePositive),
    )
    .addOption(
      option(
        '--max-rate <count>',
        'requests a second at the most; default 10, on this machine no limit',
        parsePositive,
      ),
    )
    .addOption(option('--ledger <folder>', 'where what it makes is written down before it is made; see sidetone sweep'))
    .addOption(option('--random-seed <text>', 'made-up values are the same again with the same seed'))
    .addOption(option('--deviations <file>', `what is known to fail; default ${DEVIATIONS_FILE}, if it is there`))
    .addOption(option('--update-deviations', 'write what fails, and what fails no more, into that file'))
    .addOption(
      new Option('--diff <files...>', 'compare two JSON reports, or two recordings, instead of asking: before, after'),
    )
    .addOption(option('--record-proxy', 'judge what an application and the target say to each other instead of asking'))
    .addOption(
      option('--proxy-port <port>', 'port of the first proxy, further ones behind it; free ones if absent', parsePort),
    )
    .addOption(option('--for <duration>', 'how long --record-proxy listens; until Ctrl-C if absent', parseDurationFlag))
    .addOption(option('--requests <count>', 'how many requests --record-proxy waits for', parsePositive))
    .addOption(option('--report <kinds>', `${REPORTS.join(', ')}; of --diff json, markdown, html`, collect))
    .addOption(option('--report-dir <folder>', 'where reports are written').default('reports'))
    .addOption(option('--quiet', 'print failures and the last line alone'))
    .addOption(option('--verbose', 'print every check'))
    .action(async (_options, command: Command) => {
      const options = await resolveOptions<VerifyOptions & DiffOptions & RecordProxyOptions>(command);
      if (options.diff) process.exitCode = await diffRuns(options);
      else process.exitCode = options.recordProxy ? await recordProxy(options) : await verify(options);
    });
}

async function verify(options: VerifyOptions): Promise<number> {
  const unknown = options.report?.find((kind) => !REPORTS.includes(kind));
  if (unknown !== undefined) throw new CliError(`--report: "${unknown}" is none of ${REPORTS.join(', ')}`, EXIT.usage);
  // Loaded here: the suite costs more than the rest of the command.
  const { formatTable, runMatrix, writeReports, ...judge } = await import('../../contracts/index.ts');
  makeFolder(options);
  const deviations = await readDeviations(options);
  const { targets, close } = await openTargets(options, process.env);
  try {
    const { randomSeed: seed, ...rest } = options;
    for (const target of Object.values(targets)) {
      const plan = judge.announce(target, options);
      if (plan !== undefined) console.log(plan);
    }
    const report = await runMatrix(targets, { ...rest, deviations, ...(seed !== undefined && { seed }) });
    const { quiet = false, verbose = false } = options;
    console.log(formatTable(report, { colours: process.stdout.isTTY && !process.env.NO_COLOR, quiet, verbose }));
    writeReports(report, options.report ?? [], {
      folder: options.reportDir,
      environment: process.env,
      print: (text) => process.stdout.write(text),
    });
    const told = await writeDeviations(options, report);
    if (told !== undefined) console.error(`sidetone: ${told}`);
    return report.exitCode;
  } catch (error) {
    const { SelectionError, RequestRefused, LedgerError } = judge;
    if (error instanceof LedgerError) throw new CliError(`--ledger: ${error.message}`, EXIT.usage);
    if (error instanceof SelectionError || error instanceof RequestRefused) {
      throw new CliError(error.message, EXIT.usage);
    }
    throw error;
  } finally {
    await close();
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
