/** The kinds of reports, and where each is written. */
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { formatAnnotations } from './annotations.ts';
import { formatCtrf } from './ctrf.ts';
import { formatHar } from './har.ts';
import { formatHtml } from './html/page.ts';
import { formatJson } from './json.ts';
import { formatJunit } from './junit.ts';
import { type OperationLines, operationLines } from './operation-lines.ts';
import type { Report } from './report.ts';
import { formatSarif } from './sarif.ts';
import { formatSummary } from './summary.ts';

interface Kind {
  /** Name of the file; `annotations` are printed instead. */
  file?: string;
  format(report: Report, lines: () => OperationLines): string;
}

const KINDS: Record<string, Kind> = {
  json: { file: 'sidetone.json', format: formatJson },
  junit: { file: 'sidetone.junit.xml', format: formatJunit },
  html: { file: 'sidetone.html', format: formatHtml },
  summary: { file: 'sidetone.md', format: formatSummary },
  annotations: { format: (report, lines) => formatAnnotations(report, lines()) },
  har: { file: 'sidetone.har', format: formatHar },
  ctrf: { file: 'sidetone.ctrf.json', format: formatCtrf },
  sarif: { file: 'sidetone.sarif', format: (report, lines) => formatSarif(report, lines()) },
};

export const reportKinds = Object.keys(KINDS);

export interface ReportOptions {
  /** Where files are written; made if it is not there. */
  folder: string;
  /** GITHUB_STEP_SUMMARY names the file that a summary is added to; GITHUB_ACTIONS asks for annotations. */
  environment?: Record<string, string | undefined>;
  /** Where annotations go: a CI reads them from stdout. */
  print?: (text: string) => void;
}

/** @param kinds of `reportKinds`; throws a TypeError for another one, before anything is written. */
export function writeReports(
  report: Report,
  kinds: string[],
  { folder, environment = {}, print }: ReportOptions,
): void {
  const wanted = [...new Set([...kinds, ...(environment.GITHUB_ACTIONS === 'true' ? ['annotations'] : [])])];
  const found = wanted.map((name): [string, Kind] => [name, kindOf(name)]);
  const lines = once(() => operationLines(ownSource()));
  for (const [name, { file, format }] of found) {
    const text = format(report, lines);
    const summary = name === 'summary' ? environment.GITHUB_STEP_SUMMARY : undefined;
    if (file === undefined) print?.(text);
    else if (summary) appendFileSync(summary, text);
    else write(folder, file, text);
  }
}

function kindOf(name: string): Kind {
  const kind = KINDS[name];
  if (!kind) throw new TypeError(`"${name}" is no report; there are: ${reportKinds.join(', ')}`);
  return kind;
}

function write(folder: string, file: string, text: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, file), text);
}

const ownSource = () => readFileSync(createRequire(import.meta.url).resolve('sidetone/openapi.yaml'), 'utf8');

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
