/** Every check in one line. */
import type { Report, RowResult } from '../report.ts';
import type { Paint } from './index.ts';
import { plain } from './plain.ts';

export function everyRowLines({ rows }: Report, paint: Paint): string[] {
  const width = Math.max(0, ...rows.map(({ check }) => check.id.length));
  return rows.map(({ check, result, lastPassed = [] }) => {
    const last = lastPassed.filter(({ kind }) => kind !== 'mock')[0];
    const when = last ? `  [${last.date} ${plain(last.target)}${last.how === 'compared' ? ', compared' : ''}]` : '';
    const colour = PASSED.includes(result) ? 'green' : result === 'not testable' ? 'yellow' : 'red';
    return `${paint(colour, result.padEnd(12))} ${check.id.padEnd(width)}  ${check.title}${when}`;
  });
}

const PASSED: RowResult[] = ['pass', 'pass/pass'];
