/** openapi.yaml as the suite reads it: which path an operation has, what it takes, and what its answers must look like. */
import { parse } from 'yaml';
import { type AnswerJudge, createAnswerJudge } from './answer-judge.ts';
import type { Evidence } from './check.ts';
import type { Reply } from './client.ts';
import { readDocument } from './document-source.ts';
import { type OtherMethod, otherMethodsOf, type Surface } from './other-methods.ts';

export interface ContractDocument {
  operations: Map<string, DeclaredOperation>;
  paths: DeclaredPath[];
  /** Scopes that an OAuth security scheme declares, by the scheme's name. */
  scopes: Record<string, string[]>;
  /** What is wrong with an answer of an operation, one sentence each; empty if it is as declared. */
  judge(operationId: string, reply: Reply): string[];
  /** The same for an answer of no operation, whose status is judged elsewhere. */
  judgeAnswer: AnswerJudge;
}

export interface DeclaredPath {
  /** As in the document, `{parameters}` included. */
  path: string;
  provider: string;
  operations: DeclaredOperation[];
  /** What is answered to each method that the path does not declare, by its name in upper case. */
  otherMethods: Record<string, OtherMethod>;
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
  /** The path's and its own, references resolved. */
  parameters: DeclaredParameter[];
  requestBody?: DeclaredBody;
  responses: Record<string, DeclaredResponse>;
}

export interface DeclaredParameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  schema: JsonSchema;
  example?: unknown;
}

export interface DeclaredBody {
  required?: boolean;
  content: Record<string, { schema: JsonSchema; examples?: Record<string, { value: unknown }> }>;
}

/** As much of JSON Schema as the document uses for what is sent. */
export interface JsonSchema {
  type?: string | string[];
  required?: string[];
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  [keyword: string]: unknown;
}

export interface DeclaredResponse {
  headers?: Record<string, { required?: boolean; schema?: object }>;
  content?: Record<string, { schema?: object }>;
  'x-body'?: 'optional';
  'x-evidence'?: { class: Evidence };
}

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

type Json = Record<string, unknown>;

/** @param text openapi.yaml; the package's own if absent. */
export function loadContractDocument(text?: string): ContractDocument {
  const document = (text === undefined ? readDocument() : parse(text)) as Json;
  const surfaces = resolveAll(document, document['x-surfaces'] ?? []) as Surface[];
  const paths = Object.entries(document.paths as Record<string, Json>).map(([path, item]) =>
    readPath(document, surfaces, path, item),
  );
  const all = paths.flatMap(({ operations }) => operations);
  const operations = new Map(all.map((operation) => [operation.operationId, operation]));
  const judgeAnswer = createAnswerJudge(document.components as object);
  return {
    operations,
    paths,
    scopes: scopesOf(document),
    judgeAnswer,
    judge: (operationId, reply) => {
      const operation = operations.get(operationId);
      if (!operation) throw new Error(`openapi.yaml has no operation "${operationId}"`);
      const declared = operation.responses[String(reply.status)];
      return declared ? judgeAnswer(declared, reply) : [`status ${reply.status} is not declared`];
    },
  };
}

function readPath(document: Json, surfaces: Surface[], path: string, item: Json): DeclaredPath {
  const methods = METHODS.filter((method) => item[method] !== undefined);
  const shared = (item.parameters ?? []) as object[];
  const operations = methods.map((method) => readOperation(document, item[method] as Json, shared));
  const own = resolveAll(document, item['x-other-methods'] ?? {}) as Record<string, OtherMethod>;
  return {
    path,
    provider: operations[0]?.provider ?? '',
    operations: operations.map((operation, index) => ({
      ...operation,
      method: methods[index]?.toUpperCase() ?? '',
      path,
      methods,
    })),
    otherMethods: otherMethodsOf(path, methods, surfaces, own),
  };
}

function readOperation(document: Json, operation: Json, shared: object[]) {
  const { operationId, tags, security, responses, parameters = [], requestBody } = operation;
  const body = requestBody && { requestBody: resolveAll(document, requestBody) as DeclaredBody };
  return {
    operationId: operationId as string,
    provider: (tags as string[])[0] ?? '',
    security: security as Record<string, string[]>[],
    parameters: resolveAll(document, [...shared, ...(parameters as object[])]) as DeclaredParameter[],
    ...(body as object),
    responses: mapValues(responses as Json, (response) => resolveResponse(document, response as Json)),
  };
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

/** A copy in which every reference is replaced by what it points to. What is sent has no circles. */
function resolveAll(document: Json, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => resolveAll(document, item));
  if (typeof value !== 'object' || value === null) return value;
  if ('$ref' in value) return resolveAll(document, resolve(document, value as Json));
  return mapValues(value as Json, (member) => resolveAll(document, member));
}

const mapValues = <T>(object: Json, change: (value: unknown) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));
