/** GET and POST …/protocol/openid-connect/userinfo (OpenID Connect Core §5.3): who the token's user is. */
import { splitAuthorization } from '../../credentials.ts';
import { ApiError } from '../../errors.ts';
import type { Form } from '../../forms.ts';
import type { Answer, ApiRequest, Operation } from '../../provider.ts';
import type { ClientRecord } from '../seed.ts';
import { isDead, type LivingToken, scopesOf } from './access-tokens.ts';
import { clientCors, reflectOrigin } from './cors.ts';
import { EMPTY, NO_STORE } from './errors.ts';
import { readForm } from './form-body.ts';
import type { LoginServer } from './login-server.ts';
import { realmOf } from './realm.ts';

export function createUserinfo(server: LoginServer): Operation {
  return async (request) => {
    const realm = realmOf(request);
    const { claims, client, user } = await livingToken(request, realm, server);
    const cors = corsOf(request, client);
    const sub = claims.sid === undefined ? claims.sub : user.subject;
    // Two lines (measured).
    const headers = { ...NO_STORE, 'cache-control': ['no-store', 'no-cache'], ...cors };
    return { status: 200, headers, body: { sub } } satisfies Answer;
  };
}

function corsOf(request: ApiRequest, client: ClientRecord): Record<string, string> {
  try {
    return clientCors(request, client);
  } catch (error) {
    if (error instanceof ApiError) Object.assign(error.headers, NO_STORE);
    throw error;
  }
}

/** Of this realm, with `openid`. Throws the challenges that Keycloak sends (RFC 6750 §3). */
async function livingToken(request: ApiRequest, realm: string, server: LoginServer): Promise<LivingToken> {
  const token = tokenOf(request, realm);
  if (token === undefined) throw challenge(401, request, realm, 'no token');
  const found = await server.accessTokens.inspect(token);
  if (isDead(found)) {
    // Measured: the scope is looked at before the session.
    if (found.claims && !scopesOf(found.claims).includes('openid')) throw withoutOpenid(request, realm);
    throw challenge(401, request, realm, found.reason, ['invalid_token', found.description]);
  }
  if (found.client.realm !== realm) {
    const description = 'Token verification failed';
    throw challenge(401, request, realm, 'the token is of another realm', ['invalid_token', description]);
  }
  if (!scopesOf(found.claims).includes('openid')) throw withoutOpenid(request, realm);
  return found;
}

const withoutOpenid = (request: ApiRequest, realm: string) =>
  challenge(403, request, realm, 'needs the scope openid', ['insufficient_scope', 'Missing openid scope']);

/** RFC 6750 §2: in the header or in the form, not in both. */
function tokenOf(request: ApiRequest, realm: string): string | undefined {
  const form = request.method === 'POST' ? formOf(request, realm) : undefined;
  const inForm = form?.get('access_token');
  const { scheme, credentials } = splitAuthorization(request.authorization[0] ?? '');
  const inHeader = scheme === 'bearer' && /^[^\s]+$/.test(credentials) ? credentials : undefined;
  if (inForm !== undefined && inHeader !== undefined) {
    const description = 'More than one method used for including an access token';
    throw challenge(400, request, realm, description, ['invalid_request', description]);
  }
  if (form?.duplicate !== undefined) {
    throw challenge(400, request, realm, `"${form.duplicate}" is sent twice`, [
      'invalid_request',
      'Duplicate parameter',
    ]);
  }
  return inHeader ?? inForm;
}

/** A form that cannot be read is refused in this endpoint's way too. */
function formOf(request: ApiRequest, realm: string): Form {
  try {
    return readForm(request);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 400) throw error;
    throw challenge(400, request, realm, error.reason, ['invalid_request', error.message]);
  }
}

/** An empty answer; everything is in the header. */
function challenge(
  status: number,
  request: ApiRequest,
  realm: string,
  reason: string,
  [error, description]: [string?, string?] = [],
): ApiError {
  const parts = [`Bearer realm="${realm}"`];
  if (error !== undefined) parts.push(`error="${error}"`, `error_description="${description}"`);
  const headers = {
    ...NO_STORE,
    'content-type': 'text/plain;charset=utf-8',
    'www-authenticate': parts.join(', '),
    ...reflectOrigin(request, ['WWW-Authenticate']),
  };
  return new ApiError(status, EMPTY, '', { reason, headers });
}
