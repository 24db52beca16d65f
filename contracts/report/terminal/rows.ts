/** Every check in one line. */
import type { Report, RowResult } from '../report.ts';
import type { Paint } from './index.ts';

export function everyRowLines({ rows }: Report, paint: Paint): string[] {
  const width = Math.max(0, ...rows.map(({ check }) => check.id.length));
  return rows.map(({ check, result }) => {
    const colour = PASSED.includes(result) ? 'green' : result === 'not testable' ? 'yellow' : 'red';
    return `${paint(colour, result.padEnd(12))} ${check.id.padEnd(width)}  ${check.title}`;
  });
}

const PASSED: RowResult[] = ['pass', 'pass/pass'];
