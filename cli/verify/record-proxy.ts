/** `sidetone verify --record-proxy`: judges what an application and the real API say to each other. */
import type { Target } from '../../contracts/index.ts';
import { CliError, EXIT } from '../cli-error.ts';
import type { DiffOptions } from './diff.ts';
import type { VerifyOptions } from './flags.ts';
import { makeReportFolder } from './report-folder.ts';
import { openTargets } from './targets.ts';

export interface RecordProxyOptions extends VerifyOptions {
  recordProxy?: boolean;
  proxyPort?: number;
  /** Milliseconds. */
  for?: number;
  requests?: number;
}

/** They choose, order, allow, hold back or judge checks that are run; here none is. None of them has a default. */
const OF_RUNS = [
  'only',
  'skip',
  'tag',
  'operation',
  'profile',
  'deviations',
  'updateDeviations',
  'maxAge',
  'freshness',
  'dryRun',
  'bail',
  'workers',
  'timeout',
  'allowWrite',
  'allowDestructive',
  'allowHost',
  'maxRequests',
  'maxRate',
  'ledger',
  'randomSeed',
  'diff',
] as const satisfies (keyof (RecordProxyOptions & DiffOptions))[];

/** @returns the exit code of `verify`: 3 too if nothing passed that could be judged. */
export async function recordProxy(options: RecordProxyOptions): Promise<number> {
  refuseFlagsOfRuns(options);
  const { report: kinds = [], reportDir, quiet = false, verbose = false } = options;
  if (options.target !== 'real' && options.baseUrl === undefined) {
    throw new CliError('--record-proxy needs whom to ask: --target real or --base-url <url>', EXIT.usage);
  }
  if (options.target === 'both') throw new CliError('--record-proxy asks one target, not both', EXIT.usage);
  const { createReport, formatTable, reportKinds, writeReports } = await import('../../contracts/index.ts');
  const unknown = kinds.find((kind) => !reportKinds.includes(kind));
  if (unknown !== undefined)
    throw new CliError(`--report: "${unknown}" is none of ${reportKinds.join(', ')}`, EXIT.usage);
  makeReportFolder(options);
  const { targets, close } = await openTargets(options, process.env);
  try {
    const result = await watchUntilToldToStop(options, targets.real ?? targets.mock);
    const report = createReport({ real: result });
    console.log(formatTable(report, { colours: process.stdout.isTTY && !process.env.NO_COLOR, quiet, verbose }));
    const print = (text: string) => void process.stdout.write(text);
    writeReports(report, kinds, { folder: reportDir, environment: process.env, print });
    return report.exitCode;
  } finally {
    await close();
  }
}

function refuseFlagsOfRuns(options: RecordProxyOptions & DiffOptions): void {
  const given = OF_RUNS.find((name) => options[name] !== undefined && options[name] !== false);
  if (given === undefined) return;
  const flag = given.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new CliError(`--${flag} does nothing with --record-proxy, which runs no checks`, EXIT.usage);
}

async function watchUntilToldToStop(
  { proxyPort: port = 0, for: duration, requests, quiet }: RecordProxyOptions,
  target: Target | undefined,
) {
  if (!target) throw new CliError('--record-proxy: there is no target', EXIT.usage);
  const { watchTraffic } = await import('../../contracts/index.ts');
  let stop = () => {};
  const ended = new Promise<void>((resolve) => {
    stop = resolve;
  });
  // Before anything is printed: a script may end us as soon as it has read that we are ready.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  const onExchange = (count: number) => count === requests && stop();
  const watch = await watchTraffic(target, { port, onExchange }).catch((error: NodeJS.ErrnoException) => {
    throw error.code?.startsWith('E')
      ? new CliError(`--record-proxy: cannot listen: ${error.message}`, EXIT.unable)
      : error;
  });
  if (!quiet) console.log(`${linesFor(target, watch.through).join('\n')}\n`);
  const timer = duration === undefined ? undefined : setTimeout(stop, duration);
  await ended;
  clearTimeout(timer);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop);
  await watch.close();
  return watch.result();
}

/** The environment by which an application is led through: the same names as of `sidetone exec`. */
function linesFor({ name, sipgate, sipsim }: Target, through: (url: string) => string): string[] {
  const urls = {
    SIPGATE_BASE_URL: sipgate?.baseUrl,
    SIPGATE_AUTH_URL: sipgate?.tokenUrl.replace(/\/token$/, '/auth'),
    SIPGATE_TOKEN_URL: sipgate?.tokenUrl,
    SIPSIM_BASE_URL: sipsim?.baseUrl,
    SIPSIM_TOKEN_URL: sipsim?.tokenUrl,
  };
  const lines = Object.entries(urls).flatMap(([variable, url]) =>
    url === undefined ? [] : [`${variable}=${through(url)}`],
  );
  return [`Judges what passes to ${name}, until it is told to stop (Ctrl-C)`, '', ...lines];
}
