/** `--seed FILE`: read, and checked against the schema that ships with the package. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { InputError } from './input-error.ts';
import { LocatedFile } from './located-file.ts';
import type { SeedInput } from './seed.ts';

/** Throws an InputError whose message names file, line and member. */
export function readSeedFile(path: string): SeedInput {
  const file = LocatedFile.read(path);
  checkSeed(file.value, (member) => file.place(member));
  return file.value as SeedInput;
}

type Place = (member: (string | number)[]) => string;

/** Throws an InputError that names the member. */
export function checkSeed(seed: unknown, place: Place = nameOf): void {
  const schema = JSON.parse(readFileSync(createRequire(import.meta.url).resolve('sidetone/seed.schema.json'), 'utf8'));
  const ajv = new Ajv2020({ strict: false, allErrors: false });
  (addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
  const validate = ajv.compile(schema as object);
  if (!validate(seed)) throw new InputError(sentence(place, validate.errors?.[0]));
}

const nameOf: Place = (member) => ['seed', ...member].join('.').replace(/\.(\d+)(?=\.|$)/g, '[$1]');

function sentence(place: Place, error: ErrorObject | undefined): string {
  const steps = (error?.instancePath ?? '')
    .split('/')
    .slice(1)
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  switch (error?.keyword) {
    case 'additionalProperties':
      return `${place([...steps, String(error.params.additionalProperty)])} is unknown`;
    case 'required':
      return `${place(steps)} lacks "${error.params.missingProperty}"`;
    case 'enum':
      return `${place(steps)} must be one of ${(error.params.allowedValues as string[]).join(', ')}`;
    default:
      return `${place(steps)} ${error?.message}`;
  }
}
