/** `--seed FILE`: read, and checked against the schema that ships with the package. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { LocatedFile } from './located-file.ts';
import { createSchemaCheck, memberName, type Place } from './schema-check.ts';
import type { SeedInput } from './seed.ts';

/** Throws an InputError whose message names file, line and member. */
export function readSeedFile(path: string): SeedInput {
  const file = LocatedFile.read(path);
  checkSeed(file.value, (member) => file.place(member));
  return file.value as SeedInput;
}

/** Throws an InputError that names the member. */
export function checkSeed(seed: unknown, place: Place = memberName('seed')): void {
  const readSchema = () =>
    JSON.parse(readFileSync(createRequire(import.meta.url).resolve('sidetone/seed.schema.json'), 'utf8')) as object;
  createSchemaCheck(readSchema)(seed, place);
}
