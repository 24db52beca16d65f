/** /__admin/ca: what clients must trust, for those who do not see the fake's files, as beside a container. */
import { type AdminRoute, part } from './route.ts';

export const authorityRoutes: AdminRoute[] = [
  {
    ...{ method: 'get', path: '/ca', operationId: 'getAuthority', summary: 'The authority that clients must trust' },
    answers: {
      200: { description: 'Its certificate, in PEM', schema: part('Authority') },
      404: { description: 'The fake has none of its own: neither --intercept nor --tls', schema: part('Error') },
    },
    handle: ({ authority }) =>
      authority === undefined
        ? { status: 404, body: { error: 'without --intercept or --tls there is no authority' } }
        : { status: 200, body: { pem: authority } },
  },
];
