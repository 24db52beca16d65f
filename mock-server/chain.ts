/** Handlers one after the other, as Express calls them, without what else Express does for a request. */
import type { ErrorRequestHandler, NextFunction, Request, RequestHandler, Response } from 'express';

export type Handler = RequestHandler | ErrorRequestHandler;

/** What handlers find at a request beside what Node put there. */
type Given = Pick<Request, 'originalUrl' | 'baseUrl' | 'params' | 'res'>;

/**
 * Calls the handlers in turn: each calls `next` once, or answers. What one throws, rejects with or hands to `next` goes to
 * the next one with four parameters.
 */
export function chainOf(handlers: Handler[]): (incoming: Request, response: Response) => void {
  const judges = handlers.map((handler) => handler.length === 4);

  return (incoming, response) => {
    Object.assign(incoming, { originalUrl: incoming.url, baseUrl: '', params: {}, res: response } satisfies Given);
    let at = 0;
    // One for all of them: a request would cost two dozen functions.
    const next = (thrown?: unknown): void => {
      const wanted = thrown !== undefined;
      while (at < handlers.length && judges[at] !== wanted) at += 1;
      const handler = handlers[at];
      if (!handler) return;
      at += 1;
      try {
        const done: unknown = wanted
          ? (handler as ErrorRequestHandler)(thrown, incoming, response, next as NextFunction)
          : (handler as RequestHandler)(incoming, response, next as NextFunction);
        if (done instanceof Promise) done.catch(failed);
      } catch (error) {
        failed(error);
      }
    };
    const failed = (error: unknown) => next(error ?? new Error('a handler failed without saying why'));
    next();
  };
}
