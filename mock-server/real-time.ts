/** Milliseconds of real time since some moment, for what takes how long. */
export function realTime(): number {
  // Not `performance.now()`: its first call loads a dozen of Node's modules.
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1_000 + nanoseconds / 1_000_000;
}
