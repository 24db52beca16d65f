/** What stands around the rows of the page: the verdict and the sides above, coverage and evidence below. */
import { formatParity } from '../../parity.ts';
import { htmlText } from '../escape.ts';
import type { Coverage, CoverageCell, Report, Side } from '../report.ts';
import { sentenceOf } from '../standing.ts';

export function masthead(report: Report): string {
  const { exitCode, failures, sides, target, version } = report;
  return [
    `<header class="${exitCode === 0 ? 'good' : 'bad'}">`,
    `<p class="name">Sidetone ${htmlText(version)}</p>`,
    `<h1>${htmlText(sentenceOf(report))}</h1>`,
    `<p>Target <code>${htmlText(target)}</code>, exit code ${exitCode}</p>`,
    list(failures, 'failures'),
    `<div class="sides">${sides.map(sideOf).join('')}</div>`,
    '</header>',
  ].join('\n');
}

function sideOf({ role, name, requests, startedAt, milliseconds, trusted, problems, leftovers }: Side): string {
  return [
    `<section class="side" aria-label="${role}">`,
    `<h2>${role} <code>${htmlText(name)}</code></h2>`,
    `<p>${requests} requests in ${(milliseconds / 1000).toFixed(1)} s, <time datetime="${htmlText(startedAt)}">${htmlText(startedAt.replace('T', ' ').slice(0, 19))} UTC</time></p>`,
    trusted ? '' : '<p class="untrusted">Its canary failed: no verdict of it means anything.</p>',
    list([...problems, ...leftovers.map((left) => `left behind: ${left}`)], 'failures'),
    '</section>',
  ].join('');
}

const list = (items: string[], kind: string) =>
  items.length === 0 ? '' : `<ul class="${kind}">${items.map((item) => `<li>${htmlText(item)}</li>`).join('')}</ul>`;

export function coverageSection(coverage: Coverage): string {
  if (coverage.declared === 0) return '';
  const { cells, declared, observed, unreachable } = coverage;
  const statuses = [...new Set(cells.map(({ status }) => status))].sort();
  const operations = [...new Set(cells.map(({ operation }) => operation))];
  return [
    '<section aria-labelledby="coverage">',
    '<h2 id="coverage">Coverage</h2>',
    `<p><b>${observed}</b> of <b>${declared}</b> declared answers were seen; ${unreachable} cannot be brought about from outside. A cell says how often, and with which credential.</p>`,
    '<div class="scroll" tabindex="0" role="region" aria-label="Declared answers"><table class="coverage">',
    `<thead><tr><th scope="col">Operation</th>${statuses.map((status) => `<th scope="col">${htmlText(status)}</th>`).join('')}</tr></thead><tbody>`,
    ...operations.map((operation) => {
      const found = statuses.map((status) =>
        cellOf(cells.filter((cell) => cell.operation === operation && cell.status === status)),
      );
      return `<tr><th scope="row"><code>${htmlText(operation)}</code></th>${found.join('')}</tr>`;
    }),
    '</tbody></table></div>',
    '</section>',
  ].join('\n');
}

function cellOf(cells: CoverageCell[]): string {
  if (cells.length === 0) return '<td></td>';
  const seen = cells.filter(({ count }) => count > 0);
  if (seen.length > 0) {
    const parts = seen.map(({ credential, count }) => `<b>${count}</b> ${htmlText(credential ?? '')}`);
    return `<td class="seen">${parts.join('<br>')}</td>`;
  }
  const why = cells.find(({ unreachable }) => unreachable !== undefined)?.unreachable;
  if (why === undefined) return '<td class="unseen">not seen</td>';
  return `<td class="unreachable"><details><summary>unreachable</summary>${htmlText(why)}</details></td>`;
}

export function foot({ evidence, parity }: Report): string {
  const kinds = Object.entries(evidence).map(([kind, count]) => `<b>${count}</b> ${kind}`);
  return [
    '<footer>',
    `<p>The checks are known of the real APIs by: ${kinds.join(', ')}. What is assumed is nobody’s promise.</p>`,
    list(parity.map(formatParity), 'parity'),
    '</footer>',
  ].join('\n');
}
