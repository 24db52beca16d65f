/** What the real side answered that openapi.yaml does not declare, and the change that would declare it. */
import type { ContractDocument, DeclaredOperation } from '../document.ts';
import type { TracedExchange, TracedResponse } from '../trace.ts';

export interface SpecGap {
  /** Phrases such as `status 418`; empty where the document declares the answer, rightly or wrongly. */
  undeclared: string[];
  /** JSON Merge Patch (RFC 7396) of the operation. */
  proposedPatch?: { responses: Record<string, object> };
}

type Declared = DeclaredOperation['responses'][string];

/** @param source where it was seen, for `x-evidence`. */
export function specGapOf(
  operationId: string,
  exchanges: TracedExchange[],
  document: ContractDocument,
  source: string,
): SpecGap {
  const operation = document.operations.get(operationId);
  if (!operation) return { undeclared: [] };
  const undeclared = new Set<string>();
  const responses: Record<string, object> = {};
  for (const { request, response } of exchanges.filter((exchange) => asksFor(operation, exchange))) {
    if (!response || violationsOf(document, operationId, request.method, response).length === 0) continue;
    const declared = operation.responses[String(response.status)];
    for (const phrase of phrasesOf(declared, response)) undeclared.add(phrase);
    responses[response.status] = declared ? widened(declared, response, source) : firstSeen(response, source);
  }
  return {
    undeclared: [...undeclared],
    ...(Object.keys(responses).length > 0 && { proposedPatch: { responses } }),
  };
}

/** A check may send another method than the operation's to its path. */
const asksFor = ({ operationId, method }: DeclaredOperation, { operation, request }: TracedExchange) =>
  operation === operationId && (request.method === method || (request.method === 'HEAD' && method === 'GET'));

const violationsOf = (document: ContractDocument, operationId: string, method: string, response: TracedResponse) =>
  document.judge(operationId, {
    request: { method, url: '', headers: {} },
    status: response.status,
    headers: response.headers,
    text: response.body,
    json: () => ({}),
  });

function phrasesOf(declared: Declared | undefined, response: TracedResponse): string[] {
  if (!declared) return [`status ${response.status}`];
  if (response.body === '') return [];
  if (!declared.content) return [`a body of ${response.status}`];
  const type = mediaTypeOf(response);
  return type in declared.content ? [] : [`the media type "${type}" of ${response.status}`];
}

const mediaTypeOf = ({ headers }: TracedResponse) =>
  (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() || 'application/octet-stream';

const evidenceOf = (source: string) => ({ 'x-evidence': { class: 'observed', source: `seen at ${source}` } });

const firstSeen = (response: TracedResponse, source: string) => ({
  description: `Seen at ${source}`,
  ...evidenceOf(source),
  ...(response.body !== '' && { content: { [mediaTypeOf(response)]: { schema: schemaOf(response) } } }),
});

/** What is declared, so that what came is declared too. A response may stand behind a reference, which has no room. */
function widened(declared: Declared, response: TracedResponse, source: string): object {
  const type = mediaTypeOf(response);
  const known = declared.content?.[type]?.schema;
  const seen = schemaOf(response);
  const empty = response.body === '' && declared.content !== undefined;
  const content = { ...declared.content, [type]: { schema: known ? { anyOf: [known, seen] } : seen } };
  return {
    $ref: null,
    ...declared,
    ...evidenceOf(source),
    headers: headersOf(declared, response),
    ...(empty && { 'x-body': 'optional' }),
    ...(response.body !== '' && { content }),
  };
}

const headersOf = ({ headers = {} }: Declared, response: TracedResponse) =>
  Object.fromEntries(
    Object.entries(headers).map(([name, header]) => [
      name,
      response.headers[name.toLowerCase()] === undefined ? { ...header, required: false } : header,
    ]),
  );

function schemaOf({ body }: TracedResponse): object {
  try {
    return schemaOfValue(JSON.parse(body));
  } catch {
    return { type: 'string' };
  }
}

/** Of what was seen once: no more than its types and the names of its members. */
function schemaOfValue(value: unknown): object {
  if (value === null) return { type: 'null' };
  if (Array.isArray(value)) return { type: 'array', ...(value.length > 0 && { items: schemaOfValue(value[0]) }) };
  if (typeof value === 'number') return { type: Number.isInteger(value) ? 'integer' : 'number' };
  if (typeof value !== 'object') return { type: typeof value };
  const members = Object.entries(value as object);
  return {
    type: 'object',
    required: members.map(([name]) => name),
    properties: Object.fromEntries(members.map(([name, member]) => [name, schemaOfValue(member)])),
  };
}
