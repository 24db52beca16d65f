/**
 * Milliseconds of the fastest of some attempts. Whoever else uses the machine only ever adds to them, so it is the fastest
 * that says what something takes.
 */
export async function fastest(attempts: number, attempt: () => Promise<number>): Promise<number> {
  const times: number[] = [];
  for (let count = 0; count < attempts; count += 1) times.push(await attempt());
  return Math.min(...times);
}

/** Milliseconds that an act takes. */
export async function timeOf(act: () => Promise<unknown>): Promise<number> {
  const before = performance.now();
  await act();
  return performance.now() - before;
}
