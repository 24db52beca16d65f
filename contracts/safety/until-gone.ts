/** What was accepted for deletion (202) need not be gone yet: it is asked for until it is, and how long that took is told. */
import { CheckFailure } from '../check.ts';
import type { Reply } from '../client.ts';
import { type Clock, realClock } from './clock.ts';
import { note } from './notes.ts';

export interface Polling {
  clock?: Clock;
  /** Milliseconds until it has to be gone. */
  deadline?: number;
}

const DEADLINE = 30_000;
const [FIRST_PAUSE, LONGEST_PAUSE] = [250, 2_000];

/**
 * Asks until the answer is 404, and returns it. Any other but 200 ends it too, for the caller to judge.
 * Throws a CheckFailure at the deadline.
 *
 * @param what as notes and failures name it.
 */
export async function untilGone(
  what: string,
  ask: () => Promise<Reply>,
  { clock = realClock, deadline = DEADLINE }: Polling = {},
): Promise<Reply> {
  const began = clock.now();
  const passed = () => clock.now() - began;
  for (let pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
    const reply = await ask();
    if (reply.status !== 200) {
      if (reply.status === 404) note(`${what} was gone after ${(passed() / 1_000).toFixed(1)} s`);
      return reply;
    }
    if (passed() + pause > deadline) {
      throw new CheckFailure(`expected ${what} to be gone ${deadline / 1_000} s after its deletion was accepted`);
    }
    await clock.sleep(pause);
  }
}
