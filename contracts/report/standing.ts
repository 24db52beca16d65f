/** How a row of a report counts, and what is to be said about it: the same in every kind of report. */
import type { Verdict } from '../check.ts';
import type { Report, Row, SideRole } from './report.ts';

/**
 * passed: on every side. failed: on some side, and nobody expects it so. known: as the deviations file says.
 * not verified: no answer could be judged, for a fault or for want of something. not run: by the user's choice.
 */
export type Standing = 'passed' | 'failed' | 'known' | 'not verified' | 'not run';

/** The order in which reports count them. */
export const STANDINGS: Standing[] = ['passed', 'failed', 'known', 'not verified', 'not run'];

export function standingOf({ verdicts, deviation }: Row): Standing {
  if (deviation) return deviation.state === 'known' ? 'known' : 'failed';
  const all = Object.values(verdicts);
  if (all.some(({ outcome }) => outcome === 'failed')) return 'failed';
  if (all.length === 0 || all.some(isHole)) return 'not verified';
  return all.some(({ outcome }) => outcome === 'not-run') ? 'not run' : 'passed';
}

/** Not judged through no choice of the user's. */
const isHole = ({ outcome, cause }: Verdict) => outcome === 'error' || (outcome === 'not-run' && cause !== 'policy');

export function countStandings(rows: Row[]): Record<Standing, number> {
  const counts = Object.fromEntries(STANDINGS.map((standing) => [standing, 0])) as Record<Standing, number>;
  for (const row of rows) counts[standingOf(row)] += 1;
  return counts;
}

export type Told = [role: SideRole, verdict: Verdict];

/** The verdicts of a row, the mock's first. */
export const verdictsOf = ({ verdicts }: Row): Told[] =>
  (['mock', 'real'] as const).flatMap((role): Told[] => (verdicts[role] ? [[role, verdicts[role]]] : []));

/** What is to be said about a row that did not pass, a sentence each; nothing of one that did. */
export function reasonsOf(row: Row): string[] {
  const told = verdictsOf(row);
  const reasons = told.flatMap(([role, { reason }]) => {
    if (reason === undefined) return [];
    return [told.length > 1 ? `${role}: ${reason}` : reason];
  });
  return [...reasons, ...(row.because === undefined ? [] : [row.because]), ...deviationOf(row)];
}

const DEVIATION = {
  known: 'a known deviation',
  stale: 'the deviation is stale: it no longer fails',
  expired: 'the deviation has expired',
  new: 'it fails in another way than the deviation says',
  'not reproduced': 'the mock does not reproduce the deviation, though it should',
} as const;

/** What is to be said of a row's entry in the deviations file. */
export function deviationOf({ deviation }: Row): string[] {
  if (!deviation) return [];
  const { state, reason, ticket, expires } = deviation;
  return [`${DEVIATION[state]}: ${reason}${ticket === undefined ? '' : ` (${ticket})`}, until ${expires}`];
}

/** One sentence about the whole run. */
export const SENTENCES: Record<number, string> = {
  0: 'Verified',
  1: 'Not verified: the target does not behave',
  3: 'Not verified: no verdict is possible, or not a whole one',
  4: 'Not verified: what was made is not all removed',
};

export const sentenceOf = ({ exitCode }: Report): string =>
  SENTENCES[exitCode] ?? `Not verified: exit code ${exitCode}`;

/** `GET /v2/account -> 200`, or what came instead. */
export const lineOfExchange = ({ request: { method, url }, response, error }: Verdict['exchanges'][number]): string => {
  const path = URL.canParse(url) ? url.slice(new URL(url).origin.length) : url;
  return `${method} ${path} -> ${response?.status ?? error ?? 'nothing'}`;
};
