/** Loads openapi.yaml, the only route table, and answers questions about it. */
import { readDocument } from './document-source.ts';

/** As much of OpenAPI 3.1 as the fake reads. */
export interface ApiDocument {
  openapi: string;
  info: object;
  paths: Record<string, PathItem>;
  components: {
    responses: Record<string, ResponseObject>;
    securitySchemes: Record<string, SecurityScheme>;
  };
  'x-surfaces': { prefix: string; provider: string }[];
}

export type PathItem = Record<string, unknown>;

export interface OperationObject {
  operationId: string;
  tags: [string];
  security: Record<string, string[]>[];
  parameters?: { 'x-validation'?: 'provider' }[];
  requestBody?: { 'x-validation'?: 'provider'; required?: boolean; content: Record<string, MediaType> };
  responses: Record<string, ResponseObject | { $ref: string }>;
}

interface MediaType {
  schema?: object;
}

export interface ResponseObject {
  content?: Record<string, MediaType>;
  /** `optional`: the answer may be empty although content is declared. OpenAPI cannot say it. */
  'x-body'?: 'optional';
}

interface SecurityScheme {
  type: string;
  flows?: Record<string, { scopes: Record<string, string> }>;
}

export const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

/** The package's own document, a fresh copy each time. */
export const loadDocument = (): ApiDocument => readDocument() as ApiDocument;

/** Every operation of the document. */
export function operationsOf(document: ApiDocument): OperationObject[] {
  return Object.values(document.paths).flatMap((item) =>
    METHODS.flatMap((method) => (item[method] === undefined ? [] : [item[method] as OperationObject])),
  );
}

/** The document without one provider's paths. */
export function withoutProvider(document: ApiDocument, provider: string): ApiDocument {
  const paths = Object.entries(document.paths).filter(
    ([, item]) => !METHODS.some((method) => (item[method] as OperationObject | undefined)?.tags[0] === provider),
  );
  return { ...document, paths: Object.fromEntries(paths) };
}

/** Scopes that a security scheme declares, over all its flows, with their descriptions. */
export function declaredScopes(document: ApiDocument, scheme: string): Record<string, string> {
  const flows = Object.values(document.components.securitySchemes[scheme]?.flows ?? {});
  return Object.assign({}, ...flows.map(({ scopes }) => scopes));
}

/** The declared answer of an operation with this status. */
export function responseOf(
  document: ApiDocument,
  { responses }: OperationObject,
  status: number,
): ResponseObject | undefined {
  const response = responses[String(status)];
  if (response === undefined || !('$ref' in response)) return response;
  return document.components.responses[response.$ref.slice(response.$ref.lastIndexOf('/') + 1)];
}

/**
 * As much of the document as it takes to validate, with every reference resolved: the validator compiles what a
 * reference points to at every start, and walks through all that it is given for every operation. Bodies that providers
 * judge in their own order are left out. It is a copy: the validator changes what it is given.
 */
export function validationView(document: ApiDocument) {
  const known = new Map<string, unknown>();
  const resolved = <T>(value: T): T => resolveReferences(value, { document, known }) as T;
  const contentOf = (content: Record<string, MediaType>) =>
    Object.fromEntries(Object.entries(content).map(([type, { schema }]) => [type, { schema: resolved(schema) }]));
  const viewOf = (operation: OperationObject) => {
    const { operationId, parameters = [], requestBody } = operation;
    const responses = Object.keys(operation.responses).map((status) => {
      const content = responseOf(document, operation, Number(status))?.content;
      return [status, { description: '', ...(content && { content: contentOf(content) }) }];
    });
    const judged = requestBody !== undefined && requestBody['x-validation'] !== 'provider';
    return {
      operationId,
      parameters: resolved(parameters.filter((parameter) => parameter['x-validation'] !== 'provider')),
      ...(judged && { requestBody: { required: true, content: contentOf(requestBody.content) } }),
      responses: Object.fromEntries(responses),
    };
  };
  const paths = Object.entries(document.paths).map(([path, item]) => {
    const methods = METHODS.filter((method) => item[method] !== undefined);
    const views = methods.map((method) => [method, viewOf(item[method] as OperationObject)]);
    return [path, { parameters: resolved(item.parameters ?? []), ...Object.fromEntries(views) }];
  });
  return { openapi: document.openapi, info: document.info, paths: Object.fromEntries(paths), components: {} };
}

interface References {
  document: ApiDocument;
  /** What a reference points to, resolved. One object for all that point to it: the copy is walked through at each start. */
  known: Map<string, unknown>;
}

/** What says nothing about what is valid. */
const TOLD = new Set(['description', 'example', 'examples']);

/**
 * A copy in which every `$ref` into the document is replaced by what it points to. The document has no circles.
 *
 * @param names whether the members are names that the document gives, as those of `properties` are.
 */
function resolveReferences(value: unknown, references: References, names = false): unknown {
  if (Array.isArray(value)) return value.map((item) => resolveReferences(item, references));
  if (typeof value !== 'object' || value === null) return value;
  if ('$ref' in value && typeof value.$ref === 'string') return resolveReference(value.$ref, references);
  const copy: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    if (names || !TOLD.has(name)) copy[name] = resolveReferences(member, references, name === 'properties' && !names);
  }
  return copy;
}

function resolveReference(reference: string, references: References): unknown {
  const { document, known } = references;
  if (!known.has(reference)) {
    const steps = reference.slice(2).split('/');
    const target = steps.reduce<unknown>((node, step) => (node as Record<string, unknown>)[step], document);
    known.set(reference, resolveReferences(target, references));
  }
  return known.get(reference);
}
