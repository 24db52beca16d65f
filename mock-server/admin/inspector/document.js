/** Questions about openapi.yaml, as the fake gives it as JSON. */

const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options'];

/** Follows a reference, wherever it leads in the document. */
export function resolved(document, value) {
  if (!value?.$ref) return value;
  const target = value.$ref
    .slice(2)
    .split('/')
    .reduce((node, step) => node?.[step.replaceAll('~1', '/').replaceAll('~0', '~')], document);
  return resolved(document, target);
}

/** Every operation, with its path, method and all its parameters. */
export function operationsOf(document) {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => ({
      ...item[method],
      ...{ path, method: method.toUpperCase() },
      security: item[method].security ?? [],
      parameters: [...(item.parameters ?? []), ...(item[method].parameters ?? [])].map((parameter) =>
        resolved(document, parameter),
      ),
    })),
  );
}

export const operationOf = (document, id) => operationsOf(document).find(({ operationId }) => operationId === id);

/** Scopes of which one suffices. */
export const scopesOf = (operation) => [
  ...new Set((operation?.security ?? []).flatMap((way) => Object.values(way).flat())),
];

/** The declared answer with this status: the operation's, or that of the prefix for what has no operation. */
export function answerOf(document, { operation, path, status }) {
  if (operation) {
    const answer = resolved(document, operation.responses[status]);
    // On an operation it overrides that of its answers.
    return answer && operation['x-evidence'] ? { ...answer, 'x-evidence': operation['x-evidence'] } : answer;
  }
  const surface = document['x-surfaces']
    .filter(({ prefix }) => prefix === '/' || path === prefix || path.startsWith(`${prefix}/`))
    .sort((one, other) => other.prefix.length - one.prefix.length)[0];
  return resolved(document, status === 405 ? surface?.wrongMethod : surface?.unknownPath);
}

/** An example of a media type, or one put together from its schema. */
export function exampleOf(document, media) {
  const given = media.example ?? resolved(document, Object.values(media.examples ?? {})[0])?.value;
  return given ?? exampleOfSchema(document, media.schema);
}

export function exampleOfSchema(document, given, depth = 0) {
  const schema = resolved(document, given) ?? {};
  const value = schema.example ?? schema.const ?? schema.default ?? schema.enum?.[0];
  if (value !== undefined || depth > 6) return value;
  if (schema.oneOf ?? schema.anyOf ?? schema.allOf)
    return exampleOfSchema(document, (schema.oneOf ?? schema.anyOf ?? schema.allOf)[0], depth + 1);
  if (schema.properties) {
    const required = Object.entries(schema.properties).filter(([name]) => schema.required?.includes(name));
    return Object.fromEntries(required.map(([name, member]) => [name, exampleOfSchema(document, member, depth + 1)]));
  }
  if (schema.type === 'array') return [];
  return { integer: 1, number: 1, boolean: true, object: {} }[[schema.type].flat()[0]] ?? '';
}
