/** The judge as a library: the checks, and ways to run them. It knows URLs and credentials, never the fake. */

export { type BrokenServer, type Defect, startBrokenServer } from './broken-server.ts';
export { checks } from './catalogue.ts';
export type { Check, Evidence, Need, ProviderName, Risk, Verdict } from './check.ts';
export { CheckFailure } from './check.ts';
export { defects } from './defects/index.ts';
export { checkDeviations, DeviationError, type LocatedFile } from './deviations/check-file.ts';
export type { Deviation, DeviationClass } from './deviations/deviation.ts';
export { type Updated, updateDeviations } from './deviations/update.ts';
export { type Change, type Drift, driftBetween, type NamedRun, type Origin } from './drift/drift.ts';
export { driftKinds, formatDrift, writeDrift } from './drift/formats.ts';
export { isRecording, parseRun, type RecordedRun, type Recording, UnreadableRun } from './drift/recorded-run.ts';
export {
  type FreshnessEntry,
  type FreshnessLedger,
  type LastPassed,
  lastPassedOf,
  united,
  withRun,
} from './freshness/ledger.ts';
export { shippedLedger } from './freshness/shipped.ts';
export { type MatrixOptions, runMatrix, type Targets } from './matrix/run-matrix.ts';
export { formatPlan, type Plan, planRun } from './plan.ts';
export type { Profile } from './profiles.ts';
export { createReport, type ResultOptions } from './report/create-report.ts';
export { type ReportOptions, reportKinds, writeReports } from './report/index.ts';
export type * from './report/report.ts';
export { formatTable, type TableOptions } from './report/terminal/index.ts';
export { formatReplay, type Replay } from './report/terminal/replay.ts';
export { exitCodeOf, type RunOptions, type RunResult, runChecks } from './run.ts';
export { defaultLedgerFolder, LedgerError } from './safety/ledger.ts';
export { announce, type Permission, RequestRefused } from './safety/permission.ts';
export { type Sweep, type SweepOptions, sweep } from './safety/sweep.ts';
export { type Selection, SelectionError, selectChecks } from './selection.ts';
export { defineContractSuite, type SuiteOptions } from './suite.ts';
export {
  type BasicPair,
  createTarget,
  isLoopback,
  type Target,
  urlsOf,
  urlsOfEnvironment,
  urlsOfOrigin,
} from './targets.ts';
export { type Watch, type WatchOptions, watchTraffic } from './traffic/watch.ts';
