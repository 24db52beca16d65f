/** Where openapi.yaml is read. The build puts the parsed document in this module's place, so that no start has to parse. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parse } from 'yaml';

export const readDocument = (): unknown =>
  parse(readFileSync(createRequire(import.meta.url).resolve('sidetone/openapi.yaml'), 'utf8'));
