/** The only file that knows express-openapi-validator. */
import type { Request, RequestHandler, Response } from 'express';
import * as OpenApiValidator from 'express-openapi-validator';
import { localsOf } from './answers.ts';
import { type ApiDocument, validationView } from './document.ts';
import { hideable } from './hidden-paths.ts';

/** Its handlers, in the order in which they are to be asked. */
export interface Validator {
  /** Finds the operation. */
  route: RequestHandler;
  /** Has `response.json` judge what it is given. */
  answer: RequestHandler;
  request: RequestHandler;
}

/** Rejects if the document cannot be loaded. */
export async function loadValidator(document: ApiDocument): Promise<Validator> {
  const view = validationView(document);
  const { paths, hide } = hideable(view.paths);
  const installed = OpenApiValidator.middleware({
    apiSpec: { ...view, paths } as never,
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
  // It waits for the document, as each of the others does when it is first asked.
  await new Promise<void>((resolve, reject) => {
    const next = (error?: unknown) => (error === undefined ? resolve() : reject(error));
    // The parameters of a path come from its routing; Express is not told of them.
    void loaded({ app: { param: () => {} } } as never, {} as never, next as never);
  });
  hide();
  return {
    route: named('metadataMiddleware'),
    request: named('requestMiddleware'),
    answer: named('responseMiddleware'),
  };
}
