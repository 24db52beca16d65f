/** What has changed, for a terminal, for programs, in Markdown and as a page. */
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { htmlText, markdownText, printable } from '../report/escape.ts';
import { htmlPage } from '../report/html/page.ts';
import type { Change, Drift, Origin } from './drift.ts';

const KINDS: Change['kind'][] = ['verdict', 'gone', 'new', 'answer', 'coverage'];
const HEADINGS: Record<Change['kind'], string> = {
  verdict: 'Verdicts that changed',
  gone: 'No longer there',
  new: 'New',
  answer: 'Answers that changed',
  coverage: 'Coverage that changed',
};

const groupsOf = ({ changes }: Drift) =>
  KINDS.map((kind) => [HEADINGS[kind], changes.filter((change) => change.kind === kind)] as const).filter(
    ([, found]) => found.length > 0,
  );

const sumOf = ({ changes }: Drift) =>
  changes.length === 0 ? 'no drift' : `drift: ${changes.length} ${changes.length === 1 ? 'change' : 'changes'}`;

const subjectOf = ({ subject, side }: Change) => (side === undefined ? subject : `${subject} (${side})`);

const originOf = ({ file, target, startedAt, version }: Origin) =>
  [file, `${target} at ${startedAt}`, ...(version === undefined ? [] : [`sidetone ${version}`])].join(', ');

/** Lines for a terminal, without the last line break. */
export function formatDrift(drift: Drift): string {
  const lines = groupsOf(drift).flatMap(([heading, changes]) => [
    `${heading}:`,
    ...changes.map(
      (change) => `  ${subjectOf(change)}  ${change.what}: ${change.before || '-'} -> ${change.after || '-'}`,
    ),
    '',
  ]);
  return [`before  ${originOf(drift.before)}`, `after   ${originOf(drift.after)}`, '', ...lines, sumOf(drift)]
    .map((line) => printable(line.replace(/\s*\n\s*/g, ' ')))
    .join('\n');
}

const formatDriftJson = (drift: Drift) => `${JSON.stringify(drift, null, 2)}\n`;

function formatDriftMarkdown(drift: Drift): string {
  const code = (text: string) => (text === '' ? '' : `<code>${markdownText(text)}</code>`);
  const groups = groupsOf(drift).flatMap(([heading, changes]) => [
    `### ${heading}`,
    [
      '| subject | what | before | after |',
      '| --- | --- | --- | --- |',
      ...changes.map(
        (change) => `| ${[subjectOf(change), change.what, change.before, change.after].map(code).join(' | ')} |`,
      ),
    ].join('\n'),
  ]);
  const origins = [
    `- before: ${markdownText(originOf(drift.before))}`,
    `- after: ${markdownText(originOf(drift.after))}`,
  ];
  const mark = drift.exitCode === 0 ? '✅' : '❌';
  return `${[`## ${mark} sidetone verify --diff: ${sumOf(drift)}`, origins.join('\n'), ...groups].join('\n\n')}\n`;
}

function formatDriftHtml(drift: Drift): string {
  const cell = (text: string) => `<td><code>${htmlText(text)}</code></td>`;
  const sum = sumOf(drift);
  const title = sum[0]?.toUpperCase() + sum.slice(1);
  return htmlPage(`${title}: sidetone verify --diff`, [
    `<header class="${drift.exitCode === 0 ? 'good' : 'bad'}">`,
    '<p class="name">Sidetone</p>',
    `<h1>${title}</h1>`,
    `<p>Before: ${htmlText(originOf(drift.before))}<br>After: ${htmlText(originOf(drift.after))}</p>`,
    '</header>',
    '<main>',
    ...groupsOf(drift).flatMap(([heading, changes]) => [
      `<h2>${heading}</h2>`,
      `<div class="scroll" tabindex="0" role="region" aria-label="${heading}"><table><thead><tr>`,
      '<th scope="col">Subject</th><th scope="col">What</th><th scope="col">Before</th><th scope="col">After</th></tr></thead><tbody>',
      ...changes.map(
        (change) =>
          `<tr><th scope="row"><code>${htmlText(subjectOf(change))}</code></th><td>${htmlText(change.what)}</td>${cell(change.before)}${cell(change.after)}</tr>`,
      ),
      '</tbody></table></div>',
    ]),
    '</main>',
  ]);
}

const FORMATS: Record<string, [file: string, format: (drift: Drift) => string]> = {
  json: ['sidetone-drift.json', formatDriftJson],
  markdown: ['sidetone-drift.md', formatDriftMarkdown],
  html: ['sidetone-drift.html', formatDriftHtml],
};

export const driftKinds: string[] = Object.keys(FORMATS);

/** Markdown goes to GITHUB_STEP_SUMMARY where that is set. Throws a TypeError for a kind that there is not. */
export function writeDrift(
  drift: Drift,
  kinds: string[],
  { folder, environment = {} }: { folder: string; environment?: Record<string, string | undefined> },
): void {
  const found = kinds.map((kind) => {
    const format = FORMATS[kind];
    if (!format) throw new TypeError(`"${kind}" is no report of a drift; there are: ${driftKinds.join(', ')}`);
    return [kind, ...format] as const;
  });
  for (const [kind, file, format] of found) {
    if (kind === 'markdown' && environment.GITHUB_STEP_SUMMARY) {
      appendFileSync(environment.GITHUB_STEP_SUMMARY, format(drift));
      continue;
    }
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, file), format(drift));
  }
}
