/** GET …/.well-known/openid-configuration (OpenID Connect Discovery 1.0 §4): what this realm serves, and no more. */
import type { ApiRequest, Operation } from '../../provider.ts';
import { grants } from './grants/index.ts';
import { realmOf } from './realm.ts';
import { issuerOf } from './tokens.ts';

export const openIdConfiguration: Operation = (request) => {
  const issuer = issuerOf(request.origin, realmOf(request));
  const endpoints = `${issuer}/protocol/openid-connect`;
  return {
    status: 200,
    headers: publicHeaders(request, 'no-cache, must-revalidate, no-transform, no-store'),
    body: {
      issuer,
      token_endpoint: `${endpoints}/token`,
      jwks_uri: `${endpoints}/certs`,
      grant_types_supported: grants.map(({ name }) => name),
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    },
  };
};

/** Measured: these two documents are for any origin. */
export function publicHeaders({ headers }: ApiRequest, cacheControl: string): Record<string, string> {
  if (headers.origin === undefined) return { 'cache-control': cacheControl };
  return {
    'cache-control': cacheControl,
    'access-control-allow-origin': headers.origin,
    'access-control-allow-credentials': 'true',
  };
}
