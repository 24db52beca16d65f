/** Judges a value by a JSON Schema, and says what is wrong in one sentence that names the member. */
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { InputError } from './input-error.ts';

/** Says where a member stands. */
export type Place = (member: (string | number)[]) => string;

/** The schema is compiled when it is first needed. The check throws an InputError. */
export function createSchemaCheck(schema: () => object): (value: unknown, place: Place) => void {
  let validate: ReturnType<Ajv2020['compile']> | undefined;
  return (value, place) => {
    validate ??= compile(schema());
    if (!validate(value)) throw new InputError(sentence(place, validate.errors ?? []));
  };
}

function compile(schema: object) {
  const ajv = new Ajv2020({ strict: false, allErrors: false });
  (addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
  return ajv.compile(schema);
}

/** `name.member[0]` */
export const memberName =
  (name: string): Place =>
  (member) =>
    [name, ...member].join('.').replace(/\.(\d+)(?=\.|$)/g, '[$1]');

function sentence(place: Place, errors: ErrorObject[]): string {
  // Of alternatives, the one that fits best fails deepest.
  const error = [...errors].sort((one, other) => other.instancePath.length - one.instancePath.length)[0];
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
