/** What the build compiles judges as what the validator compiles, and says the same. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import {
  type ApiDocument,
  loadDocument,
  operationsOf,
  type ResponseObject,
  validationView,
} from '../mock-server/document.ts';
import { compileSchemas } from '../scripts/compiled/compile.ts';
import { type Compiler, compilerOf, type MakeCompiler } from '../scripts/compiled/compiler.ts';
import schemas, { type Validate } from '../scripts/compiled/schemas.ts';

const require = createRequire(import.meta.url);
const validator = dirname(require.resolve('express-openapi-validator'));
const own = require(join(validator, 'framework/ajv/index.js')) as Record<string, MakeCompiler>;
const DOCUMENT = { openapi: '3.1.0', components: {} };

interface Schema {
  type?: string;
  enum?: unknown[];
  const?: unknown;
  pattern?: string;
  format?: string;
  minimum?: number;
  properties?: Record<string, Schema>;
  items?: Schema;
  oneOf?: Schema[];
  anyOf?: Schema[];
  allOf?: Schema[];
}

interface Given {
  kind: string;
  options: object;
  schema: Schema;
}

beforeAll(async () => {
  const module = { exports: {} };
  new Function('module', 'require', await compileSchemas(loadDocument()))(module, require);
  Object.assign(schemas, module.exports);
});

function given(name: string): Given {
  const [kind, options, schema] = JSON.parse(name);
  return { kind, options, schema };
}

function compilerFor({ kind, options }: Given): Compiler {
  const make = own[kind];
  if (!make) throw new Error(`there is no ${kind}`);
  return make(DOCUMENT, options);
}

const EXAMPLES: Record<string, string> = {
  uri: 'https://example.com/',
  uuid: 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6',
};

/** Something that is mostly as the schema wants it. */
function sample(schema: Schema): unknown {
  const [choice] = schema.oneOf ?? schema.anyOf ?? schema.allOf ?? [];
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (schema.properties) {
    return Object.fromEntries(Object.entries(schema.properties).map(([name, member]) => [name, sample(member)]));
  }
  if (choice) return sample(choice);
  if (schema.type === 'array' || schema.items) return [sample(schema.items ?? {}), sample(schema.items ?? {})];
  if (schema.type === 'integer' || schema.type === 'number') return schema.minimum ?? 1;
  if (schema.type === 'boolean') return true;
  if (schema.type === 'object') return {};
  return EXAMPLES[schema.format ?? ''] ?? 'w1';
}

const OTHERS = [null, 0, -1, 1.5, 3_000_000_000, '', 'x', '7', 'true', true, [], ['x'], {}, { strange: 1 }];

/** The value with each of its members, at any depth, replaced by others, taken away, or given company. */
function* variants(value: unknown): Generator<unknown> {
  yield* OTHERS;
  if (typeof value !== 'object' || value === null) return;
  for (const name of Object.keys(value)) {
    for (const changed of variants((value as Record<string, unknown>)[name])) {
      const copy = structuredClone(value) as Record<string, unknown>;
      copy[name] = changed;
      yield copy;
    }
    if (Array.isArray(value)) continue;
    const { [name]: _, ...without } = value as Record<string, unknown>;
    yield without;
  }
  if (!Array.isArray(value)) yield { ...value, strange: 1 };
}

/** The verdict, with all that it says and does: defaults and coercion change what is judged. */
function judged(validate: Validate, value: unknown) {
  const data = structuredClone(value);
  const valid = validate(data);
  return { valid, errors: structuredClone(validate.errors ?? null), data };
}

test('every schema of the document judges what it is given as the validator does', () => {
  const verdicts = { true: 0, false: 0 };
  for (const [name, make] of Object.entries(schemas)) {
    const asked = given(name);
    const compiler = compilerFor(asked);
    compiler.addSchema(asked.schema, 'asked');
    const theirs = compiler.getSchema('asked') as Validate;
    const ours = make();
    const value = sample(asked.schema);
    let refused = 0;
    for (const each of [value, ...variants(value)]) {
      const verdict = judged(ours, each);
      expect(verdict).toEqual(judged(theirs, each));
      verdicts[`${verdict.valid}`] += 1;
      if (!verdict.valid) refused += 1;
    }
    if (name.includes('"type"')) expect(refused).toBeGreaterThan(0);
  }
  expect(verdicts.true).toBeGreaterThan(1_000);
  expect(verdicts.false).toBeGreaterThan(1_000);
});

test('every declared answer is among them', () => {
  const view = validationView(loadDocument()) as unknown as ApiDocument;
  const contents = operationsOf(view).flatMap(({ responses }) =>
    Object.values(responses).flatMap((response) => Object.entries((response as ResponseObject).content ?? {})),
  );
  // The validator judges no other.
  const json = contents.filter(([type]) => /[/+]json/.test(type));
  const declared = new Set(json.map(([, { schema }]) => JSON.stringify(schema)));
  const answers = Object.keys(schemas)
    .map(given)
    .filter(({ kind }) => kind === 'createResponseAjv');
  const compiled = new Set(answers.map(({ schema }) => JSON.stringify(schema.properties?.response)));
  expect(compiled).toEqual(declared);
});

test('what the build has compiled is not compiled again, and what it has not is', () => {
  const [name = ''] = Object.keys(schemas);
  const { kind, options, schema } = given(name);
  const made: string[] = [];
  const counted = {
    [kind]: (document: object, options: object) => {
      made.push(kind);
      return own[kind]?.(document, options) as Compiler;
    },
  } as Record<string, MakeCompiler>;
  const compiler = compilerOf(counted, kind)(DOCUMENT, options);
  expect(compiler.getSchema('known')).toBeUndefined();
  compiler.addSchema({ ...schema, paths: { '/anything': {} } }, 'known');
  compiler.addSchema(schema, 'again');
  expect(made).toEqual([]);
  // Errors are kept at the function: no two keys may share one.
  expect(compiler.getSchema('known')).not.toBe(compiler.getSchema('again'));
  expect(compiler.getSchema('known')?.(null)).toBe(false);
  expect(compiler.getSchema('again')?.errors).toBeUndefined();
  compiler.addSchema({ type: 'string', maxLength: 3 }, 'other');
  expect(made).toEqual([kind]);
  expect(compiler.getSchema('other')?.('four')).toBe(false);
  expect(compiler.getSchema('nobody')).toBeUndefined();
});

test.each([{}, { coerceTypes: true }])('options are a part of the name: %j', (options) => {
  const [known] = Object.keys(schemas);
  const { kind, schema } = given(known ?? '');
  let asked = 0;
  const never: MakeCompiler = () => {
    asked += 1;
    return { addSchema: () => {}, getSchema: () => undefined, errorsText: () => '' };
  };
  compilerOf({ [kind]: never } as Record<string, MakeCompiler>, kind)(DOCUMENT, options).addSchema(schema, 'key');
  expect(asked).toBe(1);
});

test('errors are written down as Ajv writes them', () => {
  const theirs = (own.createResponseAjv as MakeCompiler)(DOCUMENT, { formats: {} });
  const ours = compilerOf({ none: () => theirs }, 'none')(DOCUMENT, {});
  const errors = [
    { instancePath: '/body/name', message: 'must be string' },
    { instancePath: '', message: 'must be object' },
  ];
  for (const some of [[], errors.slice(1), errors]) {
    expect(ours.errorsText(some, { dataVar: 'request' })).toBe(theirs.errorsText(some, { dataVar: 'request' }));
  }
});
