/** Each violation breaks a schema in its one keyword, and in nothing else: judged by Ajv. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { loadContractDocument } from '../../contracts/document.ts';
import { violationsOf } from '../../contracts/generated/violations.ts';

const ajv = new Ajv2020({ strict: false, allErrors: true });
(addFormats as unknown as (ajv: Ajv2020) => void)(ajv);

/** Keyword and place of each error; in a list everything is `items`, and null is no type. */
function errorsOf(schema: object, value: unknown): string[] {
  const validate = ajv.compile(schema);
  validate(value);
  return (validate.errors ?? []).map(({ keyword, instancePath, params }) => {
    const [, member = params.missingProperty ?? '', item] = instancePath.split('/');
    if (item !== undefined) return `items ${member}`;
    const isNull = keyword === 'type' && at(value, member) === null;
    return `${isNull ? 'null' : keyword} ${member}`;
  });
}

const at = (value: unknown, member: string) => (member === '' ? value : (value as Record<string, unknown>)[member]);

const everyKeyword = {
  type: 'object',
  required: ['name'],
  additionalProperties: false,
  properties: {
    name: { type: 'string', minLength: 2, maxLength: 8 },
    colour: { type: 'string', pattern: '^#[0-9a-f]{6}$' },
    kind: { type: 'string', enum: ['one', 'other'] },
    url: { type: 'string', format: 'uri' },
    note: { type: ['string', 'null'] },
    size: { type: 'integer', minimum: 20, maximum: 1000 },
    share: { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 },
    on: { type: 'boolean' },
    tags: { type: 'array', items: { type: 'string', minLength: 1 }, minItems: 1, maxItems: 3, uniqueItems: true },
  },
};
const valid = {
  ...{ name: 'abc', colour: '#a0b1c2', kind: 'one', url: 'https://sidetone.example/' },
  ...{ note: null, size: 20, share: 0.5, on: false, tags: ['a'] },
};

describe('a schema with every keyword', () => {
  const violations = violationsOf(everyKeyword, valid);

  test('takes the valid value', () => {
    expect(errorsOf(everyKeyword, valid)).toEqual([]);
  });

  test('is violated in each', () => {
    expect([...new Set(violations.map(({ keyword }) => keyword))].sort()).toEqual(
      [
        ...['additionalProperties', 'enum', 'exclusiveMaximum', 'exclusiveMinimum', 'format', 'items', 'maxItems'],
        ...['maxLength', 'maximum', 'minItems', 'minLength', 'minimum', 'null', 'pattern', 'required', 'type'],
        'uniqueItems',
      ].sort(),
    );
  });

  test.each(violations.map((violation) => [JSON.stringify(violation), violation] as const))('%s', (_, violation) => {
    const { keyword, member, value } = violation;
    const errors = [...new Set(errorsOf(everyKeyword, value))];
    // What is of another type is none of the allowed values either, and so on; the keyword itself must be among them.
    const follows = ['type', 'null', 'maxItems'].includes(keyword) ? errors : errors.slice(0, 1);
    expect(follows).toContain(`${keyword} ${member}`);
    if (keyword !== 'type' && keyword !== 'null' && keyword !== 'maxItems') expect(errors).toHaveLength(1);
  });
});

test('what the document says of JSON bodies is violated in exactly that', () => {
  const bodies = [...loadContractDocument().operations.values()].flatMap(({ operationId, requestBody }) => {
    const media = requestBody?.content['application/json'];
    const example = Object.values(media?.examples ?? {})[0]?.value;
    return media && example ? [{ operationId, schema: media.schema, example }] : [];
  });
  expect(bodies.length).toBeGreaterThanOrEqual(8);
  for (const { operationId, schema, example } of bodies) {
    for (const { keyword, member, value } of violationsOf(schema, example)) {
      expect(errorsOf(schema, value), `${operationId} ${JSON.stringify(value)}`).toContain(`${keyword} ${member}`);
    }
  }
});
