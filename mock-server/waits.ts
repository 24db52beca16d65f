/** Those who wait for the mock's time to go by. */

interface Waiter {
  /** The mock's time at which the wait is over. */
  deadline: number;
  end(): void;
}

/** Longest delay that a timer of Node's takes. */
const LONGEST_TIMER = 2_147_483_647;

/**
 * @param now the mock's time.
 * @param pace milliseconds of the mock's time in one of real time; 0 while it stands still.
 */
export function createWaits(now: () => number, pace: () => number) {
  const waiters = new Set<Waiter>();
  let timer: NodeJS.Timeout | undefined;

  const recheck = () => {
    clearTimeout(timer);
    timer = undefined;
    if (waiters.size === 0) return;
    for (const waiter of [...waiters]) if (waiter.deadline <= now()) waiter.end();
    const next = Math.min(...[...waiters].map(({ deadline }) => deadline));
    if (pace() === 0 || next === Number.POSITIVE_INFINITY) return;
    timer = setTimeout(recheck, Math.min(LONGEST_TIMER, Math.ceil((next - now()) / pace())));
  };

  const wait = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const aborted = () => {
        waiter.end();
        recheck();
      };
      const waiter: Waiter = {
        deadline: now() + milliseconds,
        end: () => {
          waiters.delete(waiter);
          signal?.removeEventListener('abort', aborted);
          resolve();
        },
      };
      waiters.add(waiter);
      signal?.addEventListener('abort', aborted, { once: true });
      recheck();
    });

  const endAll = () => {
    for (const waiter of [...waiters]) waiter.end();
    recheck();
  };

  return { wait, recheck, endAll };
}
