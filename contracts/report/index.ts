/** Writes reports to files. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatJson } from './json.ts';
import { formatJunit } from './junit.ts';
import type { Report } from './report.ts';

const FORMATS: Record<string, [file: string, format: (report: Report) => string]> = {
  json: ['sidetone.json', formatJson],
  junit: ['sidetone.junit.xml', formatJunit],
};

/** @param kinds `json`, `junit`. Makes the folder if it is not there. */
export function writeReports(report: Report, kinds: string[], folder: string): void {
  if (kinds.length > 0) mkdirSync(folder, { recursive: true });
  for (const kind of kinds) {
    const format = FORMATS[kind];
    if (!format) throw new TypeError(`"${kind}" is no report; there are: ${Object.keys(FORMATS).join(', ')}`);
    writeFileSync(join(folder, format[0]), format[1](report));
  }
}
