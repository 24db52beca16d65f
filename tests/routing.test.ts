/** Routes: the fake's own match is the validator's, for every path that one may think of. */
import * as OpenApiValidator from 'express-openapi-validator';
import { expect, test } from 'vitest';
import { loadDocument, operationsOf, validationView } from '../mock-server/document.ts';
import { createRoutes } from '../mock-server/routes.ts';

const document = loadDocument();
const templates = Object.keys(document.paths);

interface Said {
  template?: string;
  params?: Record<string, string>;
  status?: number;
  allow?: string;
}

async function validatorRouting(): Promise<(method: string, path: string) => Promise<Said>> {
  const handlers = OpenApiValidator.middleware({ apiSpec: validationView(document) as never, validateApiSpec: false });
  const route = handlers.find(({ name }) => name === 'metadataMiddleware') as unknown as (
    ...given: unknown[]
  ) => Promise<void>;
  const app = { enabled: (name: string) => name === 'case sensitive routing' };
  return async (method, path) => {
    const incoming = { method, url: path, originalUrl: path, path, baseUrl: '', app, openapi: undefined as never };
    const thrown = await new Promise<{ status: number; headers?: { Allow: string } } | undefined>((resolve) => {
      void route(incoming, {}, resolve);
    });
    if (thrown) return { status: thrown.status, ...(thrown.headers && { allow: thrown.headers.Allow }) };
    const { openApiRoute: template, pathParams: params } = incoming.openapi as {
      openApiRoute: string;
      pathParams: Record<string, string>;
    };
    return { template, params };
  };
}

const VALUES = [
  'x',
  'third-party',
  'a%3Ab',
  '%E4%BD%A0',
  'a b',
  'a.b',
  '~',
  ':id',
  '{id}',
  '%2F',
  'available',
  '1',
  '+',
  'ä',
  '"',
  '..',
  '%00',
  '%0a',
  '%25',
  "'",
  '*',
];
const BROKEN = ['%', '%zz', '%E4%BD', 'a%2'];

/** Every path of the document with odd values for its parameters, and what lies beside it. */
function* paths(): Generator<string> {
  for (const template of templates) {
    for (const value of [...VALUES, ...BROKEN]) yield template.replace(/\{[^}]+\}/g, value);
    const path = template.replace(/\{[^}]+\}/g, 'x');
    yield* [
      `${path}/`,
      `${path}//`,
      `/${path}`,
      `${path}/x`,
      path.toUpperCase(),
      path.slice(0, -1) || '/',
      `${path}%20`,
    ];
    yield* [path.replace(/[^/]*$/, ''), path.replace('/', '//'), path.replace(/x/g, ''), `${path};v=1`, `${path}\\`];
    yield path.replace(/[a-z]/, (letter) => `%${letter.charCodeAt(0).toString(16)}`);
  }
  yield* ['/', '//', '/.', '/..', '/v2/..', '/__proto__', '/constructor', '/v2/constructor/x', '/%', '/~'];
}

test('the tree finds what the validator finds, for all paths and odd ones', async () => {
  const ask = await validatorRouting();
  const routes = createRoutes(document);
  const differences: unknown[] = [];
  let asked = 0;
  for (const path of new Set(paths())) {
    const mine = routes(path);
    const theirs = await ask('get', path);
    asked += 1;
    const said = mine === 'malformed' ? 400 : (mine?.template ?? 404);
    // 405: found, but not for this method.
    const heard = theirs.status === 405 ? said : (theirs.template ?? theirs.status);
    const params = mine === 'malformed' || theirs.status === 405 ? undefined : mine?.params;
    if (said !== heard || JSON.stringify(params) !== JSON.stringify(theirs.params))
      differences.push([path, mine, theirs]);
    if (theirs.status === 405) expect(templates).toContain(said);
  }
  expect(differences).toEqual([]);
  expect(asked).toBeGreaterThan(900);
});

test('each operation is found under its own template', () => {
  const routes = createRoutes(document);
  for (const template of templates) {
    const filled = template.replace(/\{([^}]+)\}/g, 'of-$1');
    const names = [...template.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name as string);
    const params = Object.fromEntries(names.map((name) => [name, `of-${name}`]));
    expect(routes(filled)).toEqual({ template, params });
  }
  expect(operationsOf(document).length).toBeGreaterThan(templates.length - 1);
});

test('what is fixed wins over a parameter, and a dead end is left again', () => {
  const routes = createRoutes({ paths: { '/a/{b}/c': {}, '/a/x/d': {}, '/{a}/x/e': {}, '/a/{b}': {}, '/a/x': {} } });
  expect(routes('/a/x/c')).toEqual({ template: '/a/{b}/c', params: { b: 'x' } });
  expect(routes('/a/x/d')).toEqual({ template: '/a/x/d', params: {} });
  expect(routes('/a/x/e')).toEqual({ template: '/{a}/x/e', params: { a: 'a' } });
  expect(routes('/a/x')).toEqual({ template: '/a/x', params: {} });
  expect(routes('/a/y')).toEqual({ template: '/a/{b}', params: { b: 'y' } });
  expect(routes('/a//c')).toBeUndefined();
});

test('a parameter that is part of a segment is refused at the start', () => {
  expect(() => createRoutes({ paths: { '/a/{b}.json': {} } })).toThrow('"/a/{b}.json"');
});
