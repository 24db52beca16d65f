/** What leaves a run, without its secrets. */
import type { Verdict } from '../check.ts';
import type { RunResult } from '../run.ts';
import type { Target } from '../targets.ts';
import { secretNames } from './names.ts';
import type { Mask, Secrets } from './secrets.ts';

/** As much of a reason as is shown. Cut after it is masked: half a secret is one too. */
const LONGEST_REASON = 1_000;

/** A copy of a run's result, its secrets numbered in the order in which they stand there. */
export function maskRun(result: RunResult, secrets: Secrets, target: Target): RunResult {
  const mask = rememberingMask(createNaming(secrets.createMask(), target));
  const verdicts = result.verdicts.map((verdict) => maskVerdict(verdict, mask));
  return {
    ...result,
    verdicts,
    leftovers: result.leftovers.map(mask),
    problems: result.problems.map(mask),
    // The last: it gives no number to a secret that none of these holds before they have theirs.
    secrets: secretNames(
      target,
      verdicts.flatMap(({ exchanges }) => exchanges),
      mask,
    ),
  };
}

/** A copy of a verdict. What it says of the check is the suite's own and stays as it is. */
export function maskVerdict(verdict: Verdict, mask: Mask): Verdict {
  const { reason, exchanges, notes } = verdict;
  return {
    ...verdict,
    ...(reason !== undefined && { reason: mask(reason).slice(0, LONGEST_REASON) }),
    exchanges: maskAll(exchanges, mask),
    ...(notes && { notes: notes.map(mask) }),
  };
}

/** A copy of any structure, each text in it masked, names of members too. */
export function maskAll<T>(value: T, mask: Mask): T {
  const copy = (part: unknown): unknown => {
    if (typeof part === 'string') return mask(part);
    if (Array.isArray(part)) return part.map(copy);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([name, member]) => [nameOf(name), copy(member)]));
  };
  // The trace's own, and those of usual headers, are letters and hyphens.
  const nameOf = (name: string) => (/^[a-z-]+$/i.test(name) ? name : mask(name));
  return copy(value) as T;
}

/** The target's origin, too, by the name that it has in every run. */
function createNaming(mask: Mask, { shownAs }: Target): Mask {
  if (!shownAs) return mask;
  const { origin, as } = shownAs;
  const [encoded, encodedAs] = [encodeURIComponent(origin), encodeURIComponent(as)];
  return (text) => mask(text).replaceAll(origin, as).replaceAll(encoded, encodedAs);
}

/** The same URLs and headers come again and again. */
function rememberingMask(mask: Mask): Mask {
  const masked = new Map<string, string>();
  return (text) => {
    const known = masked.get(text) ?? mask(text);
    masked.set(text, known);
    return known;
  };
}
