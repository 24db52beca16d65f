/** What a run comes to, as the exit code of `verify`. */

export interface Outcome {
  /** What was made and not removed again. */
  leftovers: number;
  /** False if a good credential was refused or a random one let in. */
  trusted: boolean;
  /** Checks that failed and were not expected to, and whatever else must not be. */
  failures: number;
  /** What keeps the verdict from being whole. */
  holes: number;
  passed: number;
}

/** 0 all passed; 1 a check failed; 3 nothing can be said, or not all of it; 4 something made was not removed. */
export function exitCodeFor({ leftovers, trusted, failures, holes, passed }: Outcome): 0 | 1 | 3 | 4 {
  if (leftovers > 0) return 4;
  if (!trusted) return 3;
  if (failures > 0) return 1;
  return holes > 0 || passed === 0 ? 3 : 0;
}
