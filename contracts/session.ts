/** One run against one target: what checks ask by, and what was seen. */
import { createHmac, randomUUID } from 'node:crypto';
import { bearer, required } from './authorization.ts';
import { CheckFailure } from './check.ts';
import type { Client, Reply } from './client.ts';
import type { ContractDocument, DeclaredOperation } from './document.ts';
import { expectMember } from './expect.ts';
import { type Creations, createCreations } from './safety/creations.ts';
import type { BasicPair, Target } from './targets.ts';
import { type TracedExchange, trace, traced } from './trace.ts';

export { basic, bearer, clientBasic, required } from './authorization.ts';

export interface CallOptions {
  /** Instead of the operation's own. */
  method?: string;
  params?: Record<string, string>;
  /** Pairs may repeat a name. */
  query?: Record<string, string> | [string, string][];
  /** Authorization header; see `basic` and `bearer`. */
  authorization?: string | string[];
  headers?: Record<string, string>;
  /** Sent as form-urlencoded. Pairs may repeat a name; a string is sent as it stands. */
  form?: Record<string, string> | [string, string][] | string;
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as it stands, with the Content-Type of `headers`. */
  body?: string;
}

export interface Session {
  target: Target;
  document: ContractDocument;
  /** Calls an operation of openapi.yaml at the target. The answer is judged by the document too, at the end of the run. */
  call(operationId: string, options?: CallOptions): Promise<Reply>;
  /** Calls a path under the place where an operation's provider lives, e.g. `/v2/nope`. */
  callPath(path: string, options?: CallOptions): Promise<Reply>;
  /** A sipgate access token with exactly these scopes, by client credentials; asked for once. */
  sipgateToken(...scopes: string[]): Promise<string>;
  /** A SIPSIM access token with exactly these scopes; asked for once. */
  sipsimToken(...scopes: string[]): Promise<string>;
  /** What `ask` comes to, asked for once in the run: several checks may judge one answer. */
  once<T>(key: string, ask: () => Promise<T>): Promise<T>;
  /** A made-up value, the same in each run with the same seed; another one each time that a name is given. */
  random(name: string): string;
  /** Changes the mock's clock; only where the target has the control API. */
  control(path: string, method: string, body?: unknown): Promise<Reply>;
  /** What the document says against answers seen so far, by operation. */
  observations: Map<string, Observation[]>;
  /** Ids of the checks that were asked to their end. */
  asked: Set<string>;
  client: Client;
  /** What checks make and end at the account. */
  creations: Creations;
  /** What checks made and could not remove again: a phrase each. */
  leftovers: string[];
}

export interface Observation {
  reply: Reply;
  violations: string[];
}

/** Path parameters that lead to nothing that is there. */
export const NOWHERE = {
  clientId: 'sidetone-no-such-client',
  callId: '0',
  tagId: '0',
  event: 'sidetone-no-such-event',
};

export interface SessionOptions {
  /** What made-up values are made of; a random one if absent. */
  seed?: string | undefined;
  creations?: Creations;
}

export function createSession(
  target: Target,
  document: ContractDocument,
  client: Client,
  { seed = randomUUID(), creations = createCreations() }: SessionOptions = {},
): Session {
  const observations = new Map<string, Observation[]>();
  const once = createOnce();

  const session: Session = {
    target,
    document,
    observations,
    asked: new Set(),
    client,
    creations,
    leftovers: [],
    call: async (operationId, options = {}) => {
      const operation = document.operations.get(operationId);
      if (!operation) throw new Error(`openapi.yaml has no operation "${operationId}"`);
      const url = urlOf(target, operation, options.params ?? {});
      const reply = await creations.watch(session, operationId, options, () =>
        send(session, url, operation.method, options, operationId),
      );
      const { method = operation.method } = options;
      if (method === operation.method || (method === 'HEAD' && operation.method === 'GET')) {
        observe(session, operation, reply);
      }
      return reply;
    },
    callPath: (path, options = {}) => send(session, locate(target, path), 'GET', options),
    sipgateToken: (...scopes) =>
      once(`sipgate ${scopes.join(' ')}`, async () => {
        const { id, secret } = required(target.sipgate?.client);
        return askForToken(session, 'sipgate.createToken', { id, secret }, scopes);
      }),
    sipsimToken: (...scopes) =>
      once(`sipsim ${scopes.join(' ')}`, async () =>
        askForToken(session, 'sipsim.createToken', required(target.sipsim?.client), scopes),
      ),
    once,
    random: createRandom(seed),
    control: async (path, method, body) => {
      const { url, token } = required(target.control);
      const headers: Record<string, string> = { 'content-type': 'application/json' };
      if (token !== undefined) headers.authorization = bearer(token);
      const text = body === undefined ? undefined : JSON.stringify(body);
      const reply = await client.send({ method, url: url + path, headers, ...(text !== undefined && { body: text }) });
      if (reply.status >= 300) throw new Error(`the control API answered ${reply.status} to ${method} ${path}`);
      return reply;
    },
  };
  return session;
}

/** By name, not by turn: checks may run beside each other. */
function createRandom(seed: string): Session['random'] {
  const times = new Map<string, number>();
  return (name) => {
    const time = (times.get(name) ?? 0) + 1;
    times.set(name, time);
    return createHmac('sha256', seed).update(`${name} ${time}`).digest('base64url').slice(0, 32);
  };
}

/** The exchanges stand in the trace of every check that builds on them, whichever of them asked. */
function createOnce(): Session['once'] {
  const answers = new Map<string, { asked: Promise<unknown>; exchanges: TracedExchange[] }>();
  const ask = (key: string, action: () => Promise<unknown>) => {
    const exchanges: TracedExchange[] = [];
    const asked = traced(exchanges, action);
    answers.set(key, { asked, exchanges });
    // What failed once may do better when it is asked again.
    asked.catch(() => answers.delete(key));
    return { asked, exchanges };
  };
  return async <T>(key: string, action: () => Promise<T>) => {
    const { asked, exchanges } = answers.get(key) ?? ask(key, action);
    try {
      return (await asked) as T;
    } finally {
      trace(...exchanges);
    }
  };
}

async function askForToken(session: Session, operation: string, { id, secret }: BasicPair, scopes: string[]) {
  const form: Record<string, string> = { grant_type: 'client_credentials', client_id: id, client_secret: secret };
  if (scopes.length > 0) form.scope = scopes.join(' ');
  const reply = await session.call(operation, { form });
  if (reply.status !== 200)
    throw new CheckFailure(`prerequisite: ${operation} gives no token: ${reply.status} ${reply.text}`);
  return expectMember(reply, 'access_token', 'string');
}

function observe({ document, observations }: Session, { operationId }: DeclaredOperation, reply: Reply): void {
  const seen = observations.get(operationId) ?? [];
  seen.push({ reply, violations: document.judge(operationId, reply) });
  observations.set(operationId, seen);
}

async function send(
  { client }: Session,
  url: string,
  method: string,
  options: CallOptions,
  operation?: string,
): Promise<Reply> {
  const query = new URLSearchParams(options.query).toString();
  const { headers, body } = contentOf(options);
  if (options.authorization !== undefined) headers.authorization = options.authorization;
  return client.send({
    method: options.method ?? method,
    url: query === '' ? url : `${url}?${query}`,
    headers,
    ...(body !== undefined && { body }),
    ...(operation !== undefined && { operation }),
  });
}

function contentOf({ headers = {}, form, json, body }: CallOptions) {
  const own: Record<string, string | string[]> = { ...headers };
  if (form !== undefined) {
    own['content-type'] ??= 'application/x-www-form-urlencoded';
    return { headers: own, body: typeof form === 'string' ? form : new URLSearchParams(form).toString() };
  }
  if (json !== undefined) {
    own['content-type'] ??= 'application/json';
    return { headers: own, body: JSON.stringify(json) };
  }
  return { headers: own, body };
}

/** URL of an operation at the target. */
export function urlOf(target: Target, { path }: DeclaredOperation, params: Record<string, string>): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(params[name] ?? (name === 'realm' ? realmOf(target) : '')),
  );
  return locate(target, filled);
}

/** Realm of the target's own token endpoint. */
const realmOf = ({ sipgate }: Target) => /\/realms\/([^/]+)\//.exec(sipgate?.tokenUrl ?? '')?.[1] ?? 'third-party';

/** Where a path of openapi.yaml lies at the target: each API has its own host there, and may have its own prefix. */
function locate(target: Target, path: string): string {
  const place = placesOf(target).find(([prefix]) => path === prefix || path.startsWith(`${prefix}/`));
  if (!place) throw new CheckFailure(`the target has no place for ${path}`);
  return `${place[1]}${path.slice(place[0].length)}`;
}

/** Prefixes of openapi.yaml's paths, and the URLs that they stand for at the target. */
export function placesOf({ sipgate, sipsim, shortForm }: Target): [prefix: string, url: string][] {
  const places: [prefix: string, url: string | undefined][] = [
    ['/v2', sipgate?.baseUrl],
    ['/auth', sipgate?.tokenUrl.replace(/\/realms\/.*$/, '')],
    ['/login', sipgate?.baseUrl.replace(/\/v2$/, '/login')],
    ['/oauth', sipsim?.tokenUrl.replace(/\/token$/, '')],
    ['/api/v2', sipsim?.baseUrl],
    ['', shortForm?.url],
  ];
  return places.flatMap(([prefix, url]) => (url === undefined ? [] : [[prefix, url]]));
}
