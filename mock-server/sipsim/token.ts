/** POST /oauth/token. Order of checks, Doorkeeper's: grant_type, client, grant allowed for the client, scope. */
import type { Answer, ApiRequest, ClientSource, MintedToken, Operation, SourcedClient } from '../provider.ts';
import { authenticateClient } from './client-authentication.ts';
import { invalidScope, missingGrantType, NO_STORE, unauthorizedClient, unsupportedGrantType } from './errors.ts';
import { type SipsimSettings, since } from './settings.ts';
import { readParameters } from './token-parameters.ts';

/**
 * @param own where a client id is looked for.
 * @param further where it is looked for after that: a convenience of the fake's, which the vendor's host does not have.
 */
export function createTokenEndpoint(settings: SipsimSettings, own: ClientSource, further: ClientSource[]): Operation {
  return async (request) => {
    const sources = request.vendorHost ? [own] : [own, ...further];
    const parameters = readParameters(request, settings);
    const grantType = parameters.get('grant_type') ?? '';
    if (grantType.trim() === '') throw missingGrantType(whyMissing(request));
    if (grantType !== 'client_credentials') {
      throw unsupportedGrantType(`"${grantType}" is not client_credentials, the only grant here`);
    }
    const { client, source } = await authenticateClient(request, parameters, settings, sources);
    if (!client.clientCredentials) throw unauthorizedClient(since(settings, '6.0') ? 400 : 401);
    const scopes = grantedScopes(parameters.get('scope'), client, settings);
    return tokenAnswer(await source.issue(client, scopes));
  };
}

function whyMissing({ body }: ApiRequest): string | undefined {
  const read = ['application/x-www-form-urlencoded', 'application/json'];
  if (!body || body.mediaType === '' || read.includes(body.mediaType.toLowerCase())) return undefined;
  return `no grant_type: the body is of type "${body.mediaType}"; read are ${read.join(' and ')}`;
}

/** All or nothing; exact; duplicates removed; order kept. */
function grantedScopes(requested: string | undefined, client: SourcedClient, settings: SipsimSettings): string[] {
  if (requested === undefined || requested.trim() === '') {
    const defaults = [...client.defaultScopes, ...settings.defaultScopes];
    const granted = [...new Set(defaults)].filter((scope) => client.scopes.includes(scope));
    // From 5.6.0 on (doorkeeper-gem/doorkeeper#1588); before, such a token had no scope.
    if (granted.length === 0 && client.limited && since(settings, '5.8')) throw invalidScope(NO_SCOPE);
    return granted;
  }
  // Any white space separates them (measured), where RFC 6749 §3.3 has spaces alone.
  const scopes = [...new Set(requested.split(/\s+/).filter((scope) => scope !== ''))];
  const refused = scopes.find((scope) => !client.scopes.includes(scope));
  if (refused !== undefined) throw invalidScope(`the client may not have the scope "${refused}"`);
  return scopes;
}

const NO_SCOPE = 'no scope was asked for, and the client has none by default (setting sipsim.defaultScopes)';

/** Member order as documented. Without a scope the member is absent. */
function tokenAnswer({ accessToken, expiresIn, scopes, createdAt }: MintedToken): Answer {
  const scope = scopes.length > 0 ? { scope: scopes.join(' ') } : {};
  return {
    status: 200,
    headers: NO_STORE,
    body: { access_token: accessToken, token_type: 'Bearer', expires_in: expiresIn, ...scope, created_at: createdAt },
  };
}
