/** Judges what somebody declares as a fault. */
import { createSchemaCheck, memberName } from '../schema-check.ts';
import { faultSchema } from './schema.ts';

/** The check throws an InputError that names the member. */
export function createFaultCheck(): (input: unknown) => void {
  const check = createSchemaCheck(() => faultSchema);
  return (input) => check(input, memberName('fault'));
}
