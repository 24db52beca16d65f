/** POST …/protocol/openid-connect/token. Order of checks: realm, grant_type, client, origin, duplicates, grant. */

import { ApiError, contentTooLarge } from '../../errors.ts';
import { emptyForm, type Form, parseForm } from '../../forms.ts';
import type { Answer, ApiRequest, Operation } from '../../provider.ts';
import type { ClientRecord } from '../seed.ts';
import type { SipgateState } from '../state.ts';
import { matchesWildcard } from '../wildcards.ts';
import { authenticateClient } from './client-authentication.ts';
import {
  brokenForm,
  dpopFailure,
  duplicatedParameter,
  invalidOrigin,
  missingGrantType,
  NO_STORE,
  unsupportedGrantType,
} from './errors.ts';
import { type GrantRequest, grants } from './grants/index.ts';
import { withoutControls } from './parameters.ts';
import { realmOf } from './realm.ts';
import type { AccessTokens, IssuedTokens } from './tokens.ts';

export function createTokenEndpoint(state: SipgateState, tokens: AccessTokens): Operation {
  return async (request) => {
    const realm = realmOf(request);
    try {
      return await answer(request, realm, state, tokens);
    } catch (error) {
      // Every answer of this endpoint is marked uncacheable, its errors too (RFC 6749 §5.1 asks it of tokens).
      if (error instanceof ApiError) Object.assign(error.headers, NO_STORE);
      throw error;
    }
  };
}

async function answer(request: ApiRequest, realm: string, state: SipgateState, tokens: AccessTokens): Promise<Answer> {
  const form = readForm(request);
  const grantType = withoutControls(form.get('grant_type'));
  if (grantType === undefined) throw missingGrantType(whyMissing(request));
  const grant = grants.find(({ name }) => name === grantType);
  if (!grant) throw unsupportedGrantType(`"${grantType}" is none of: ${grants.map(({ name }) => name).join(', ')}`);

  if (request.headers.dpop !== undefined) throw dpopFailure('DPoP is not imitated; Keycloak refuses a bad proof alike');

  // Who cannot say which client it is gets its origin reflected, whatever it is.
  let reflected = corsHeaders(request.headers.origin);
  try {
    const client = await authenticateClient(request, form, realm, state);
    if (request.headers.origin === request.origin) reflected = {};
    else checkOrigin(request, client);
    if (form.duplicate !== undefined) throw duplicatedParameter(`the parameter "${form.duplicate}" is sent twice`);
    const grantRequest: GrantRequest = { form, client, realm, origin: request.origin, state, tokens };
    const issued = await grant.issue(grantRequest);
    return { status: 200, headers: { ...NO_STORE, ...reflected }, body: tokenAnswer(issued) };
  } catch (error) {
    if (error instanceof ApiError && error.code !== 'Invalid origin') Object.assign(error.headers, reflected);
    throw error;
  }
}

/** Measured. Bytes there, characters here. */
const LONGEST_VALUE = 131_072;
const MOST_PARAMETERS = 1_000;

/** Only a form body is read, never the query; any other body counts as none. The type's case counts (measured). */
function readForm({ body }: ApiRequest): Form {
  if (body?.mediaType !== 'application/x-www-form-urlencoded') return emptyForm;
  const form = parseForm(body.bytes.toString('utf8'));
  if (!form) throw brokenForm('a percent sign in the form body is not followed by two hexadecimal digits');
  if (form.size > MOST_PARAMETERS) throw brokenForm(`the form has more than ${MOST_PARAMETERS} parameters`);
  if (form.longest > LONGEST_VALUE) throw contentTooLarge(LONGEST_VALUE);
  return form;
}

function whyMissing({ body, query }: ApiRequest): string {
  if (query.has('grant_type')) return 'grant_type is in the query; only the form body is read';
  if (body && body.mediaType !== 'application/x-www-form-urlencoded') {
    const given = body.mediaType === '' ? 'has no Content-Type' : `is of type "${body.mediaType}"`;
    return `the body ${given}; only application/x-www-form-urlencoded is read`;
  }
  return 'Missing form parameter: grant_type';
}

/** Measured: a known client's answer is refused to an origin that the client has not registered. */
function checkOrigin({ headers: { origin } }: ApiRequest, client: ClientRecord): void {
  if (origin === undefined) return;
  if (!client.webOrigins.some((pattern) => pattern === '*' || matchesWildcard(pattern, origin))) {
    throw invalidOrigin(`the client's web origins do not include "${origin}"`);
  }
}

function corsHeaders(origin: string | undefined): Record<string, string> {
  if (origin === undefined) return {};
  return {
    'access-control-allow-origin': origin,
    'access-control-expose-headers': 'Access-Control-Allow-Methods',
    'access-control-allow-credentials': 'true',
  };
}

/** Member order as measured. */
function tokenAnswer(issued: IssuedTokens): Record<string, unknown> {
  return {
    access_token: issued.accessToken,
    expires_in: issued.expiresIn,
    refresh_expires_in: issued.refreshExpiresIn,
    ...(issued.refreshToken !== undefined && { refresh_token: issued.refreshToken }),
    token_type: 'Bearer',
    ...(issued.idToken !== undefined && { id_token: issued.idToken }),
    'not-before-policy': 0,
    ...(issued.sessionState !== undefined && { session_state: issued.sessionState }),
    scope: issued.scopes.join(' '),
  };
}
