/** Loads openapi.yaml, the only route table, and answers questions about it. */
import { readDocument } from './document-source.ts';

/** As much of OpenAPI 3.1 as the fake reads. */
export interface ApiDocument {
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
  requestBody?: { 'x-validation'?: 'provider'; content: Record<string, unknown> };
  responses: Record<string, ResponseObject | { $ref: string }>;
}

export interface ResponseObject {
  content?: Record<string, unknown>;
  /** `optional`: the answer may be empty although content is declared. OpenAPI cannot say it. */
  'x-body'?: 'optional';
}

interface SecurityScheme {
  type: string;
  flows?: Record<string, { scopes: Record<string, string> }>;
}

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

/** The package's own document, a fresh copy each time. */
export const loadDocument = (): ApiDocument => structuredClone(readDocument()) as ApiDocument;

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

/** Scopes that a security scheme declares, over all its flows. */
export function declaredScopes(document: ApiDocument, scheme: string): string[] {
  const flows = Object.values(document.components.securitySchemes[scheme]?.flows ?? {});
  return [...new Set(flows.flatMap(({ scopes }) => Object.keys(scopes)))];
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
