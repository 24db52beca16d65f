/** The flags of `verify`, by what they are about. */
import { Option } from 'commander';
import { collect, option, parseDurationFlag, parsePort, parsePositive, parseUrl } from '../options.ts';
import { DEVIATIONS_FILE, type DeviationOptions } from './deviations.ts';
import { FRESHNESS_FILE, type FreshnessOptions } from './freshness.ts';
import type { TargetOptions } from './targets.ts';

export interface SelectionOptions {
  only?: string[];
  skip?: string[];
  tag?: string[];
  operation?: string[];
  profile?: 'smoke' | 'ci' | 'full' | 'security';
}

export interface VerifyOptions extends TargetOptions, DeviationOptions, FreshnessOptions, SelectionOptions {
  allowWrite?: boolean;
  allowDestructive?: boolean;
  allowHost?: string[];
  maxRequests?: number;
  maxRate?: number;
  ledger?: string;
  bail?: boolean;
  workers?: number;
  timeout?: number;
  dryRun?: boolean;
  report?: string[];
  reportDir: string;
  quiet?: boolean;
  verbose?: boolean;
}

/** As `reportKinds` of the suite, which is loaded when it is needed. */
export const REPORTS = ['json', 'junit', 'html', 'summary', 'annotations', 'har', 'ctrf', 'sarif'];

/** Whom it asks. */
export const targetFlags = (): Option[] => [
  option(
    '--target <name>',
    'mock starts a fake; real asks the services, by the environment; both puts them beside each other',
  )
    .choices(['mock', 'real', 'both'])
    .default('mock'),
  option(
    '--base-url <url>',
    'ask this origin instead, e.g. http://127.0.0.1:4010; with both, as the real one',
    parseUrl,
  ),
  option('--mock-url <url>', 'a running fake instead of one that is started', parseUrl),
];

/** Which checks. */
export const selectionFlags = (): Option[] => [
  option('--only <checks>', 'ids or patterns, separated by commas', collect),
  option('--skip <checks>', 'ids or patterns, separated by commas', collect),
  option('--tag <words>', 'checks that have one of these words: level, evidence, risk, provider', collect),
  option('--operation <ids>', 'checks of these operations, ids or patterns', collect),
  option(
    '--profile <name>',
    'smoke is done in a second; ci leaves sweeps out; security is about who may do what',
  ).choices(['smoke', 'ci', 'full', 'security']),
];

/** What it may do there. */
export const permissionFlags = (): Option[] => [
  option('--allow-write', 'let it create and remove things of its own on a host that is not loopback'),
  option('--allow-destructive', 'let it end and rotate what was there before, too'),
  option('--allow-host <hosts>', "hosts that may be asked beside this machine and the vendors' own", collect),
  option('--max-requests <count>', 'requests sent at the most; default 1000, on this machine 10000', parsePositive),
  option('--max-rate <count>', 'requests a second at the most; default 10, on this machine no limit', parsePositive),
  option('--ledger <folder>', 'where what it makes is written down before it is made; see sidetone sweep'),
];

/** How it goes about it, and what comes of it. */
export const runFlags = (): Option[] => [
  option('--dry-run', 'print what would be asked, and send nothing'),
  option('--bail', 'ask no more after the first failure'),
  option('--workers <count>', 'checks that only read may run beside each other, this many at once', parsePositive),
  option('--timeout <duration>', 'how long an answer is waited for; default 10s', parseDurationFlag),
  option(
    '--max-age <duration>',
    'fail if a check last passed on a real target longer ago, e.g. 30d',
    parseDurationFlag,
  ),
  option(
    '--freshness <file>',
    `when checks have passed, written after the run; ${FRESHNESS_FILE} is read if it is there`,
  ),
  option('--random-seed <text>', 'made-up values are the same again with the same seed'),
  option('--deviations <file>', `what is known to fail; default ${DEVIATIONS_FILE}, if it is there`),
  option('--update-deviations', 'write what fails, and what fails no more, into that file'),
  new Option('--diff <files...>', 'compare two JSON reports, or two recordings, instead of asking: before, after'),
  option('--record-proxy', 'judge what an application and the target say to each other instead of asking'),
  option('--proxy-port <port>', 'port of the first proxy, further ones behind it; free ones if absent', parsePort),
  option('--for <duration>', 'how long --record-proxy listens; until Ctrl-C if absent', parseDurationFlag),
  option('--requests <count>', 'how many requests --record-proxy waits for', parsePositive),
  option('--report <kinds>', `${REPORTS.join(', ')}; of --diff json, markdown, html`, collect),
  option('--report-dir <folder>', 'where reports are written').default('reports'),
  option('--quiet', 'print failures and the last line alone'),
  option('--verbose', 'print every check'),
];
