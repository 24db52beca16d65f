/** `--seed FILE`: read, and checked against the schema that ships with the package. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { LocatedFile } from './located-file.ts';
import type { SeedInput } from './seed.ts';

/** Throws an Error whose message names file, line and member. */
export function readSeedFile(path: string): SeedInput {
  const file = LocatedFile.read(path);
  const schema = JSON.parse(
    readFileSync(createRequire(import.meta.url).resolve('sidetone/seed.schema.json'), 'utf8'),
  ) as object;
  const ajv = new Ajv2020({ strict: false, allErrors: false });
  (addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
  const validate = ajv.compile(schema);
  if (!validate(file.value)) throw new Error(sentence(file, validate.errors?.[0]));
  return file.value as SeedInput;
}

function sentence(file: LocatedFile, error: ErrorObject | undefined): string {
  const steps = (error?.instancePath ?? '')
    .split('/')
    .slice(1)
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  switch (error?.keyword) {
    case 'additionalProperties':
      return `${file.place([...steps, String(error.params.additionalProperty)])} is unknown`;
    case 'required':
      return `${file.place(steps)} lacks "${error.params.missingProperty}"`;
    case 'enum':
      return `${file.place(steps)} must be one of ${(error.params.allowedValues as string[]).join(', ')}`;
    default:
      return `${file.place(steps)} ${error?.message}`;
  }
}
