/** Where the suite reads openapi.yaml. The build puts the parsed document in this module's place, as it does in the fake. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parse } from 'yaml';

export const readDocument = (): unknown =>
  parse(readFileSync(createRequire(import.meta.url).resolve('sidetone/openapi.yaml'), 'utf8'));
