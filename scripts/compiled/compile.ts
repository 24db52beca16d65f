/** Compiles what the validator would compile of the document when it is first asked: by its own compilers, with its own options. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Request, RequestHandler, Response } from 'express';
import { type ApiDocument, METHODS, type OperationObject, responseOf } from '../../mock-server/document.ts';
import { loadValidator, type Validator } from '../../mock-server/validator.ts';
import { type Compiler, type MakeCompiler, nameOf } from './compiler.ts';

const require = createRequire(import.meta.url);
const KINDS = ['createRequestAjv', 'createResponseAjv'];

/** Ajv, which the validator's own compilers are. */
interface Ajv extends Compiler {
  formats: Record<string, unknown>;
}

/** @returns code for schemas.ts: the functions by their names. */
export async function compileSchemas(document: ApiDocument): Promise<string> {
  const validator = require.resolve('express-openapi-validator');
  const compilers = require(join(dirname(validator), 'framework/ajv/index.js')) as Record<string, MakeCompiler>;
  const compiled = new Map<string, string>();
  const given = Object.getOwnPropertyDescriptors(compilers);
  for (const kind of KINDS) {
    const make = compilers[kind];
    if (!make) throw new Error(`the validator has no ${kind} any more`);
    Object.defineProperty(compilers, kind, { ...given[kind], value: keeping(kind, make, compiled) });
  }
  try {
    const loaded = await loadValidator(document);
    for (const [path, item] of Object.entries(document.paths)) {
      for (const method of METHODS) {
        const operation = item[method] as OperationObject | undefined;
        if (operation) await askAll(loaded, { document, path, method, operation });
      }
    }
  } finally {
    Object.defineProperties(compilers, given);
  }
  const members = [...compiled].map(([name, code]) => `${JSON.stringify(name)}: () => {\n${code}\n}`);
  return `module.exports = {\n${members.join(',\n')}\n};\n`;
}

/** Makes compilers that keep the code of what they compile. */
function keeping(kind: string, make: MakeCompiler, compiled: Map<string, string>): MakeCompiler {
  return (document, options) => {
    const compiler = make(document, { ...options, code: { source: true } }) as Ajv;
    const addSchema = compiler.addSchema.bind(compiler);
    compiler.addSchema = (schema, key) => {
      const { paths: _, ...searched } = schema as { paths?: object };
      addSchema(searched, key);
      compiled.set(nameOf(kind, options, searched), codeOf(compiler, key));
    };
    return compiler;
  };
}

/** Of a function that returns what Ajv makes of the schema. */
function codeOf(ajv: Ajv, key: string): string {
  const standaloneCode = require('ajv/dist/standalone').default as (ajv: Ajv, validate: unknown) => string;
  const code = standaloneCode(ajv, ajv.getSchema(key));
  const formats = require('ajv-formats/dist/formats').fastFormats as Record<string, unknown>;
  for (const [, name = ''] of code.matchAll(/fastFormats\.(\w+)/g)) {
    if (formats[name] !== ajv.formats[name]) throw new Error(`the validator has a format "${name}" of its own`);
  }
  const exported = /^"use strict";module\.exports = (\w+);module\.exports\.default = \w+;/;
  const [head = '', name] = exported.exec(code) ?? [];
  if (!name) throw new Error(`Ajv writes code in another way now: ${code.slice(0, 100)}`);
  return `"use strict";${code.slice(head.length)}return ${name};`;
}

interface Subject {
  document: ApiDocument;
  path: string;
  method: string;
  operation: OperationObject;
}

/** Has the validator judge a request and an answer of every type that is declared. What it says is nobody's business. */
async function askAll(validator: Validator, { document, path, method, operation }: Subject): Promise<void> {
  const url = path.replaceAll(/\{[^}]*\}/g, 'x');
  const request = {
    ...{ method: method.toUpperCase(), url, originalUrl: url, path: url },
    ...{ headers: {} as Record<string, string>, query: {}, params: {}, body: {} },
    app: { enabled: () => true },
  };
  const response = {
    ...{ statusCode: 200, type: '', headersSent: false, locals: {}, json: (_body: object) => {} },
    getHeader: (): string => response.type,
    getHeaders: (): object => ({ 'content-type': response.type }),
  };
  Object.assign(request, { res: response });
  const ask = (handler: RequestHandler) => asked(handler, request as never, response as never);
  const error = await ask(validator.route);
  if (error) throw error;
  await ask(validator.answer);
  for (const status of Object.keys(operation.responses)) {
    for (const type of Object.keys(responseOf(document, operation, Number(status))?.content ?? {})) {
      Object.assign(response, { statusCode: Number(status), type });
      response.json({});
    }
  }
  for (const type of Object.keys(operation.requestBody?.content ?? { '': undefined })) {
    request.headers = type === '' ? {} : { 'content-type': type };
    await ask(validator.request);
  }
}

/** Resolves with what it passes on. */
const asked = (handler: RequestHandler, request: Request, response: Response) =>
  new Promise<unknown>((resolve) => {
    const done = (thrown?: unknown) => resolve(thrown);
    void (async () => handler(request, response, done))().catch(done);
  });
