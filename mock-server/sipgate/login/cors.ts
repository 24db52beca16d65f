/** Cross-origin answers of the login server: a browser may read them if the client has registered its origin. */
import type { ApiRequest } from '../../provider.ts';
import type { ClientRecord } from '../seed.ts';
import { matchesWildcard } from '../wildcards.ts';
import { invalidOrigin } from './errors.ts';

/** Headers that let this origin read the answer; none without an origin. */
export function reflectOrigin({ headers: { origin } }: ApiRequest, exposed: string[] = []): Record<string, string> {
  if (origin === undefined) return {};
  return {
    'access-control-allow-origin': origin,
    'access-control-expose-headers': ['Access-Control-Allow-Methods', ...exposed].join(', '),
    'access-control-allow-credentials': 'true',
  };
}

/**
 * Headers for a client's answer. Measured: the login server's own origin needs none, and an origin that the client has
 * not registered is refused.
 */
export function clientCors(request: ApiRequest, client: ClientRecord): Record<string, string> {
  const { origin } = request.headers;
  if (origin === undefined || origin === new URL(request.origin).origin) return {};
  if (!client.webOrigins.some((pattern) => pattern === '*' || matchesWildcard(pattern, origin))) {
    throw invalidOrigin(`the client's web origins do not include "${origin}"`);
  }
  return reflectOrigin(request);
}
