/** Handlers one after the other, as Express calls them, without what else Express does for a request. */
import type { ErrorRequestHandler, NextFunction, Request, RequestHandler, Response } from 'express';

export type Handler = RequestHandler | ErrorRequestHandler;

/** What handlers find at a request beside what Node put there. */
type Given = Pick<Request, 'originalUrl' | 'baseUrl' | 'params' | 'res'>;

/**
 * Calls the handlers in turn: each calls `next`, or answers. What one throws, rejects with or hands to `next` goes to the
 * next one with four parameters.
 */
export function chainOf(handlers: Handler[]): (incoming: Request, response: Response) => void {
  const judges = handlers.map((handler) => handler.length === 4);

  const from = (index: number, incoming: Request, response: Response, thrown: unknown): void => {
    const wanted = thrown !== undefined;
    let at = index;
    while (at < handlers.length && judges[at] !== wanted) at += 1;
    if (at === handlers.length) return;
    const next = ((error?: unknown) => from(at + 1, incoming, response, error)) as NextFunction;
    const failed = (error: unknown) => next(error ?? new Error('a handler failed without saying why'));
    try {
      const handler = handlers[at];
      const done: unknown = wanted
        ? (handler as ErrorRequestHandler)(thrown, incoming, response, next)
        : (handler as RequestHandler)(incoming, response, next);
      if (done instanceof Promise) done.catch(failed);
    } catch (error) {
      failed(error);
    }
  };

  return (incoming, response) => {
    Object.assign(incoming, { originalUrl: incoming.url, baseUrl: '', params: {}, res: response } satisfies Given);
    from(0, incoming, response, undefined);
  };
}
