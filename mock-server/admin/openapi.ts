/** The control API's own OpenAPI document, put together from its routes. */
import { version } from '../version.ts';
import { type AdminRoute, part } from './route.ts';
import { schemas } from './schemas.ts';

export function adminDocument(routes: AdminRoute[]): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    const item = paths[route.path] ?? {};
    item[route.method] = operationOf(route);
    paths[route.path] = item;
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Sidetone control',
      version,
      description:
        'Steers the fake. Under /~{namespace}/__admin it steers that namespace. It never answers a page of another ' +
        'origin, and off loopback it wants the bearer that is printed at start. The page at /__admin/ uses it.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/__admin' }, { url: '/~{namespace}/__admin', variables: { namespace: { default: 'name' } } }],
    security: [{}, { adminToken: [] }],
    paths,
    components: {
      schemas,
      securitySchemes: { adminToken: { type: 'http', scheme: 'bearer' } },
    },
  };
}

const content = (schema: object, type = 'application/json') => ({ [type]: { schema } });
const json = (schema: object) => content(schema);

function operationOf({ operationId, summary, path, query = {}, body, answers }: AdminRoute): object {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    ...{ name, in: 'path', required: true, schema: { type: 'string' } },
  }));
  const inQuery = Object.entries(query).map(([name, parameter]) => ({ name, in: 'query', ...parameter }));
  const declared = Object.entries(answers).map(([status, { description, schema, type }]) => [
    status,
    { description, ...(schema && { content: content(schema, type) }) },
  ]);
  const refusals = [
    ['400', 'The request is not as it must be: the message names the member'],
    ['401', 'The admin token is missing or wrong'],
    ['403', 'A page of another origin asks, or a host that is not loopback is named'],
  ].map(([status, description]) => [status, { description, content: json(part('Error')) }]);
  return {
    operationId,
    summary,
    ...(inPath.length + inQuery.length > 0 && { parameters: [...inPath, ...inQuery] }),
    ...(body && { requestBody: { required: true, content: json(body) } }),
    responses: Object.fromEntries([...declared, ...refusals]),
  };
}
