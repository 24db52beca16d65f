/** The rows of the page, and the controls that select among them. */
import { htmlText } from '../escape.ts';
import type { Row } from '../report.ts';
import { countStandings, reasonsOf, STANDINGS, type Standing, standingOf, verdictsOf } from '../standing.ts';

export function tableSection(rows: Row[]): string {
  if (rows.length === 0) return '<p class="nothing">No check was run.</p>';
  return [
    '<section aria-labelledby="checks">',
    '<h2 id="checks">Checks</h2>',
    controls(rows),
    '<div class="scroll"><table id="rows">',
    '<thead><tr>',
    ...COLUMNS.map(
      ([name, kind]) =>
        `<th scope="col"${kind ? ` class="${kind}"` : ''}><button type="button" disabled>${name}</button></th>`,
    ),
    '</tr></thead>',
    '<tbody>',
    ...rows
      .map((row, index) => ({ row, index }))
      .sort((one, other) => severityOf(one.row) - severityOf(other.row))
      .map(({ row, index }) => rowOf(row, index)),
    '</tbody></table></div>',
    '<p id="none" hidden>Nothing matches. <button type="button" class="reset">Show all</button></p>',
    '</section>',
  ].join('\n');
}

const COLUMNS: [name: string, kind?: string][] = [['Result'], ['Check'], ['Operation'], ['Blame'], ['Time', 'number']];

/** Hidden where no script runs: they would do nothing. */
function controls(rows: Row[]): string {
  const distinct = (ofRow: (row: Row) => string | undefined) =>
    [...new Set(rows.map(ofRow))].filter((value) => value !== undefined).sort();
  return [
    '<form id="filter" role="search" hidden>',
    standingButtons(rows),
    '<div class="fields">',
    '<label class="text">Text <input type="search" name="text" autocomplete="off" spellcheck="false"></label>',
    select(
      'result',
      'Result',
      distinct(({ result }) => result),
    ),
    select(
      'blame',
      'Blame',
      distinct(({ blame }) => blame),
    ),
    select(
      'provider',
      'Provider',
      distinct(({ check }) => check.provider),
    ),
    select(
      'operation',
      'Operation',
      distinct(({ check }) => check.operation),
    ),
    select(
      'evidence',
      'Known by',
      distinct(({ check }) => check.evidence),
    ),
    '<button type="button" class="reset">Reset</button>',
    '</div>',
    `<p id="count" role="status">${rows.length} checks</p>`,
    '</form>',
  ].join('\n');
}

function standingButtons(rows: Row[]): string {
  const counts = countStandings(rows);
  const buttons = STANDINGS.filter((standing) => counts[standing] > 0).map(
    (standing) =>
      `<button type="button" aria-pressed="false" data-standing="${standing}"><b>${counts[standing]}</b> ${standing}</button>`,
  );
  return `<div class="standings" role="group" aria-label="How it stands">${buttons.join('')}</div>`;
}

function select(name: string, label: string, values: string[]): string {
  if (values.length < 2) return '';
  const options = values.map((value) => `<option>${htmlText(value)}</option>`);
  return `<label>${label} <select name="${name}"><option value="">all</option>${options.join('')}</select></label>`;
}

const SEVERITY: Standing[] = ['failed', 'not verified', 'known', 'not run', 'passed'];
const severityOf = (row: Row) => SEVERITY.indexOf(standingOf(row));

function rowOf(row: Row, index: number): string {
  const { check, result, blame, deviation, difference } = row;
  const standing = standingOf(row);
  const milliseconds = verdictsOf(row).reduce((sum, [, verdict]) => sum + verdict.milliseconds, 0);
  const data = {
    standing,
    result,
    blame,
    provider: check.provider,
    operation: check.operation,
    evidence: check.evidence,
  };
  const attributes = Object.entries(data).map(([name, value]) => ` data-${name}="${htmlText(value ?? '')}"`);
  const reasons = reasonsOf(row).map((reason) => `<li>${htmlText(reason)}</li>`);
  const tags = [
    ...(deviation ? [`deviation ${deviation.state}`] : []),
    ...(difference.length > 0 ? ['answers differ'] : []),
    ...(check.evidence === 'assumed' ? ['assumed'] : []),
  ].map((tag) => `<span class="tag">${htmlText(tag)}</span>`);
  return [
    `<tr id="${htmlText(check.id)}"${attributes.join('')}>`,
    `<td data-sort="${severityOf(row)}"><span class="result">${resultOf(result)}</span></td>`,
    `<th scope="row" data-sort="${index}"><button type="button" class="open" aria-expanded="false" disabled>`,
    `<code>${htmlText(check.id)}</code> <span>${htmlText(check.title)}</span></button>`,
    tags.length > 0 ? `<div class="tags">${tags.join('')}</div>` : '',
    reasons.length > 0 ? `<ul class="reasons">${reasons.join('')}</ul>` : '',
    `</th><td><code>${htmlText(check.operation.slice(check.operation.indexOf('.') + 1))}</code></td>`,
    `<td>${blame ?? ''}</td><td class="number" data-sort="${milliseconds}">${milliseconds} ms</td></tr>`,
  ].join('');
}

const resultOf = (result: string) =>
  result
    .split('/')
    .map((word) => `<span class="${word === 'pass' || word === 'fail' ? word : 'none'}">${htmlText(word)}</span>`)
    .join('<span class="slash">/</span>');
