/** POST …/protocol/openid-connect/token. Order of checks: realm, grant_type, client, origin, duplicates, grant. */

import { ApiError } from '../../errors.ts';
import type { Answer, ApiRequest, Operation } from '../../provider.ts';
import { authenticateClient } from './client-authentication.ts';
import { clientCors, reflectOrigin } from './cors.ts';
import { dpopFailure, duplicatedParameter, missingGrantType, NO_STORE, unsupportedGrantType } from './errors.ts';
import { readForm, whyMissing } from './form-body.ts';
import { grants } from './grants/index.ts';
import type { LoginServer } from './login-server.ts';
import { withoutControls } from './parameters.ts';
import { realmOf } from './realm.ts';
import type { IssuedTokens } from './tokens.ts';

export function createTokenEndpoint(server: LoginServer): Operation {
  return async (request) => {
    const realm = realmOf(request);
    try {
      return await answer(request, realm, server);
    } catch (error) {
      // Every answer of this endpoint is marked uncacheable, its errors too (RFC 6749 §5.1 asks it of tokens).
      if (error instanceof ApiError) Object.assign(error.headers, NO_STORE);
      throw error;
    }
  };
}

async function answer(request: ApiRequest, realm: string, server: LoginServer): Promise<Answer> {
  const form = readForm(request);
  const grantType = withoutControls(form.get('grant_type'));
  if (grantType === undefined) throw missingGrantType(whyMissing('grant_type', request));
  const grant = grants.find(({ name }) => name === grantType);
  if (!grant) throw unsupportedGrantType(`"${grantType}" is none of: ${grants.map(({ name }) => name).join(', ')}`);

  if (request.headers.dpop !== undefined) throw dpopFailure('DPoP is not imitated; Keycloak refuses a bad proof alike');

  // Who cannot say which client it is gets its origin reflected, whatever it is.
  let cors = reflectOrigin(request);
  try {
    const client = await authenticateClient(request, form, realm, server.state);
    cors = {};
    cors = clientCors(request, client);
    if (form.duplicate !== undefined) throw duplicatedParameter(`the parameter "${form.duplicate}" is sent twice`);
    const issued = await grant.issue({ ...server, form, client, realm, origin: request.origin });
    return { status: 200, headers: { ...NO_STORE, ...cors }, body: tokenAnswer(issued, server) };
  } catch (error) {
    if (error instanceof ApiError) Object.assign(error.headers, cors);
    throw error;
  }
}

/** Member order as measured. */
function tokenAnswer(issued: IssuedTokens, { state }: LoginServer): Record<string, unknown> {
  return {
    access_token: issued.accessToken,
    expires_in: issued.expiresIn,
    refresh_expires_in: issued.refreshExpiresIn,
    ...(issued.refreshToken !== undefined && { refresh_token: issued.refreshToken }),
    token_type: state.settings.keycloakVersion < 12 ? 'bearer' : 'Bearer',
    ...(issued.idToken !== undefined && { id_token: issued.idToken }),
    'not-before-policy': 0,
    ...(issued.sessionState !== undefined && { session_state: issued.sessionState }),
    scope: issued.scopes.join(' '),
  };
}
