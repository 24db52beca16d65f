/** /__admin/namespaces: isolated copies of the whole fake, made when they are first used. */
import { type AdminRoute, EMPTY, part } from './route.ts';

export const namespaceRoutes: AdminRoute[] = [
  {
    ...{ method: 'get', path: '/namespaces', operationId: 'getNamespaces', summary: 'The living namespaces' },
    answers: { 200: { description: 'The oldest first', schema: part('Namespaces') } },
    handle: ({ namespaces }) => ({ status: 200, body: { namespaces: namespaces.list() } }),
  },
  {
    ...{ method: 'delete', path: '/namespaces', operationId: 'freeNamespaces', summary: 'Frees every namespace' },
    answers: { 204: EMPTY('Freed') },
    handle: ({ namespaces }) => {
      namespaces.freeAll();
      return { status: 204 };
    },
  },
  {
    ...{ method: 'delete', path: '/namespaces/{name}', operationId: 'freeNamespace', summary: 'Frees a namespace' },
    answers: { 204: EMPTY('Freed'), 404: EMPTY('There is none of that name') },
    handle: ({ namespaces, params }) => ({ status: namespaces.free(params.name ?? '') ? 204 : 404 }),
  },
];
