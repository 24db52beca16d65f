/** The report in Markdown, for the step summary of a CI: the matrix, what failed, what was covered, what is assumed. */
import { formatParity } from '../parity.ts';
import { curlOf } from './curl.ts';
import { markdownText } from './escape.ts';
import type { CoverageCell, Report, Row, RowResult } from './report.ts';
import { countStandings, reasonsOf, STANDINGS, sentenceOf, standingOf, verdictsOf } from './standing.ts';

/** GitHub takes 1 MiB of a step, and nobody reads so many. */
const MOST_ROWS = 50;

export function formatSummary(report: Report): string {
  const failed = report.rows.filter((row) => ['failed', 'not verified'].includes(standingOf(row)));
  const known = report.rows.filter((row) => standingOf(row) === 'known');
  return [
    `## ${report.exitCode === 0 ? '✅' : '❌'} sidetone verify ${code(report.target)}`,
    `**${sentenceOf(report)}** (exit code ${report.exitCode}). ${sumOf(report.rows)}.`,
    list(report.failures.map(markdownText)),
    sidesOf(report),
    matrixOf(report),
    ...failuresOf(failed, report),
    ...(known.length > 0
      ? [
          '### Known deviations',
          table(
            ['check', 'why'],
            known.map((row) => [code(row.check.id), reasonsOf(row).map(markdownText).join('<br>')]),
          ),
        ]
      : []),
    coverageOf(report),
    evidenceOf(report),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

function sumOf(rows: Row[]): string {
  const counts = countStandings(rows);
  const parts = STANDINGS.filter((standing) => counts[standing] > 0 || standing === 'failed');
  return `${rows.length} checks: ${parts.map((standing) => `${counts[standing]} ${standing}`).join(', ')}`;
}

function sidesOf({ sides }: Report): string {
  const rows = sides.map(({ role, name, requests, milliseconds }) => [
    role,
    code(name),
    String(requests),
    `${(milliseconds / 1000).toFixed(1)} s`,
  ]);
  const told = sides.flatMap(({ problems, leftovers }) => [
    ...problems.map((problem) => `cannot verify: ${markdownText(problem)}`),
    ...leftovers.map((left) => `left behind: ${markdownText(left)}`),
  ]);
  return [table(['side', 'target', 'requests', 'time'], rows), list(told)].filter(Boolean).join('\n\n');
}

/** Results by provider. */
function matrixOf({ rows }: Report): string {
  const results = [...new Set(rows.map(({ result }) => result))].sort();
  const providers = [...new Set(rows.map(({ check }) => check.provider))];
  const count = (provider: string, result: RowResult) =>
    String(rows.filter((row) => row.check.provider === provider && row.result === result).length);
  if (rows.length === 0) return '';
  return `### Matrix\n\n${table(
    ['', ...results],
    providers.map((provider) => [provider, ...results.map((result) => count(provider, result))]),
  )}`;
}

function failuresOf(rows: Row[], report: Report): string[] {
  if (rows.length === 0) return [];
  const shown = rows.slice(0, MOST_ROWS).map((row) => failureOf(row, report));
  const left = rows.length - shown.length;
  return ['### Failures', ...shown, ...(left > 0 ? [`… and ${left} more: see the other reports.`] : [])];
}

function failureOf(row: Row, report: Report): string {
  const { check, result, blame, difference } = row;
  const differences = difference.map(({ exchange, request, kind, where, mock, real }) => [
    `${exchange + 1}. ${code(request)}`,
    kind,
    code(where),
    code(mock),
    code(real),
  ]);
  const lines = verdictsOf(row).flatMap(([role, { exchanges }]) => {
    const last = exchanges.at(-1);
    return last ? [`# ${role}`, curlOf(last.request, report.secrets)] : [];
  });
  return [
    `<details><summary>${code(check.id)} ${markdownText(check.title)}: <b>${result}</b>${blame === undefined ? '' : `, blame ${blame}`}</summary>`,
    list([
      ...reasonsOf(row).map(markdownText),
      `${markdownText(check.clause)}, ${code(check.operation)}, known by: ${check.evidence}`,
    ]),
    differences.length === 0 ? '' : table(['request', 'differs in', 'where', 'mock', 'real'], differences),
    lines.length === 0 ? '' : fence('sh', lines.join('\n')),
    row.proposedPatch === undefined
      ? ''
      : `A change to openapi.yaml that would declare it:\n\n${fence('json', JSON.stringify(row.proposedPatch, null, 2))}`,
    '</details>',
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function coverageOf({ coverage }: Report): string {
  if (coverage.declared === 0) return '';
  const { cells, declared, observed, unreachable } = coverage;
  const missing = cells.filter(({ count, unreachable: why }) => count === 0 && why === undefined);
  const head = `### Coverage\n\n${observed} of ${declared} declared answers were seen; ${unreachable} cannot be brought about from outside.`;
  if (missing.length === 0) return head;
  const list = missing.map(cellOf).join(', ');
  return `${head}\n\n<details><summary>${missing.length} not seen</summary>\n\n${list}\n\n</details>`;
}

const cellOf = ({ operation, status, credential }: CoverageCell) =>
  code([operation, status, credential].filter(Boolean).join(' '));

function evidenceOf({ evidence, parity }: Report): string {
  const kinds = Object.entries(evidence).map(([kind, count]) => `${count} ${kind}`);
  return list([
    `known of the real APIs by: ${kinds.join(', ')}. **${evidence.assumed} assumed**: nobody's promise.`,
    ...parity.map((record) => markdownText(formatParity(record))),
  ]);
}

const list = (items: string[]) => items.map((item) => `- ${item}`).join('\n');

const table = (head: string[], rows: string[][]) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const code = (text: string) => (text === '' ? '' : `<code>${markdownText(text)}</code>`);

/** A fence longer than any in the text. */
function fence(language: string, text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((ticks) => ticks.length));
  const ticks = '`'.repeat(longest + 1);
  return `${ticks}${language}\n${text}\n${ticks}`;
}
