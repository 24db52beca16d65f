/** Which checks a run is to ask: by id, word, operation or profile. */
import type { Check } from './check.ts';
import { PROFILES, type Profile } from './profiles.ts';

export interface Selection {
  /** Ids or patterns such as `sipgate.BAS-*`; all if absent. */
  only?: string[];
  skip?: string[];
  /** Words that a check has: its tags, provider, level, evidence and risk. Any one of them suffices. */
  tag?: string[];
  /** operationIds or patterns such as `sipgate.*Client`. Any one of them suffices. */
  operation?: string[];
  profile?: Profile;
}

/** A selector that matches no check. */
export class SelectionError extends Error {
  override name = 'SelectionError';
}

/** The checks that selectors leave, in their order. Throws a SelectionError for a selector that matches nothing. */
export function selectChecks(checks: Check[], selection: Selection): Check[] {
  const { only, skip = [], tag, operation, profile } = selection;
  const ids = checks.map(({ id }) => id);
  for (const selector of [...(only ?? []), ...skip]) {
    if (!ids.some((id) => matchesId(selector, id))) throw new SelectionError(`"${selector}" matches no check`);
  }
  refuseUnknown('tag', tag, checks.flatMap(wordsOf), 'no check has the tag');
  refuseUnknown(
    'operation',
    operation,
    checks.map((check) => check.operation),
    'no check asks the operation',
  );
  const left = checks.filter(
    (check) =>
      (only?.some((selector) => matchesId(selector, check.id)) ?? true) &&
      !skip.some((selector) => matchesId(selector, check.id)) &&
      (tag?.some((word) => wordsOf(check).some((own) => matches(word, own))) ?? true) &&
      (operation?.some((selector) => matches(selector, check.operation)) ?? true) &&
      (profile === undefined || PROFILES[profile](check)),
  );
  if (left.length === 0) throw new SelectionError('the selection leaves no check');
  return left;
}

export const wordsOf = ({ tags = [], provider, level, evidence, risk }: Omit<Check, 'run'>): string[] => [
  ...tags,
  provider,
  level,
  evidence,
  risk,
];

function refuseUnknown(kind: string, wanted: string[] | undefined, known: string[], what: string): void {
  const words = [...new Set(known)];
  const unknown = wanted?.find((selector) => !words.some((word) => matches(selector, word)));
  if (unknown === undefined) return;
  const hint = kind === 'tag' ? `; there are: ${words.sort().join(', ')}` : '';
  throw new SelectionError(`${what} "${unknown}"${hint}`);
}

/** `sipgate.BAS-02` stands for BAS-02a and BAS-02b too. */
const matchesId = (selector: string, id: string) => patternOf(selector, '[a-z]?').test(id);
const matches = (selector: string, text: string) => patternOf(selector).test(text);

const patternOf = (selector: string, end = '') => {
  const parts = selector.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}${end}$`, 'i');
};
