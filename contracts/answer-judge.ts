/** Whether an answer is as openapi.yaml declares it: status, headers, media type, body. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Reply } from './client.ts';
import type { DeclaredResponse } from './document.ts';

type Json = Record<string, unknown>;

/** What is wrong with an answer, one sentence each; empty if it is as declared. */
export type AnswerJudge = (declared: DeclaredResponse, reply: Reply) => string[];

/** @param components Of the document: what its references point into. */
export function createAnswerJudge(components: object): AnswerJudge {
  // A test lints the document: to judge it once more would cost each run a tenth of a second.
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateSchema: false });
  (addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
  ajv.addSchema({ $id: 'openapi', components });
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

  return (declared, reply) => [...judgeHeaders(declared, reply, errorsOf), ...judgeBody(declared, reply, errorsOf)];
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
  const copy: Json = Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, absoluteReferences(member)]),
  );
  return typeof copy.$ref === 'string' && copy.$ref.startsWith('#') ? { ...copy, $ref: `openapi${copy.$ref}` } : copy;
}
