/** How many checks came to what, and whose fault it was. */
import type { Blame, Report, Row, RowResult, SideRole } from '../report.ts';
import type { Paint } from './index.ts';
import { plain } from './plain.ts';

const BOTH: RowResult[] = ['pass/pass', 'pass/fail', 'fail/pass', 'fail/fail', 'not testable'];
const ONE: RowResult[] = ['pass', 'fail', 'not testable'];

export function matrixLines({ sides, rows }: Report, paint: Paint): string[] {
  const heads = sides.map(({ role, name }) => (role === name ? role : `${role} ${plain(name)}`));
  const results = sides.length > 1 ? BOTH : ONE;
  const lines = results.flatMap((result) => {
    const found = rows.filter((row) => row.result === result);
    if (found.length === 0 && (result === 'not testable' || sides.length === 1)) return [];
    const why =
      result === 'not testable'
        ? causesOf(
            found,
            sides.map(({ role }) => role),
          )
        : blamesOf(found);
    const line = `  ${result.padEnd(12)} ${String(found.length).padStart(6)}${why === '' ? '' : `  ${why}`}`;
    return [found.length > 0 ? paint(COLOURS[result], line) : line];
  });
  return [heads.join(' / '), ...lines];
}

const COLOURS: Record<RowResult, 'green' | 'red' | 'yellow'> = {
  pass: 'green',
  'pass/pass': 'green',
  fail: 'red',
  'pass/fail': 'red',
  'fail/pass': 'red',
  'fail/fail': 'red',
  'not testable': 'yellow',
};

function blamesOf(rows: Row[]): string {
  const blames: Blame[] = ['fake', 'real', 'document', 'harness'];
  return counted(
    rows,
    blames,
    (row) => row.blame,
    (blame) => `blame ${blame}`,
  );
}

function counted<T extends string>(
  rows: Row[],
  kinds: readonly T[],
  kindOf: (row: Row) => T | undefined,
  name: (kind: T) => string,
): string {
  return kinds
    .map((kind) => [kind, rows.filter((row) => kindOf(row) === kind).length] as const)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${count} ${name(kind)}`)
    .join(', ');
}

const CAUSES = {
  policy: 'not allowed or not possible',
  missing: 'for want of credentials',
  budget: 'for want of requests',
  error: 'could not be carried out',
  none: 'no verdict',
} as const;

/** Why, and on which side, where there are two. */
function causesOf(rows: Row[], roles: SideRole[]): string {
  const texts = roles.flatMap((role) => {
    const causeOf = ({ verdicts }: Row) => {
      const verdict = verdicts[role];
      return verdict === undefined ? 'none' : verdict.outcome === 'error' ? 'error' : verdict.cause;
    };
    const at = roles.length > 1 ? ` on ${role}` : '';
    const text = counted(rows, Object.keys(CAUSES) as (keyof typeof CAUSES)[], causeOf, (cause) => CAUSES[cause] + at);
    return text === '' ? [] : [text];
  });
  return texts.join(', ');
}
