/** Cross-origin answers of the login server: a browser may read them if the client has registered its origin. */
import { ApiError } from '../../errors.ts';
import type { Answer, ApiRequest } from '../../provider.ts';
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

/** Keycloak's `+` stands for the origins of the redirect URIs. */
function webOriginsOf({ webOrigins, redirectUris }: ClientRecord): string[] {
  const origins = redirectUris.map((uri) => /^[^/]+\/\/[^/]+/.exec(uri)?.[0] ?? '');
  // Measured: a wildcard in a redirect URI makes no origin.
  return webOrigins.flatMap((pattern) =>
    pattern === '+' ? origins.filter((origin) => !origin.includes('*')) : pattern,
  );
}

/**
 * Headers for a client's answer. Measured: the login server's own origin needs none, and an origin that the client has
 * not registered is refused.
 */
export function clientCors(request: ApiRequest, client: ClientRecord): Record<string, string> {
  const { origin } = request.headers;
  if (origin === undefined || origin === new URL(request.origin).origin) return {};
  if (!webOriginsOf(client).some((pattern) => pattern === '*' || matchesWildcard(pattern, origin))) {
    throw invalidOrigin(`the client's web origins do not include "${origin}"`);
  }
  return reflectOrigin(request);
}

/** The same headers on what an endpoint answers and on what it refuses. */
export async function withCors(headers: Record<string, string>, answer: () => Promise<Answer>): Promise<Answer> {
  try {
    const given = await answer();
    return { ...given, headers: { ...given.headers, ...headers } };
  } catch (error) {
    if (error instanceof ApiError) Object.assign(error.headers, headers);
    throw error;
  }
}
