/** openapi.yaml and providers become an Express app. */
import type { IncomingMessage, RequestListener } from 'node:http';
import { parse as parseQuery } from 'node:querystring';
import express, { type ErrorRequestHandler, type Request, type RequestHandler, type Response } from 'express';
import { headerText, type Locals, localsOf, send, sendBug, writeJson } from './answers.ts';
import { parseJsonBody, readBody } from './body.ts';
import { chainOf } from './chain.ts';
import type { Clock } from './clock.ts';
import { type ApiDocument, type OperationObject, operationsOf } from './document.ts';
import { notFound } from './errors.ts';
import type { Stage } from './faults/fault.ts';
import type { Facts, Faults } from './faults/faults.ts';
import { hold, inject } from './faults/inject.ts';
import { dealsToken, spoilTokens } from './faults/tokens.ts';
import type { RecordedExchange, Spoken } from './journal/exchange.ts';
import { claimedClient, credentialKind } from './journal/filter.ts';
import type { Journal } from './journal/journal.ts';
import { type Recording, startRecording } from './journal/record.ts';
import { once } from './once.ts';
import type { Answer, ApiRequest, Authenticator, Operation, Principal, Provider, Surface } from './provider.ts';
import { realTime } from './real-time.ts';
import { asApiError } from './refusals.ts';
import { isUnder, originForm, readRequest } from './request.ts';
import { rememberRoutes } from './routing.ts';
import { authorize } from './security.ts';
import { loadValidator } from './validator.ts';

/** One isolated copy of the imitated APIs: its operations, and all that varies from copy to copy. */
export interface Tenant {
  providers: Provider[];
  clock: Clock;
  /** The Date header. */
  date: () => string;
  settings: ServerSettings;
  /** Scheme, authority and path prefix of requests whose Host header cannot be used. */
  origin: () => string;
  /** Path prefix that clients address this copy by; '' for none. */
  prefix?: string;
  journal?: Journal;
  faults?: Faults;
  /** Told of every exchange when it is over. */
  onExchange?: (exchange: RecordedExchange) => void;
  /** A text without the secrets of this copy, and of the exchange that it is said about. */
  withoutSecrets?: (text: string, exchange: Spoken) => string;
  /** False: through Express and the validator's own routing, as the fast path must answer too. Default true. */
  fastPath?: boolean;
}

/** The document with its validator, made once: as many tenants as one likes answer through it. */
export interface App {
  /** The validator, for which the first request would wait; rejects if the document cannot be loaded. */
  load(): Promise<unknown>;
  /** Throws if the tenant's operations are not the document's. */
  serve(tenant: Tenant): Serving;
}

export interface Serving {
  answer: RequestListener;
  /** Whom a request to an operation speaks for; undefined where it will be refused, or where nobody is asked for. */
  principalOf(incoming: IncomingMessage, operationId: string): Promise<Principal | undefined>;
}

/** Settings of the fake itself, read at each request. */
export interface ServerSettings {
  /** Whether a 4xx carries `x-sidetone-reason`. Nothing else in an answer tells the fake from the real API. */
  reasonHeader: boolean;
  /** Largest request body in bytes. Nothing is published for either API. */
  bodyLimit: number;
  /** Scheme and authority that clients use; from the Host header if empty. */
  publicUrl: string;
  /** Whether a journal is kept. */
  journal: boolean;
  /** How many exchanges the journal keeps. */
  journalSize: number;
  /** How many bytes of a body it keeps. */
  journalBody: number;
  /** Under TLS, what becomes of a request in plain HTTP. The real hosts serve https alone. */
  plainHttp: 'refused' | 'redirected';
}

type Answering = (incoming: Request, response: Response) => void;

interface Ways {
  fast: Answering;
  /** Through Express and the validator's own routing. */
  plain: () => Answering;
}

/** The validator comes when it is asked for: it is a third of a start, and none of it is needed to listen. */
export function createApp(document: ApiDocument): App {
  let ways: Ways | undefined;
  const operations = operationsOf(document);
  const byId = new Map(operations.map((operation) => [operation.operationId, operation]));
  const judge = judgeBy(document);
  const loading = once(() => waysOf(document, byId, judge));
  const load = async () => {
    ways = await loading();
    return ways;
  };
  const demanded = new Set(operations.flatMap(({ security }) => security.flatMap(Object.keys)));
  return {
    load,
    serve: (tenant) => {
      const bound = bind(tenant, [...byId.keys()], demanded);
      const wayOf = ({ plain, fast }: Ways) => (tenant.fastPath === false ? plain() : fast);
      const answer: RequestListener = (incoming, response) => {
        // Express keeps the locals that it finds.
        const course: Course = { tenant: bound, method: incoming.method ?? 'GET' };
        (response as Response).locals = course;
        const [asked, answering] = [incoming as Request, response as Response];
        if (ways) return wayOf(ways)(asked, answering);
        course.started = realTime();
        load().then(
          (loaded) => wayOf(loaded)(asked, answering),
          (error: unknown) => sendBug(answering, error),
        );
      };
      const principalOf: Serving['principalOf'] = async (incoming, operationId) => {
        try {
          return await judge(requestOf(incoming, tenant), byId.get(operationId), bound);
        } catch {
          // Why, the whole way will tell.
          return undefined;
        }
      };
      return { answer, principalOf };
    },
  };
}

async function waysOf(document: ApiDocument, byId: Map<string, OperationObject>, judge: Judge): Promise<Ways> {
  const validator = await loadValidator(document);
  const handlers = (route: RequestHandler, request: RequestHandler) => [
    begin,
    // Out of the validator's own order: in front of authentication, so that its answers are validated too.
    route,
    rememberOperation(byId),
    meetFaults('routed'),
    validator.answer,
    authenticate(judge),
    readDeclaredBody,
    meetFaults('known'),
    request,
    dispatch(document),
    meetFaultsUnrouted,
    answerError(document),
  ];
  return {
    fast: chainOf(handlers(rememberRoutes(document, validator.route), whereJudged(validator.request))),
    plain: once(() => appOf(handlers(validator.route, validator.request))),
  };
}

function appOf(handlers: (RequestHandler | ErrorRequestHandler)[]): express.Express {
  // The real servers know no other spelling of a path.
  const app = express().enable('case sensitive routing').disable('x-powered-by').disable('etag');
  return app.use(...(handlers as RequestHandler[]));
}

/** Where the document has the validator judge nothing of a request, there is nothing to ask it. */
function whereJudged(request: RequestHandler): RequestHandler {
  return (incoming, response, next) => {
    const { schema } = (
      incoming as unknown as { openapi: { schema: { parameters?: []; requestBody?: object | null } } }
    ).openapi;
    if (!schema.requestBody && !schema.parameters?.length) return next();
    // Express reads it so when it is asked for it.
    incoming.query = parseQuery(incoming.url.split('?')[1] ?? '') as Request['query'];
    request(incoming, response, next);
  };
}

/** A tenant, ready to be asked. */
interface Bound extends Tenant {
  operations: Map<string, Operation>;
  schemes: Record<string, Authenticator>;
  /** The longest prefix first, each with the name of its provider. */
  surfaces: { surface: Surface; provider: string }[];
}

/** What the app itself knows of one request, beside what it tells others. */
interface Course {
  tenant: Bound;
  /** As sent: HEAD is GET only to the imitated APIs. */
  method: string;
  /** `realTime()` of its arrival, where it had to wait. */
  started?: number;
  recording?: Recording;
  /** Stages at which faults have been looked for. */
  met?: Set<Stage>;
}

const courseOf = (response: Response) => response.locals as Course;
const tenantOf = (response: Response) => courseOf(response).tenant;

function bind(tenant: Tenant, declared: string[], demanded: Set<string>): Bound {
  const { providers } = tenant;
  const schemes: Bound['schemes'] = Object.assign({}, ...providers.map((provider) => provider.schemes));
  for (const scheme of demanded) {
    if (!schemes[scheme]) throw new Error(`no provider authenticates the security scheme "${scheme}"`);
  }
  return {
    ...tenant,
    operations: bindOperations(providers, declared),
    schemes,
    surfaces: providers
      .flatMap(({ name, surfaces }) => surfaces.map((surface) => ({ surface, provider: name })))
      .sort((one, other) => other.surface.prefix.length - one.surface.prefix.length),
  };
}

/** Proves at start that openapi.yaml and the providers name the same operations. */
function bindOperations(providers: Provider[], declared: string[]): Map<string, Operation> {
  const bound = new Map(providers.flatMap(({ operations }) => Object.entries(operations)));
  const missing = declared.filter((id) => !bound.has(id));
  const undeclared = [...bound.keys()].filter((id) => !declared.includes(id));
  if (missing.length > 0) throw new Error(`no handler for: ${missing.join(', ')}`);
  if (undeclared.length > 0) throw new Error(`not in openapi.yaml: ${undeclared.join(', ')}`);
  return bound;
}

const requestOf = (incoming: IncomingMessage, { settings: { publicUrl }, origin, prefix = '' }: Tenant) =>
  readRequest(incoming, { publicUrl, origin: origin(), prefix });

const begin: RequestHandler = (incoming, response, next) => {
  const tenant = tenantOf(response);
  const { surfaces } = tenant;
  incoming.url = originForm(incoming.url);
  const request = requestOf(incoming, tenant);
  const { vendorHost } = request;
  const strange = vendorHost && !vendorHost.prefixes.some((prefix) => isUnder(prefix, request.path));
  const place = strange ? vendorHost.prefixes[0] : request.path;
  const found = surfaces.find(({ surface }) => isUnder(surface.prefix, place));
  if (!found) throw new Error(`no surface for "${request.path}"`);
  const { surface, provider } = found;
  const withoutSecrets = (text: string) => tenant.withoutSecrets?.(text, spokenOf(response)) ?? text;
  const locals = { request, surface, provider, withoutSecrets };
  Object.assign(response.locals, locals satisfies Locals);
  record(incoming, response);
  // HEAD is GET without a body; Node drops the body by the method that it read itself.
  if (incoming.method === 'HEAD') incoming.method = 'GET';
  response.setHeader('date', tenant.date());
  const json = (value: unknown) => writeJson(response, value);
  response.json = json;
  if (strange) throw notFound(`${vendorHost.name} has no ${request.path}`);
  next();
};

/** Nothing is watched for nobody. */
function record(incoming: Request, response: Response): void {
  const course = courseOf(response);
  const { journal, settings, onExchange, clock } = course.tenant;
  if (!onExchange && !(journal && settings.journal)) return;
  course.recording = startRecording(incoming, response, {
    ...(journal && settings.journal && { journal }),
    at: clock.now(),
    ...(course.started !== undefined && { started: course.started }),
    provider: localsOf(response).provider,
    bodyLimit: settings.journalBody,
    known: () => localsOf(response),
    ...(onExchange && { done: onExchange }),
  });
}

/** Where there are no faults, this is all that they cost. */
function meetFaults(stage: Stage): RequestHandler {
  return (incoming, response, next) => {
    const course = courseOf(response);
    const { faults } = course.tenant;
    if (!faults?.armed || course.met?.has(stage)) return next();
    course.met = (course.met ?? new Set()).add(stage);
    const strike = faults.strike(stage, factsOf(response));
    if (!strike) return next();
    const { tenant, recording } = course;
    const { request, surface } = localsOf(response);
    const { clock, settings } = tenant;
    const scene = { incoming, response, request, surface, clock, reasonHeader: settings.reasonHeader };
    return inject(strike, { ...scene, ...(recording && { recording }) }).then((goOn) => {
      if (goOn) next();
    });
  };
}

/** What has no operation, an unknown path or a wrong method, is never routed: its faults come before its refusal. */
const meetFaultsUnrouted: ErrorRequestHandler = (thrown, incoming, response, next) =>
  meetFaults('routed')(incoming, response, () => next(thrown));

function factsOf(response: Response): Facts {
  const { request, operation } = localsOf(response);
  const authorization = request.authorization[0];
  return {
    operation: operation?.operationId,
    provider: localsOf(response).provider,
    method: courseOf(response).method,
    path: request.path,
    credential: credentialKind(authorization),
    client: () => request.principal?.client ?? claimedClient(authorization, () => request.body),
  };
}

/** Tokens are spoiled when they are issued: later than that nobody could sign them. */
async function meetTokenFaults(answer: Answer, response: Response): Promise<Answer> {
  const { tenant, recording } = courseOf(response);
  if (!tenant.faults?.armed || !dealsToken(answer)) return answer;
  const strike = tenant.faults.strike('issued', factsOf(response));
  const { token } = strike?.fault ?? {};
  if (!strike || !token) return answer;
  recording?.update({ id: strike.id, kind: strike.kind });
  await hold(strike.delay, { response, clock: tenant.clock });
  return spoilTokens(answer, token, tenant.providers);
}

/** What the validator's routing found, for those who come after. */
function rememberOperation(byId: Map<string, OperationObject>): RequestHandler {
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

type Judge = ReturnType<typeof judgeBy>;

function judgeBy({ components }: ApiDocument) {
  const typeOf = (scheme: string) => components.securitySchemes[scheme]?.type;
  return (request: ApiRequest, operation: OperationObject | undefined, { schemes }: Bound) =>
    authorize(request, { alternatives: operation?.security ?? [], schemes, typeOf });
}

function authenticate(judge: Judge): RequestHandler {
  return async (_incoming, response, next) => {
    const { request, operation } = localsOf(response);
    const principal = await judge(request, operation, tenantOf(response));
    if (principal) request.principal = principal;
    next();
  };
}

/** After authentication, so that an unauthorised request is 401 whatever its body. */
const readDeclaredBody: RequestHandler = async (incoming, response, next) => {
  const { request, operation } = localsOf(response);
  const declared = operation?.requestBody;
  if (declared) {
    request.body = await readBody(incoming, tenantOf(response).settings.bodyLimit);
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

function dispatch(document: ApiDocument): RequestHandler {
  return async (_incoming, response) => {
    const { request, operation } = localsOf(response);
    const handle = tenantOf(response).operations.get(operation?.operationId ?? '');
    if (!handle || !operation) throw new Error(`no handler for "${operation?.operationId}"`);
    send(response, await meetTokenFaults(await handle(request), response), document);
  };
}

function answerError(document: ApiDocument): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  return (thrown: unknown, _incoming, response, _next) => {
    try {
      answerThrown(thrown, response, document);
    } catch (error) {
      sendBug(response, error);
    }
  };
}

function answerThrown(thrown: unknown, response: Response, document: ApiDocument): void {
  const { request, surface, withoutSecrets } = localsOf(response);
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
  const { tenant } = courseOf(response);
  const reason = withoutSecrets?.(error.reason) ?? error.reason;
  Object.assign(localsOf(response), { reason, refusal: error });
  if (tenant.settings.reasonHeader && answer.status < 500) response.setHeader('x-sidetone-reason', headerText(reason));
  send(response, answer, document);
}

/** What the client has said: its own secrets may come back in the reason of its refusal. */
function spokenOf(response: Response): Spoken {
  const { body } = localsOf(response).request;
  const { rawHeaders, originalUrl } = response.req;
  return { rawHeaders, target: originalUrl, ...(body && { body: { bytes: body.bytes, size: body.bytes.length } }) };
}
