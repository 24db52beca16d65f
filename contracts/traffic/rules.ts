/** What is judged of an exchange that passes by, and which check of the suite says so. */
import { type Check, CheckFailure } from '../check.ts';
import type { Reply } from '../client.ts';
import type { ContractDocument, DeclaredOperation } from '../document.ts';
import { nameOf } from '../generated/naming.ts';
import { judgeOtherMethod } from '../generated/other-methods.ts';
import type { TracedExchange } from '../trace.ts';
import { credentialOf, type DealtTokens, kindsOf, obstacleOf } from './credentials.ts';
import type { Route } from './route.ts';

export interface Judgement {
  check: Omit<Check, 'run'>;
  /** What is wrong, a sentence each; empty if it is as it should be. */
  violations: string[];
}

export interface Rules {
  document: ContractDocument;
  /** Checks of the suite, by id: what is judged by the same rule has the same id. */
  checks: Map<string, Check>;
  tokens: DealtTokens;
}

/** @param cut a body was larger than is kept, and is not judged. */
export function judge(exchange: TracedExchange, route: Route, cut: boolean, rules: Rules): Judgement[] {
  const { response } = exchange;
  if (!response || route.kind === 'elsewhere') return [];
  const reply = replyOf(exchange, response);
  if (route.kind === 'unknown path') return [judgeUnknownPath(route.provider, exchange, rules)];
  if (route.kind === 'other method') return judgeMethod(route, exchange, reply, rules);
  const { operation } = route;
  rules.tokens.learn(exchange, operation);
  const said = `${exchange.request.method} -> ${response.status}`;
  const found = rules.document.judge(operation.operationId, reply);
  const violations = (cut ? found.filter((violation) => !/^(?:the |there is a )?body/.test(violation)) : found).map(
    (violation) => `${said}: ${violation}`,
  );
  return [
    ...judgementOf(rules, `${operation.provider}.OAS-${nameOf(operation.operationId)}`, violations),
    ...judgeAccess(operation, exchange, said, rules),
  ];
}

const judgementOf = ({ checks }: Rules, id: string, violations: string[]): Judgement[] => {
  const known = checks.get(id);
  if (!known) return [];
  const { run: _, ...check } = known;
  return [{ check, violations }];
};

/** A busy or broken service says nothing about who may ask. */
const saysNothing = (status: number) => status === 429 || status >= 500;

function judgeAccess(operation: DeclaredOperation, exchange: TracedExchange, said: string, rules: Rules): Judgement[] {
  const status = exchange.response?.status ?? 0;
  const { operationId, provider, security } = operation;
  if (security.length === 0 || saysNothing(status)) return [];
  const kind = credentialOf(exchange);
  const name = nameOf(operationId);
  const expected401 = status === 401 ? [] : [`${said}: expected status 401`];
  if (kind === 'none') return judgementOf(rules, `${provider}.SEC-none-${name}`, expected401);
  if (kind !== 'other' && !kindsOf(operation).includes(kind)) {
    const violations = expected401.map((violation) => `${violation} for ${kind} credentials`);
    return judgementOf(rules, `${provider}.SCP-kind-${name}`, violations);
  }
  const token = rules.tokens.of(exchange);
  if (!token) return [];
  const obstacle = obstacleOf(token, operation, exchange.startedAt);
  const opened = status < 300 && obstacle !== undefined;
  return [{ check: tokenCheck(operation), violations: opened ? [`${said} for ${obstacle}`] : [] }];
}

const tokenCheck = ({ operationId, provider, method, path, security }: DeclaredOperation): Judgement['check'] => ({
  id: `${provider}.TRF-token-${nameOf(operationId)}`,
  title: `${method} ${path} is opened by no token that lacks its scopes or has expired`,
  provider: provider as Check['provider'],
  operation: operationId,
  level: 'MUST',
  clause: `openapi.yaml, security: ${[...new Set(security.flatMap((one) => Object.values(one).flat()))].join(', ') || 'any scope'}; RFC 6750 §3.1`,
  evidence: provider === 'shortForm' ? 'convenience' : 'documented',
  risk: 'read',
  needs: [],
});

function judgeMethod(
  route: Route & { kind: 'other method' },
  exchange: TracedExchange,
  reply: Reply,
  rules: Rules,
): Judgement[] {
  const { path } = route;
  const { method, headers } = exchange.request;
  // A browser's question before a request (Fetch §3.2.2) is answered by other rules.
  if (headers['access-control-request-method'] !== undefined || path.otherMethods[method] === undefined) return [];
  const kind = ['GET', 'HEAD', 'OPTIONS', 'TRACE'].includes(method) ? 'safe' : 'unsafe';
  const name = nameOf(path.operations[0]?.operationId ?? '');
  return judgementOf(
    rules,
    `${path.provider}.MTH-${kind}-${name}`,
    violationsOf(() => judgeOtherMethod(rules.document, path, method, reply)),
  );
}

function violationsOf(prove: () => void): string[] {
  try {
    prove();
    return [];
  } catch (error) {
    if (error instanceof CheckFailure) return [error.message];
    throw error;
  }
}

/** The real APIs have paths that the document leaves out; then the fake is no stand-in for what the application does. */
function judgeUnknownPath(provider: string, { request, response }: TracedExchange, { document }: Rules): Judgement {
  const [first] = [...document.operations.values()].filter((operation) => operation.provider === provider);
  const status = response?.status ?? 0;
  const path = new URL(request.url).pathname;
  return {
    check: {
      id: `${provider}.TRF-paths`,
      title: 'Every path that is answered is one of openapi.yaml',
      provider: provider as Check['provider'],
      operation: first?.operationId ?? '',
      level: 'PARITY',
      clause: 'openapi.yaml, paths and x-surfaces',
      evidence: 'assumed',
      risk: 'read',
      needs: [],
    },
    violations:
      status < 400 ? [`${request.method} ${path} -> ${status}: the document has no such path, a fake answers 404`] : [],
  };
}

const replyOf = (
  { request }: TracedExchange,
  { status, headers, body }: NonNullable<TracedExchange['response']>,
): Reply => ({
  request: { method: request.method, url: request.url, headers: request.headers },
  status,
  headers,
  text: body,
  json: () => JSON.parse(body) as Record<string, unknown>,
});
