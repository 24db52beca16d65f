/** openapi.yaml and providers become an Express app. The only file that knows the validator. */
import type { RequestListener } from 'node:http';
import express, { type ErrorRequestHandler, type Request, type RequestHandler, type Response } from 'express';
import * as OpenApiValidator from 'express-openapi-validator';
import { headerText, type Locals, localsOf, send, sendBug, writeJson } from './answers.ts';
import { parseJsonBody, readBody } from './body.ts';
import type { Clock } from './clock.ts';
import { type ApiDocument, type OperationObject, operationsOf, validationView } from './document.ts';
import { notFound } from './errors.ts';
import type { Authenticator, Operation, Provider } from './provider.ts';
import { asApiError } from './refusals.ts';
import { originForm, readRequest } from './request.ts';
import { authorize } from './security.ts';

export interface AppOptions {
  document: ApiDocument;
  providers: Provider[];
  clock: Clock;
  settings: ServerSettings;
  /** Scheme and authority of requests whose Host header cannot be used. */
  origin: () => string;
  /** Told of every exchange when it is over. */
  onExchange?: (exchange: Exchange) => void;
}

/** Settings of the fake itself, read at each request. */
export interface ServerSettings {
  /** Whether a 4xx carries `x-sidetone-reason`. Nothing else in an answer tells the fake from the real API. */
  reasonHeader: boolean;
  /** Largest request body in bytes. Nothing is published for either API. */
  bodyLimit: number;
  /** Scheme and authority that clients use; from the Host header if empty. */
  publicUrl: string;
}

export interface Exchange {
  method: string;
  path: string;
  operation: string | undefined;
  status: number;
  reason: string | undefined;
  /** Real time. */
  milliseconds: number;
}

/** Resolves once the document is loaded and every operation has its handler. */
export async function createApp(options: AppOptions): Promise<RequestListener> {
  const operations = bindOperations(options);
  const validator = await loadValidator(options.document);
  const app = express();
  // The real servers know no other spelling of a path.
  app.enable('case sensitive routing').disable('x-powered-by').disable('etag');
  app.use(
    begin(options),
    // Out of the validator's own order: in front of authentication, so that its answers are validated too.
    validator.route,
    rememberOperation(options.document),
    validator.answer,
    authenticate(options),
    body(options),
    validator.request,
    dispatch(operations, options.document),
    answerError(options),
  );
  return app;
}

/** Proves at start that openapi.yaml and the providers name the same operations. */
function bindOperations({ document, providers }: AppOptions): Map<string, Operation> {
  const bound = new Map(providers.flatMap(({ operations }) => Object.entries(operations)));
  const declared = operationsOf(document).map(({ operationId }) => operationId);
  const missing = declared.filter((id) => !bound.has(id));
  const undeclared = [...bound.keys()].filter((id) => !declared.includes(id));
  if (missing.length > 0) throw new Error(`no handler for: ${missing.join(', ')}`);
  if (undeclared.length > 0) throw new Error(`not in openapi.yaml: ${undeclared.join(', ')}`);
  return bound;
}

async function loadValidator(document: ApiDocument) {
  const installed = OpenApiValidator.middleware({
    apiSpec: validationView(document) as never,
    // Linted by a test; here it would cost a quarter of the start.
    validateApiSpec: false,
    // Its security handlers lose an error's code and headers; see security.ts.
    validateSecurity: false,
    validateRequests: { allowUnknownQueryParameters: true },
    validateResponses: {
      // Thrown, it would be sent to error handlers that have already run where the answer is an error's.
      onError: (error, _body, incoming) => {
        localsOf((incoming as unknown as Request & { res: Response }).res).bug = error;
      },
    },
    fileUploader: false,
    useRequestUrl: true,
  });
  const named = (name: string): RequestHandler => {
    const found = installed.find((handler) => handler.name === name);
    if (!found) throw new Error(`express-openapi-validator has no "${name}" any more`);
    return found as unknown as RequestHandler;
  };
  const loaded = named('pathParamsMiddleware');
  // It waits for the document; asking it now keeps that wait out of the first request.
  await new Promise<void>((resolve, reject) => {
    const next = (error?: unknown) => (error === undefined ? resolve() : reject(error));
    void loaded({ app: express() } as never, {} as never, next as never);
  });
  return {
    route: named('metadataMiddleware'),
    request: named('requestMiddleware'),
    answer: named('responseMiddleware'),
  };
}

function begin({ clock, providers, settings, origin, onExchange }: AppOptions): RequestHandler {
  const surfaces = providers
    .flatMap((provider) => provider.surfaces)
    .sort((one, other) => other.prefix.length - one.prefix.length);
  return (incoming, response, next) => {
    const started = performance.now();
    incoming.url = originForm(incoming.url);
    const request = readRequest(incoming, { publicUrl: settings.publicUrl, origin: origin() });
    // HEAD is GET without a body; Node drops the body by the method that it read itself.
    const method = incoming.method;
    if (method === 'HEAD') incoming.method = 'GET';
    const surface = surfaces.find(({ prefix }) => isUnder(prefix, request.path));
    if (!surface) throw new Error(`no surface for "${request.path}"`);
    response.locals = { request, surface } satisfies Locals;
    response.setHeader('date', new Date(clock.now()).toUTCString());
    response.json = (value: unknown) => writeJson(response, value);
    response.on('finish', () => {
      const { operation, reason } = localsOf(response);
      const milliseconds = performance.now() - started;
      const status = response.statusCode;
      onExchange?.({ method, path: request.path, operation: operation?.operationId, status, reason, milliseconds });
    });
    next();
  };
}

const isUnder = (prefix: string, path: string) => path === prefix || path.startsWith(`${prefix}/`) || prefix === '';

/** What the validator's routing found, for those who come after. */
function rememberOperation(document: ApiDocument): RequestHandler {
  const byId = new Map(operationsOf(document).map((operation) => [operation.operationId, operation]));
  return (incoming, response, next) => {
    const locals = localsOf(response);
    const found = (incoming as { openapi?: { schema: OperationObject; pathParams: Record<string, string> } }).openapi;
    const operation = byId.get(found?.schema.operationId ?? '');
    if (!found || !operation) throw notFound('the document has no such path');
    // The validator's routing takes a closing slash for nothing, whatever Express is told.
    if (locals.request.path.endsWith('/') && !locals.surface.closingSlash) {
      throw notFound(`no operation at ${locals.request.path}; the path has no closing slash`);
    }
    locals.operation = operation;
    locals.request.params = found.pathParams;
    next();
  };
}

function authenticate({ document, providers }: AppOptions): RequestHandler {
  const schemes: Record<string, Authenticator> = Object.assign({}, ...providers.map((provider) => provider.schemes));
  const typeOf = (scheme: string) => document.components.securitySchemes[scheme]?.type;
  return async (_incoming, response, next) => {
    const { request, operation } = localsOf(response);
    const principal = await authorize(request, { alternatives: operation?.security ?? [], schemes, typeOf });
    if (principal) request.principal = principal;
    next();
  };
}

/** After authentication, so that an unauthorised request is 401 whatever its body. */
function body({ settings }: AppOptions): RequestHandler {
  return async (incoming, response, next) => {
    const { request, operation } = localsOf(response);
    const declared = operation?.requestBody;
    if (declared) {
      request.body = await readBody(incoming, settings.bodyLimit);
      if (declared['x-validation'] !== 'provider') {
        incoming.body = parseJsonBody(request.body, Object.keys(declared.content));
        request.json = incoming.body;
      }
    }
    // The validator keeps a compiled schema for each Content-Type it meets: let it meet only declared ones.
    if (request.json === undefined) delete incoming.headers['content-type'];
    else incoming.headers['content-type'] = request.body?.mediaType.toLowerCase();
    next();
  };
}

function dispatch(operations: Map<string, Operation>, document: ApiDocument): RequestHandler {
  return async (_incoming, response) => {
    const { request, operation } = localsOf(response);
    const handle = operations.get(operation?.operationId ?? '');
    if (!handle || !operation) throw new Error(`no handler for "${operation?.operationId}"`);
    send(response, await handle(request), document);
  };
}

function answerError(options: AppOptions): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  return (thrown: unknown, _incoming, response, _next) => {
    try {
      answerThrown(thrown, response, options);
    } catch (error) {
      sendBug(response, error);
    }
  };
}

function answerThrown(thrown: unknown, response: Response, { document, settings }: AppOptions): void {
  const { request, surface } = localsOf(response);
  const error = asApiError(thrown, request);
  if (!error) {
    sendBug(response, thrown);
    return;
  }
  if (error.status === 405 && request.method === 'OPTIONS' && surface.options) {
    send(response, surface.options(error.wanted, request), document);
    return;
  }
  const answer = surface.write(error, request);
  localsOf(response).reason = error.reason;
  if (settings.reasonHeader && answer.status < 500) response.setHeader('x-sidetone-reason', headerText(error.reason));
  send(response, answer, document);
}
