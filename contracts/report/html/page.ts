/** The report as one HTML file: it asks no network for anything, and shows what servers said as nothing but text. */
import { createHash } from 'node:crypto';
import { htmlText } from '../escape.ts';
import type { Report } from '../report.ts';
import { sentenceOf } from '../standing.ts';
import { coverageSection, foot, masthead } from './around.ts';
import { packedDetails } from './details.ts';
import { script } from './script.ts';
import { style } from './style.ts';
import { tableSection } from './table.ts';

export function formatHtml(report: Report): string {
  return htmlPage(`${sentenceOf(report)}: sidetone verify ${report.target}`, [
    masthead(report),
    '<main>',
    tableSection(report.rows),
    coverageSection(report.coverage),
    '</main>',
    foot(report),
    // No program, but data: a browser does not run it.
    `<script type="text/plain" id="details">${packedDetails(report)}</script>`,
  ]);
}

/** @param parts of the body, as HTML. */
export function htmlPage(title: string, parts: string[]): string {
  const policy = [
    "default-src 'none'",
    `style-src '${hashOf(style)}'`,
    `script-src '${hashOf(script)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${htmlText(title)}</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    ...parts,
    `<script>${script}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

const hashOf = (text: string) => `sha256-${createHash('sha256').update(text).digest('base64')}`;
