/** The parameters of an authorization request (RFC 6749 §4.1.1, OpenID Connect Core §3.1.2.1), judged in Keycloak's order. */
import type { Form } from '../../../forms.ts';
import type { ClientRecord } from '../../seed.ts';
import type { SipgateState } from '../../state.ts';
import { grantedScopes } from '../grants/scope.ts';
import { type Challenge, challengeMethods, isVerifier } from '../pkce.ts';
import {
  AuthorizationError,
  clientDisabled,
  clientNotFound,
  invalidAuthorizationRequest,
  invalidRedirectUri,
  registrationNotAllowed,
} from './authorization-errors.ts';
import { RESPONSE_MODES, type ResponseMode, type ResponseTarget } from './authorization-response.ts';
import { matchingRedirectUri } from './redirect-uri.ts';

export interface AuthorizationRequest extends ResponseTarget {
  client: string;
  responseType: 'code' | 'none';
  /** Whether the redirect URI was in the request; then the token request must repeat it. */
  redirectUriSent: boolean;
  scopes: string[];
  nonce?: string;
  challenge?: Challenge;
  prompts: string[];
  loginHint?: string;
  /** Seconds since the last login that are still good enough. */
  maxAge?: number;
}

/** Measured: a longer value counts as absent. */
const LONGEST = 4_000;

/** Throws a page where the request cannot be trusted with a redirect, and a redirect with the error where it can. */
export async function readAuthorizationRequest(
  form: Form,
  { realm, issuer, state }: { realm: string; issuer: string; state: SipgateState },
): Promise<{ request: AuthorizationRequest; client: ClientRecord }> {
  const parameter = (name: string) => {
    const value = form.get(name);
    return value !== undefined && value.length <= LONGEST ? value : undefined;
  };
  const client = await clientOf(form, realm, state);
  const maxAge = maxAgeOf(parameter('max_age'));
  // Request objects are not imitated; Keycloak's answer to a bad one.
  if (form.duplicate === undefined && (form.get('request') ?? form.get('request_uri')) !== undefined) {
    throw invalidAuthorizationRequest('request objects (request, request_uri) are not imitated');
  }
  const redirectUri = matchingRedirectUri(parameter('redirect_uri'), client);
  if (redirectUri === undefined) throw invalidRedirectUri(whyNotRegistered(parameter('redirect_uri'), client));

  const state_ = parameter('state');
  const target: ResponseTarget = {
    redirectUri,
    issuer,
    responseMode: modeForErrors(parameter('response_mode'), form.get('response_type')),
    ...(state_ !== undefined && { state: state_ }),
  };
  const refuse = (error: string, description: string | undefined, reason?: string): never => {
    throw new AuthorizationError(target, error, description, reason);
  };
  const responseType = checkResponseType(form.get('response_type'), refuse);
  target.responseMode = checkResponseMode(form.get('response_mode'), responseType, refuse);
  checkFlow(responseType, client, refuse);
  // Measured: the secret, which the vendor's programs send here, is the one parameter that may stand twice.
  if (form.duplicate !== undefined && form.duplicate !== 'client_secret') {
    refuse('invalid_request', 'duplicated parameter', `the parameter "${form.duplicate}" is sent twice`);
  }
  const scopes = scopesOf(parameter('scope'), client, state, refuse);
  const challenge = challengeOf(parameter('code_challenge'), parameter('code_challenge_method'), refuse);
  const details = parameter('authorization_details');
  if (details !== undefined) refuse('invalid_request', `Invalid authorization_details: ${details}`);
  const prompts = (parameter('prompt') ?? '').split(' ');
  if (prompts.includes('create')) throw registrationNotAllowed();
  const [nonce, loginHint] = [parameter('nonce'), parameter('login_hint')];
  const request: AuthorizationRequest = {
    ...target,
    client: client.clientId,
    responseType: responseType === 'none' ? 'none' : 'code',
    redirectUriSent: form.get('redirect_uri') !== undefined,
    scopes,
    prompts,
    ...(nonce !== undefined && { nonce }),
    ...(challenge && { challenge }),
    ...(loginHint !== undefined && { loginHint }),
    ...(maxAge !== undefined && { maxAge }),
  };
  return { request, client };
}

type Refuse = (error: string, description: string | undefined, reason?: string) => never;

async function clientOf(form: Form, realm: string, state: SipgateState): Promise<ClientRecord> {
  const clientId = form.get('client_id');
  if (clientId === undefined) throw invalidAuthorizationRequest('Missing parameter: client_id');
  if (form.duplicate === 'client_id') throw invalidAuthorizationRequest('client_id is sent twice');
  const client = await state.clients.get(clientId);
  if (!client || client.realm !== realm) {
    throw clientNotFound(client ? `the client is of the realm "${client.realm}"` : `no client "${clientId}"`);
  }
  if (!client.enabled) throw clientDisabled();
  return client;
}

function maxAgeOf(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (!/^[+-]?\d+$/.test(value))
    throw invalidAuthorizationRequest(`max_age must be a number of seconds, not "${value}"`);
  return Number(value);
}

const whyNotRegistered = (uri: string | undefined, { redirectUris }: ClientRecord) =>
  `${uri === undefined ? 'redirect_uri is missing' : `"${uri}" is none of the client's redirect URIs`}: ${redirectUris.join(' ')}`;

const HYBRID = ['token', 'id_token'];

/** Before the mode is judged itself: an error goes where a good answer would go. */
function modeForErrors(mode: string | undefined, responseType = ''): ResponseMode {
  if (RESPONSE_MODES.includes(mode as ResponseMode)) return mode as ResponseMode;
  return responseType.split(' ').some((type) => HYBRID.includes(type)) ? 'fragment' : 'query';
}

function checkResponseType(value: string | undefined, refuse: Refuse): string {
  if (value === undefined) return refuse('invalid_request', 'Missing parameter: response_type');
  const types = value.split(' ');
  const known = types.every((type) => ['code', 'none', ...HYBRID].includes(type));
  if (!known || (types.includes('none') && new Set(types).size > 1)) {
    return refuse('unsupported_response_type', undefined, `response_type "${value}" is not supported; use "code"`);
  }
  return value;
}

function checkResponseMode(value: string | undefined, responseType: string, refuse: Refuse): ResponseMode {
  const hybrid = responseType.split(' ').some((type) => HYBRID.includes(type));
  if (value === undefined) return hybrid ? 'fragment' : 'query';
  if (!RESPONSE_MODES.includes(value as ResponseMode)) {
    const reason = `response_mode is one of ${RESPONSE_MODES.join(', ')}; Keycloak's signed ones are not imitated`;
    return refuse('invalid_request', 'Invalid parameter: response_mode', reason);
  }
  if (hybrid && value === 'query') {
    return refuse('invalid_request', "Response_mode 'query' not allowed for implicit or hybrid flow");
  }
  return value as ResponseMode;
}

const NO_FLOW = 'Client is not allowed to initiate browser login with given response_type.';

function checkFlow(responseType: string, client: ClientRecord, refuse: Refuse): void {
  if (responseType.split(' ').some((type) => HYBRID.includes(type))) {
    refuse('unauthorized_client', `${NO_FLOW} Implicit flow is disabled for the client.`);
  }
  if (client.standardFlow === false) {
    refuse('unauthorized_client', `${NO_FLOW} Standard flow is disabled for the client.`);
  }
}

function scopesOf(scope: string | undefined, client: ClientRecord, state: SipgateState, refuse: Refuse): string[] {
  try {
    return grantedScopes(scope, client, state);
  } catch (error) {
    return refuse('invalid_scope', `Invalid scopes: ${scope}`, (error as { reason?: string }).reason);
  }
}

/** RFC 7636 §4.3; without a method it is `plain`. */
function challengeOf(value: string | undefined, method: string | undefined, refuse: Refuse): Challenge | undefined {
  if (value === undefined) {
    return method === undefined ? undefined : refuse('invalid_request', 'Missing parameter: code_challenge');
  }
  const known = challengeMethods.find((name) => name === (method ?? 'plain'));
  if (known === undefined) return refuse('invalid_request', 'Invalid parameter: code_challenge_method');
  if (!isVerifier(value)) return refuse('invalid_request', 'Invalid parameter: code_challenge');
  return { value, method: known };
}
