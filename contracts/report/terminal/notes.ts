/** What checks want told of the real side beside their verdicts; all of it with every check. */
import type { Report } from '../report.ts';
import { verdictsOf } from '../standing.ts';
import { plain } from './plain.ts';

export function noteLines({ rows }: Report, verbose: boolean): string[] {
  return rows.flatMap((row) =>
    verdictsOf(row)
      .filter(([role]) => verbose || role === 'real')
      .flatMap(([role, { notes = [] }]) => notes.map((text) => `${row.check.id} on ${role}: ${plain(text)}`)),
  );
}
