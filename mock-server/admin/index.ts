/** /__admin: control of the fake, never part of the imitated APIs. */
import type { RequestListener } from 'node:http';
import express, { type ErrorRequestHandler, type Request, type RequestHandler, type Response } from 'express';
import { loadDocument, withoutProvider } from '../document.ts';
import { InputError } from '../input-error.ts';
import type { Namespaces } from '../namespaces.ts';
import { SHORT_FORM } from '../short-form.ts';
import type { World } from '../world.ts';
import { authorityRoutes } from './authority.ts';
import { clockRoutes } from './clock.ts';
import { credentialRoutes } from './credentials.ts';
import { eventRoutes } from './events.ts';
import { faultRoutes } from './faults.ts';
import { type GuardOptions, guard } from './guard.ts';
import { answerPage, isOfPage } from './inspector/index.ts';
import { namespaceRoutes } from './namespaces.ts';
import { adminDocument } from './openapi.ts';
import { reportRoutes } from './report.ts';
import { requestRoute } from './request.ts';
import { requestRoutes } from './requests.ts';
import type { AdminRoute } from './route.ts';
import { stateRoutes } from './state.ts';
import { telephonyRoutes } from './telephony.ts';
import { tokenRoutes } from './tokens.ts';

/** Every route, but for those of documents. */
const routes: AdminRoute[] = [
  ...stateRoutes,
  ...clockRoutes,
  ...requestRoutes,
  ...requestRoute,
  ...eventRoutes,
  ...faultRoutes,
  ...tokenRoutes,
  ...credentialRoutes,
  ...telephonyRoutes,
  ...namespaceRoutes,
  ...authorityRoutes,
  ...reportRoutes,
];

const documentRoute: AdminRoute = {
  ...{ method: 'get', path: '/openapi.json', operationId: 'getDocument', summary: 'This document' },
  answers: { 200: { description: 'OpenAPI 3.1', schema: { type: 'object', required: ['openapi', 'paths'] } } },
  handle: () => ({ status: 200, body: adminDocument(allRoutes) }),
};

const imitatedRoute: AdminRoute = {
  ...{ method: 'get', path: '/apis.json', operationId: 'getApis', summary: 'The imitated APIs: openapi.yaml as JSON' },
  answers: { 200: { description: 'OpenAPI 3.1', schema: { type: 'object', required: ['openapi', 'paths'] } } },
  handle: ({ shortForm }) => {
    const document = loadDocument();
    return { status: 200, body: shortForm ? document : withoutProvider(document, SHORT_FORM) };
  },
};

const allRoutes = [...routes, documentRoute, imitatedRoute];

/** A whole state may be large. */
const LARGEST_BODY = '64mb';

export interface AdminOptions extends GuardOptions {
  root: World;
  namespaces: Namespaces<World>;
  shortForm: boolean;
  /** PEM of the authority that clients must trust, where there is one. */
  authority?: string;
}

/** Made once; each request is answered for the world it is meant for. */
export function createAdmin(options: AdminOptions): (world: World) => RequestListener {
  const router = express.Router({ caseSensitive: true, strict: true });
  router.use(
    guard({ ...options, open: isOfPage }),
    answerPage,
    express.json({ limit: LARGEST_BODY, strict: true, type: 'application/json' }),
  );
  const reports = new WeakMap<World, { last?: object }>();
  for (const route of allRoutes) {
    router[route.method](route.path.replace(/\{(\w+)\}/g, ':$1'), answerBy(route, options, reports));
  }
  router.use(answerNothing, answerMistake);
  const app = express().disable('x-powered-by').disable('etag').use('/__admin', router);
  return (world) => (incoming, response) => {
    (response as Response).locals = { world };
    app(incoming, response);
  };
}

function answerBy(
  route: AdminRoute,
  options: AdminOptions,
  reports: WeakMap<World, { last?: object }>,
): RequestHandler {
  const { root, namespaces, shortForm, authority } = options;
  return async (request, response) => {
    const { world } = response.locals as { world: World };
    const told = reports.get(world) ?? {};
    reports.set(world, told);
    const { status, body, stream } = await route.handle({
      ...{ world, root, namespaces, shortForm, authority, reports: told },
      params: request.params as Record<string, string>,
      query: new URLSearchParams(request.url.split('?')[1] ?? ''),
      body: () => bodyOf(request),
      bodyIfAny: () => (request.body === undefined ? {} : bodyOf(request)),
    });
    response.status(status);
    if (stream) stream(response);
    else if (body === undefined) response.end();
    else response.json(body);
  };
}

function bodyOf(request: Request): Record<string, unknown> {
  const body: unknown = request.body;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new InputError('the body must be a JSON object, sent with Content-Type: application/json');
  }
  return body as Record<string, unknown>;
}

/** Nothing has answered: the path is unknown, or its method. */
const answerNothing: RequestHandler = (request, response) => {
  const methods = allRoutes.flatMap(({ path, method }) =>
    new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`).test(request.path)
      ? [method.toUpperCase()]
      : [],
  );
  if (methods.length === 0) {
    response.status(404).json({ error: `the control API has no ${request.path}` });
    return;
  }
  response.status(405).set('allow', [...new Set(methods)].join(', '));
  response.json({ error: `${request.method} is not allowed here` });
};

// Express knows an error handler by its four parameters.
const answerMistake: ErrorRequestHandler = (error, _request, response, _next) => {
  const status = error instanceof InputError ? 400 : (error.status ?? 500);
  response.status(status).json({ error: String(error.message) });
};
