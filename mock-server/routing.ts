/** The validator's own routing, asked once for each operation and remembered: it compiles every path at every request. */
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { ApiDocument } from './document.ts';
import { createRoutes } from './routes.ts';

/** As much as is needed of what the validator leaves at a request. */
interface Matched {
  openApiRoute: string;
  pathParams: Record<string, string>;
}

interface Routed {
  openapi?: Matched;
}

/** What the validator said: the match without its parameters, or the error. Of one path and method it is always the same. */
type Verdict = { matched: Matched } | { refusal: Error };

/** As many as there are pairs of a path in the document and a method that Node knows. */
export function rememberRoutes(document: ApiDocument, route: RequestHandler): RequestHandler {
  const routes = createRoutes(document);
  const verdicts = new Map<string, Verdict>();

  const ask = (key: string, template: string, [incoming, response, next]: Parameters<RequestHandler>) =>
    route(asExpress(incoming), response, ((thrown?: Error) => {
      const matched = (incoming as Request & Routed).openapi;
      const verdict = thrown ? { refusal: thrown } : matched && { matched };
      prove(verdict, template, incoming.url);
      if (verdict && isLasting(verdict)) verdicts.set(key, verdict);
      next(thrown);
    }) as NextFunction);

  return (incoming: Request & Routed, response: Response, next: NextFunction) => {
    const found = routes(incoming.url.split('?', 1)[0] as string);
    if (found === 'malformed') return route(asExpress(incoming), response, next);
    const { template, params } = found ?? { template: '', params: {} };
    const key = `${incoming.method} ${template}`;
    const verdict = verdicts.get(key);
    if (!verdict) return ask(key, template, [incoming, response, next]);
    if ('refusal' in verdict) return next(verdict.refusal);
    incoming.openapi = { ...verdict.matched, pathParams: params };
    incoming.params = params;
    next();
  };
}

/** What the validator's routing reads of Express. */
const asExpress = (incoming: Request) =>
  Object.assign(incoming, {
    app: { enabled: (setting: string) => setting === 'case sensitive routing' },
    path: incoming.url.split('?', 1)[0],
  } as unknown as Pick<Request, 'app' | 'path'>);

const statusOf = ({ refusal }: { refusal: Error & { status?: number } }) => refusal.status;

const isLasting = (verdict: Verdict) => !('refusal' in verdict) || [404, 405].includes(statusOf(verdict) ?? 0);

/** Two that route must never differ. */
function prove(verdict: Verdict | undefined, template: string, url: string): void {
  const missed = verdict && 'refusal' in verdict && statusOf(verdict) === 404;
  const theirs = verdict && 'matched' in verdict ? verdict.matched.openApiRoute : missed ? '' : template;
  if (theirs === template) return;
  throw new Error(`the validator takes "${url.split('?', 1)[0]}" for "${theirs}", the fake for "${template}"`);
}
