/** A request that shows whether an operation is open to who asks, and does nothing if it is. */
import type { DeclaredOperation } from '../document.ts';
import { type CallOptions, NOWHERE, type Session } from '../session.ts';

/** The status of the answer where the credentials suffice. */
export function statusIfOpen({ method, path, requestBody, responses }: DeclaredOperation): number {
  const asksForNothing = path.includes('{') && !readsClient(method, path);
  if (asksForNothing) return 404;
  if (requestBody) return '422' in responses ? 422 : 400;
  return 200;
}

/** Of nothing that is there, or without what it takes; a client that is read is the target's own. */
export function harmlessRequest({ target }: Session, operation: DeclaredOperation): CallOptions {
  const { method, path, parameters, requestBody } = operation;
  const query = parameters.filter((parameter) => parameter.in === 'query' && parameter.required === true);
  const own = readsClient(method, path) && target.sipgate?.client;
  return {
    params: own ? { clientId: own.id } : NOWHERE,
    query: Object.fromEntries(query.map(({ name, example }) => [name, String(example)])),
    ...(requestBody && { json: path.includes('{') ? exampleOf(operation) : {} }),
  };
}

const readsClient = (method: string, path: string) => method === 'GET' && path.includes('{clientId}');

/** The document's own example of a body. */
function exampleOf({ requestBody }: DeclaredOperation): unknown {
  const [media] = Object.values(requestBody?.content ?? {});
  return Object.values(media?.examples ?? {})[0]?.value ?? {};
}
