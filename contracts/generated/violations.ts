/** Values that break a JSON Schema in exactly one thing: one or more for each keyword that it has. */
import type { JsonSchema } from '../document.ts';

export interface Violation {
  /** Keyword that the value breaks; `null` for a null where none is allowed, `items` for what is in a list. */
  keyword: string;
  /** The member that is wrong; '' for the whole, or where a member is missing or too many. */
  member: string;
  value: unknown;
}

/** @param valid A value that the schema takes. */
export function violationsOf(schema: JsonSchema, valid: unknown): Violation[] {
  const own = Object.entries(RULES).flatMap(([keyword, rule]) =>
    rule(schema, valid).map((value) => ({ keyword, member: '', value })),
  );
  return [...own, ...missingMembers(schema, valid), ...wrongMembers(schema, valid), ...wrongItems(schema, valid)];
}

type Rule = (schema: JsonSchema, valid: unknown) => unknown[];

/** What each keyword forbids; nothing where the schema does not have it. */
const RULES: Record<string, Rule> = {
  type: (schema, valid) => (schema.type === undefined ? [] : valuesOfOtherTypes(typesOf(schema), valid)),
  null: (schema) => (schema.type === undefined || typesOf(schema).includes('null') ? [] : [null]),
  enum: ({ enum: allowed }) => (Array.isArray(allowed) ? ['sidetone-no-such-value'] : []),
  const: (schema) => ('const' in schema ? ['sidetone-no-such-value'] : []),
  pattern: ({ pattern }) => (typeof pattern === 'string' ? unlike(new RegExp(pattern, 'u')) : []),
  format: ({ format }) => (typeof format === 'string' && FORMATS.includes(format) ? ['sidetone: no format'] : []),
  minLength: ({ minLength }) => (isNumber(minLength) && minLength > 0 ? ['x'.repeat(minLength - 1)] : []),
  maxLength: ({ maxLength }) => (isNumber(maxLength) ? ['x'.repeat(maxLength + 1)] : []),
  minimum: ({ minimum }) => (isNumber(minimum) ? [minimum - 1] : []),
  maximum: ({ maximum }) => (isNumber(maximum) ? [maximum + 1] : []),
  exclusiveMinimum: ({ exclusiveMinimum }) => (isNumber(exclusiveMinimum) ? [exclusiveMinimum] : []),
  exclusiveMaximum: ({ exclusiveMaximum }) => (isNumber(exclusiveMaximum) ? [exclusiveMaximum] : []),
  minItems: ({ minItems }, valid) => (isNumber(minItems) && minItems > 0 ? [listOf(valid).slice(0, minItems - 1)] : []),
  maxItems: ({ maxItems }, valid) =>
    isNumber(maxItems) ? [Array.from({ length: maxItems + 1 }, () => listOf(valid)[0])] : [],
  uniqueItems: ({ uniqueItems }, valid) =>
    uniqueItems === true && listOf(valid).length > 0 ? [[...listOf(valid), listOf(valid)[0]]] : [],
  additionalProperties: ({ additionalProperties }, valid) =>
    additionalProperties === false && isObject(valid) ? [{ ...valid, sidetone_no_such_member: 1 }] : [],
};

const FORMATS = ['uri', 'uuid', 'date-time', 'date', 'email'];

const isNumber = (value: unknown): value is number => typeof value === 'number';
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const typesOf = ({ type = [] }: JsonSchema): string[] => [type].flat();

/** The valid value in a list, and a plain value of another type. */
function valuesOfOtherTypes(types: string[], valid: unknown): unknown[] {
  const plain: [type: string, value: unknown][] = [
    ['string', 'sidetone'],
    ['integer', 7],
    ['boolean', true],
  ];
  const isOther = (type: string) => !types.includes(type) && !(type === 'integer' && types.includes('number'));
  const other = plain.find(([type]) => isOther(type) && type !== 'boolean') ?? plain[2];
  return [...(types.includes('array') ? [] : [[valid]]), other?.[1]];
}

const unlike = (pattern: RegExp) => ['', ' ', 'sidetone ?'].filter((text) => !pattern.test(text));

function missingMembers({ required = [] }: JsonSchema, valid: unknown): Violation[] {
  if (!isObject(valid)) return [];
  return required.map((member) => {
    const { [member]: _, ...value } = valid;
    return { keyword: 'required', member, value };
  });
}

function wrongMembers({ properties = {} }: JsonSchema, valid: unknown): Violation[] {
  if (!isObject(valid)) return [];
  return Object.entries(properties).flatMap(([member, schema]) =>
    violationsOf(schema, valid[member] ?? sampleOf(schema)).map(({ keyword, value }) => ({
      keyword,
      member,
      value: { ...valid, [member]: value },
    })),
  );
}

function wrongItems({ items }: JsonSchema, valid: unknown): Violation[] {
  if (!items || !Array.isArray(valid)) return [];
  const sample = valid[0] ?? sampleOf(items);
  return violationsOf(items, sample).map(({ value }) => ({ keyword: 'items', member: '', value: [...valid, value] }));
}

/** Some value for a member that the valid one leaves out. */
function sampleOf({ default: fallback, enum: allowed, ...schema }: JsonSchema): unknown {
  if (fallback !== undefined) return fallback;
  if (Array.isArray(allowed)) return allowed[0];
  const [type] = typesOf(schema);
  return { array: [], object: {}, integer: 7, number: 7, boolean: true }[type ?? ''] ?? 'sidetone';
}
