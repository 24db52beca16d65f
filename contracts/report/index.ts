/** Writes reports to files. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunResult } from '../run.ts';
import { formatJson } from './json.ts';
import { formatJunit } from './junit.ts';

const FORMATS: Record<string, [file: string, format: (result: RunResult) => string]> = {
  json: ['sidetone.json', formatJson],
  junit: ['sidetone.junit.xml', formatJunit],
};

/** @param kinds `json`, `junit`. Makes the folder if it is not there. */
export function writeReports(result: RunResult, kinds: string[], folder: string): void {
  if (kinds.length > 0) mkdirSync(folder, { recursive: true });
  for (const kind of kinds) {
    const format = FORMATS[kind];
    if (!format) throw new TypeError(`"${kind}" is no report; there are: ${Object.keys(FORMATS).join(', ')}`);
    writeFileSync(join(folder, format[0]), format[1](result));
  }
}
