/** Milliseconds of real time since some moment, for what takes how long. */
export function realTime(): number {
  // Not `performance.now()`: its first call loads a dozen of Node's modules.
  return Number(process.hrtime.bigint()) / 1_000_000;
}
