/** The document itself: valid, with evidence on every answer and examples that are true. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createConfig, lint } from '@redocly/openapi-core';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

const file = join(import.meta.dirname, '../openapi.yaml');
const document = parse(readFileSync(file, 'utf8'));
const CLASSES = ['documented', 'observed', 'engine', 'assumed', 'convenience'];

interface Answer {
  'x-evidence'?: { class: string; source: string };
  content?: Record<string, { schema?: object; example?: unknown; examples?: Record<string, { value: unknown }> }>;
}

test('Redocly finds no error', async () => {
  const config = await createConfig({ extends: ['recommended'], rules: { 'no-server-example.com': 'off' } });
  const problems = await lint({ ref: file, config });
  const errors = problems.filter(({ severity }) => severity === 'error');
  expect(errors.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer])).toEqual([]);
});

test.each(Object.entries(document.components.responses as Record<string, Answer>))(
  'the answer %s says how it is known',
  (_name, answer) => {
    expect(CLASSES).toContain(answer['x-evidence']?.class);
    expect(answer['x-evidence']?.source).toMatch(/\S/);
  },
);

test('evidence has a class and a source, and nothing that slipped out of either by a comma', () => {
  const found: unknown[] = [];
  JSON.stringify(document, (name, value) => {
    if (name === 'x-evidence') found.push(value);
    return value;
  });
  expect(found.length).toBeGreaterThan(100);
  for (const evidence of found) expect(Object.keys(evidence as object)).toEqual(['class', 'source']);
});

test('every answer of every operation is one of those', () => {
  const inline = Object.entries(
    document.paths as Record<string, Record<string, { responses?: Record<string, object> }>>,
  ).flatMap(([path, item]) =>
    Object.values(item).flatMap(({ responses = {} }) =>
      Object.entries(responses).flatMap(([status, answer]) => ('$ref' in answer ? [] : [`${path} ${status}`])),
    ),
  );
  expect(inline).toEqual([]);
});

test('every operation of the short form is marked as a convenience', () => {
  const operations = Object.values(
    document.paths as Record<string, Record<string, { tags?: string[]; 'x-evidence'?: { class: string } }>>,
  )
    .flatMap((item) => Object.values(item))
    .filter(({ tags }) => tags?.[0] === 'shortForm');
  expect(operations.length).toBeGreaterThan(0);
  for (const operation of operations) expect(operation['x-evidence']?.class).toBe('convenience');
});

describe('examples validate', () => {
  const ajv = new Ajv2020({ strict: false });
  (addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
  ajv.addSchema({ $id: 'openapi', components: document.components });
  const point = (schema: object) => JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"openapi#/'));
  const rows = Object.entries(document.components.responses as Record<string, Answer>).flatMap(
    ([name, { content = {} }]) =>
      Object.values(content).flatMap(({ schema, example }) =>
        schema && example !== undefined ? [{ name, schema, example }] : [],
      ),
  );
  const inputs = [
    ['SipgateClientInput', 'SipgateClientInput'],
    ['LoginTokenRequest', 'LoginTokenRequest'],
    ['SipsimTokenRequest', 'SipsimTokenRequest'],
  ].map(([name = '', schema]) => ({
    name: `request ${name}`,
    schema: { $ref: `#/components/schemas/${schema}` },
    example: document.components.examples[name].value,
  }));
  test.each([...rows, ...inputs])('$name', ({ schema, example }) => {
    expect(ajv.validate(point(schema), example), ajv.errorsText()).toBe(true);
  });
});
