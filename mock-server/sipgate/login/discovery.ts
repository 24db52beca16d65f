/** GET …/.well-known/openid-configuration (OpenID Connect Discovery 1.0 §4): what this realm serves, and no more. */
import type { ApiRequest, Operation } from '../../provider.ts';
import { allowedScopes, type SipgateState } from '../state.ts';
import { RESPONSE_MODES } from './browser/authorization-response.ts';
import { grants } from './grants/index.ts';
import type { LoginServer } from './login-server.ts';
import { challengeMethods } from './pkce.ts';
import { realmOf } from './realm.ts';
import { issuerOf } from './signatures.ts';

const CLIENT_AUTHENTICATION = ['client_secret_basic', 'client_secret_post'];

/** Member order as Keycloak's. */
export const createDiscovery =
  ({ state }: LoginServer): Operation =>
  async (request) => {
    const issuer = issuerOf(request.origin, realmOf(request));
    const endpoints = `${issuer}/protocol/openid-connect`;
    return {
      status: 200,
      headers: publicHeaders(request, 'no-cache, must-revalidate, no-transform, no-store'),
      body: {
        issuer,
        authorization_endpoint: `${endpoints}/auth`,
        token_endpoint: `${endpoints}/token`,
        introspection_endpoint: `${endpoints}/token/introspect`,
        userinfo_endpoint: `${endpoints}/userinfo`,
        end_session_endpoint: `${endpoints}/logout`,
        jwks_uri: `${endpoints}/certs`,
        grant_types_supported: grants.map(({ name }) => name),
        response_types_supported: ['code', 'none'],
        subject_types_supported: ['public'],
        prompt_values_supported: ['none', 'login', 'consent'],
        id_token_signing_alg_values_supported: ['RS256'],
        response_modes_supported: RESPONSE_MODES,
        token_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION,
        introspection_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION,
        claims_supported: ['iss', 'sub', 'aud', 'exp', 'iat', 'auth_time', 'azp', 'nonce'],
        claim_types_supported: ['normal'],
        claims_parameter_supported: false,
        scopes_supported: await scopesOfRealm(realmOf(request), state),
        request_parameter_supported: false,
        request_uri_parameter_supported: false,
        code_challenge_methods_supported: challengeMethods,
        revocation_endpoint: `${endpoints}/revoke`,
        revocation_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION,
        authorization_response_iss_parameter_supported: true,
      },
    };
  };

/** What some client of the realm may have. */
async function scopesOfRealm(realm: string, state: SipgateState): Promise<string[]> {
  const clients = (await state.clients.all()).filter((client) => client.realm === realm);
  return [...new Set(['openid', ...clients.flatMap((client) => allowedScopes(state, client))])];
}

/** Measured: these two documents are for any origin. */
export function publicHeaders({ headers }: ApiRequest, cacheControl: string): Record<string, string> {
  if (headers.origin === undefined) return { 'cache-control': cacheControl };
  return {
    'cache-control': cacheControl,
    'access-control-allow-origin': headers.origin,
    'access-control-allow-credentials': 'true',
  };
}
