// openapi-backend on express, as its documentation shows a mock server. Runs in the folder where it is installed.
// node openapi-backend.cjs PORT DOCUMENT
const { createRequire } = require('node:module');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const [port, document] = process.argv.slice(2);
const load = createRequire(join(process.cwd(), 'package.json'));
const { OpenAPIBackend } = load('openapi-backend');
const express = load('express');

const api = new OpenAPIBackend({ definition: JSON.parse(readFileSync(document, 'utf8')) });
api.register({
  notImplemented: async (context, _request, response) => {
    const { status, mock } = context.api.mockResponseForOperation(context.operation.operationId);
    return response.status(status).json(mock);
  },
  notFound: (_context, _request, response) => response.status(404).json({ error: 'not found' }),
  validationFail: (context, _request, response) => response.status(400).json({ error: context.validation.errors }),
  unauthorizedHandler: (_context, _request, response) => response.status(401).json({ error: 'unauthorized' }),
});
api.registerSecurityHandler('basic', (context) => Boolean(context.request.headers.authorization));
api.init().then(() => {
  const app = express();
  app.use(express.json());
  app.use((request, response) => api.handleRequest(request, request, response));
  app.listen(Number(port), '127.0.0.1');
});
