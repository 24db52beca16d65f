/** openapi.yaml as the suite reads it: which path an operation has, and what its answers must look like. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import type { Evidence } from './check.ts';
import type { Reply } from './client.ts';

export interface ContractDocument {
  operations: Map<string, DeclaredOperation>;
  /** Scopes that an OAuth security scheme declares, by the scheme's name. */
  scopes: Record<string, string[]>;
  /** What is wrong with an answer of an operation, one sentence each; empty if it is as declared. */
  judge(operationId: string, reply: Reply): string[];
}

export interface DeclaredOperation {
  operationId: string;
  provider: string;
  method: string;
  /** As in the document, `{parameters}` included. */
  path: string;
  /** Methods of the path. */
  methods: string[];
  security: Record<string, string[]>[];
  responses: Record<string, DeclaredResponse>;
}

interface DeclaredResponse {
  headers?: Record<string, { required?: boolean; schema?: object }>;
  content?: Record<string, { schema?: object }>;
  'x-body'?: 'optional';
  'x-evidence'?: { class: Evidence };
}

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

type Json = Record<string, unknown>;

/** @param text openapi.yaml; the package's own if absent. */
export function loadContractDocument(text?: string): ContractDocument {
  const source = text ?? readFileSync(createRequire(import.meta.url).resolve('sidetone/openapi.yaml'), 'utf8');
  const document = parse(source) as Json;
  const operations = new Map<string, DeclaredOperation>();
  for (const [path, item] of Object.entries(document.paths as Record<string, Json>)) {
    const methods = METHODS.filter((method) => item[method] !== undefined);
    for (const method of methods) {
      const operation = item[method] as Json & { operationId: string; tags: string[]; security: [] };
      const { operationId, tags, security } = operation;
      const responses = mapValues(operation.responses as Json, (response) =>
        resolveResponse(document, response as Json),
      );
      const provider = tags[0] ?? '';
      operations.set(operationId, {
        operationId,
        provider,
        method: method.toUpperCase(),
        path,
        methods,
        security,
        responses,
      });
    }
  }
  return { operations, scopes: scopesOf(document), judge: createJudge(document, operations) };
}

function scopesOf({ components }: Json): Record<string, string[]> {
  const { securitySchemes = {} } = components as { securitySchemes?: Record<string, { flows?: Json }> };
  return mapValues(securitySchemes, (scheme) => {
    const flows = Object.values((scheme as { flows?: Json }).flows ?? {}) as { scopes: object }[];
    return [...new Set(flows.flatMap(({ scopes }) => Object.keys(scopes)))];
  });
}

function resolveResponse(document: Json, response: Json): DeclaredResponse {
  const resolved = resolve(document, response);
  const headers = mapValues((resolved.headers ?? {}) as Json, (header) => resolve(document, header as Json));
  return { ...resolved, headers } as DeclaredResponse;
}

function resolve(document: Json, value: Json): Json {
  if (typeof value.$ref !== 'string') return value;
  const steps = value.$ref.slice(2).split('/');
  return steps.reduce((node, step) => node[step] as Json, document);
}

const mapValues = <T>(object: Json, change: (value: unknown) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));

function createJudge(document: Json, operations: Map<string, DeclaredOperation>) {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  (addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
  ajv.addSchema({ $id: 'openapi', components: document.components as object });
  const compiled = new WeakMap<object, ValidateFunction>();
  const validatorOf = (schema: object) => {
    const known = compiled.get(schema) ?? ajv.compile(absoluteReferences(schema) as object);
    compiled.set(schema, known);
    return known;
  };
  const errorsOf = (schema: object, value: unknown, what: string) => {
    const validate = validatorOf(schema);
    if (validate(value)) return [];
    return (validate.errors ?? []).map(({ instancePath, message }) => `${what}${instancePath} ${message}`);
  };

  return (operationId: string, reply: Reply): string[] => {
    const operation = operations.get(operationId);
    if (!operation) throw new Error(`openapi.yaml has no operation "${operationId}"`);
    const declared = operation.responses[String(reply.status)];
    if (!declared) return [`status ${reply.status} is not declared`];
    return [...judgeHeaders(declared, reply, errorsOf), ...judgeBody(declared, reply, errorsOf)];
  };
}

type ErrorsOf = (schema: object, value: unknown, what: string) => string[];

function judgeHeaders(declared: DeclaredResponse, reply: Reply, errorsOf: ErrorsOf): string[] {
  return Object.entries(declared.headers ?? {}).flatMap(([name, { required, schema }]) => {
    const value = reply.headers[name.toLowerCase()];
    if (value === undefined) return required ? [`the header ${name} is missing`] : [];
    return schema ? errorsOf(schema, value, `the header ${name}`) : [];
  });
}

function judgeBody(declared: DeclaredResponse, reply: Reply, errorsOf: ErrorsOf): string[] {
  // The answer to HEAD has the fields of GET's and no body (RFC 9110 §9.3.2).
  if (reply.request.method === 'HEAD') return reply.text === '' ? [] : ['an answer to HEAD has a body'];
  if (reply.text === '') {
    return declared.content && declared['x-body'] !== 'optional' ? ['the body is empty, but content is declared'] : [];
  }
  if (!declared.content) return ['there is a body, but none is declared'];
  const mediaType = (reply.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const media = declared.content[mediaType];
  if (!media) return [`the media type "${mediaType}" is not declared`];
  try {
    const value = /[/+]json$/.test(mediaType) ? JSON.parse(reply.text) : reply.text;
    return media.schema ? errorsOf(media.schema, value, 'body') : [];
  } catch {
    return ['the body is no JSON'];
  }
}

/** References in a part of the document, made to point into the whole. */
function absoluteReferences(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(absoluteReferences);
  if (typeof value !== 'object' || value === null) return value;
  const copy: Json = mapValues(value as Json, absoluteReferences);
  return typeof copy.$ref === 'string' && copy.$ref.startsWith('#') ? { ...copy, $ref: `openapi${copy.$ref}` } : copy;
}
