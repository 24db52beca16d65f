/** What did not pass as workflow commands of GitHub Actions: they are printed, and shown beside openapi.yaml. */
import type { OperationLines } from './operation-lines.ts';
import type { Report, Row } from './report.ts';
import { reasonsOf, standingOf } from './standing.ts';

/** GitHub shows no more of a step; the rest would be lost without a word. */
const SHOWN = 10;

type Command = 'error' | 'warning' | 'notice';

/** @returns lines for stdout, each with its line break. */
export function formatAnnotations(report: Report, lines: OperationLines): string {
  const failed = report.rows.filter((row) => standingOf(row) === 'failed').map((row) => annotate('error', row, lines));
  const holes = report.rows
    .filter((row) => standingOf(row) === 'not verified')
    .map((row) => annotate('warning', row, lines));
  const known = report.rows.filter((row) => standingOf(row) === 'known').map((row) => annotate('notice', row, lines));
  const run = report.sides.flatMap(({ problems, leftovers }) =>
    [...problems, ...leftovers.map((left) => `left behind: ${left}`)].map((text) =>
      command('error', text, { title: 'sidetone verify' }),
    ),
  );
  return [...shortened('error', [...run, ...failed]), ...shortened('warning', holes), ...shortened('notice', known)]
    .map((line) => `${line}\n`)
    .join('');
}

function annotate(kind: Command, row: Row, lines: OperationLines): string {
  const { check, blame } = row;
  const place = lines.get(check.operation);
  const text = `${check.title}\n${reasonsOf(row).join('\n')}\n${check.clause}`;
  return command(kind, text, {
    file: 'openapi.yaml',
    ...(place && { line: String(place.line), endLine: String(place.endLine) }),
    title: `${check.id} ${row.result}${blame === undefined ? '' : `, ${blame}`}`,
  });
}

function shortened(kind: Command, lines: string[]): string[] {
  if (lines.length <= SHOWN) return lines;
  const left = lines.length - SHOWN + 1;
  return [
    ...lines.slice(0, SHOWN - 1),
    command(kind, `and ${left} more: see the reports`, { title: 'sidetone verify' }),
  ];
}

function command(kind: Command, text: string, properties: Record<string, string>): string {
  const pairs = Object.entries(properties).map(([name, value]) => `${name}=${escapedProperty(value)}`);
  return `::${kind} ${pairs.join(',')}::${escaped(text)}`;
}

/** As @actions/core writes it, or a server's text could give commands of its own. */
const escaped = (text: string) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const escapedProperty = (text: string) => escaped(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
