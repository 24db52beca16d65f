/** What leaves a run, without its secrets. */
import type { Verdict } from '../check.ts';
import type { RunResult } from '../run.ts';
import { type Target, variablesOfSecrets } from '../targets.ts';
import type { Mask, Secrets } from './secrets.ts';

/** As much of a reason as is shown. Cut after it is masked: half a secret is one too. */
const LONGEST_REASON = 1_000;

/**
 * A copy of a run's result, its secrets numbered in the order in which they stand there.
 *
 * @param prefix what the numbers begin with: two runs may stand beside each other.
 */
export function maskRun(
  result: Omit<RunResult, 'secrets'>,
  secrets: Secrets,
  target: Target,
  prefix?: string,
): RunResult {
  const mask = rememberingMask(createNaming(secrets.createMask(prefix), target));
  const masked = {
    ...result,
    verdicts: result.verdicts.map((verdict) => maskVerdict(verdict, mask)),
    leftovers: result.leftovers.map(mask),
    problems: result.problems.map(mask),
  };
  // At the end: the numbers are those of what was met before.
  const named = variablesOfSecrets(target).map(([value, variable]) => [mask(value), variable] as const);
  const known = named.filter(([label]) => /^<secret:\w+>$/.test(label));
  return { ...masked, secrets: { ...dealtTokens(masked.verdicts), ...Object.fromEntries(known) } };
}

/** Labels of the access tokens that the run was given: whoever repeats its requests needs one of their own. */
function dealtTokens(verdicts: Verdict[]): Record<string, string> {
  const bodies = verdicts.flatMap(({ exchanges }) => exchanges.map(({ response }) => response?.body ?? ''));
  const labels = bodies.flatMap((body) => [...body.matchAll(/"access_token"\s*:\s*"(<secret:\w+>)"/g)]);
  return Object.fromEntries(labels.map(([, label = '']) => [label, 'ACCESS_TOKEN']));
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
