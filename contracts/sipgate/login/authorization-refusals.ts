/** sipgate's login server: the rows of what a client is told by redirect (RFC 6749 §4.1.2.1), as Keycloak has them (measured). */
import type { Check } from '../../check.ts';
import type { FormChange } from '../../token-endpoint/endpoint.ts';
import { KEYCLOAK } from './endpoint.ts';

/** A refusal that is told by redirect. */
export interface Row {
  id: string;
  title: string;
  level: Check['level'];
  clause: string;
  change: FormChange;
  error: string;
  /** Keycloak's; none if absent. */
  description?: string;
  place?: 'fragment';
}

const NO_FLOW = 'Client is not allowed to initiate browser login with given response_type.';
export const BAD_SCOPE = 'sidetone-no-such-scope';
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

/** Each is a request that is right but for `change`. */
export const refusals: Row[] = [
  {
    id: 'sipgate.AUT-03',
    title: 'Without response_type the client is told invalid_request',
    level: 'MUST',
    clause: 'RFC 6749 §3.1.1, §4.1.2.1',
    change: { response_type: undefined },
    error: 'invalid_request',
    description: 'Missing parameter: response_type',
  },
  {
    id: 'sipgate.AUT-04a',
    title: 'An unknown response_type is unsupported_response_type',
    level: 'MUST',
    clause: 'RFC 6749 §4.1.2.1',
    change: { response_type: 'sidetone' },
    error: 'unsupported_response_type',
  },
  {
    id: 'sipgate.AUT-04b',
    title: 'The case of response_type counts',
    level: 'MUST',
    clause: 'RFC 6749 §3.1.1',
    change: { response_type: 'CODE' },
    error: 'unsupported_response_type',
  },
  {
    id: 'sipgate.AUT-04c',
    title: 'A token without a code is unauthorized_client, told in the fragment',
    level: 'PARITY',
    clause: `${KEYCLOAK}; RFC 6749 §4.2.2.1, RFC 9700 §2.1.2 (no implicit grant)`,
    change: { response_type: 'token' },
    error: 'unauthorized_client',
    description: `${NO_FLOW} Implicit flow is disabled for the client.`,
    place: 'fragment',
  },
  {
    id: 'sipgate.AUT-04d',
    title: 'An ID token beside the code is unauthorized_client, told in the fragment',
    level: 'PARITY',
    clause: `${KEYCLOAK}; OAuth 2.0 Multiple Response Types §5`,
    change: { response_type: 'code id_token' },
    error: 'unauthorized_client',
    description: `${NO_FLOW} Implicit flow is disabled for the client.`,
    place: 'fragment',
  },
  {
    id: 'sipgate.AUT-05a',
    title: 'An unknown scope is invalid_scope',
    level: 'MUST',
    clause: 'RFC 6749 §3.3, §4.1.2.1',
    change: { scope: BAD_SCOPE },
    error: 'invalid_scope',
    description: `Invalid scopes: ${BAD_SCOPE}`,
  },
  {
    id: 'sipgate.AUT-05b',
    title: 'One unknown scope among good ones refuses them all',
    level: 'MUST',
    clause: 'RFC 6749 §3.3',
    change: { scope: `openid account:read ${BAD_SCOPE}` },
    error: 'invalid_scope',
    description: `Invalid scopes: openid account:read ${BAD_SCOPE}`,
  },
  {
    id: 'sipgate.AUT-05c',
    title: 'The case of a scope counts',
    level: 'MUST',
    clause: 'RFC 6749 §3.3',
    change: { scope: 'ACCOUNT:READ' },
    error: 'invalid_scope',
    description: 'Invalid scopes: ACCOUNT:READ',
  },
  {
    id: 'sipgate.AUT-05d',
    title: 'An empty scope is invalid_scope',
    level: 'PARITY',
    clause: KEYCLOAK,
    change: { scope: '' },
    error: 'invalid_scope',
    description: 'Invalid scopes: ',
  },
  {
    id: 'sipgate.AUT-05e',
    title: 'Two spaces between scopes are invalid_scope',
    level: 'MUST',
    clause: 'RFC 6749 §3.3 (one space)',
    change: { scope: 'account:read  balance:read' },
    error: 'invalid_scope',
    description: 'Invalid scopes: account:read  balance:read',
  },
  {
    id: 'sipgate.AUT-15a',
    title: 'An unknown response_mode is invalid_request, told in the query',
    level: 'PARITY',
    clause: KEYCLOAK,
    change: { response_mode: 'sidetone' },
    error: 'invalid_request',
    description: 'Invalid parameter: response_mode',
  },
  {
    id: 'sipgate.AUT-15b',
    title: 'response_mode=query beside a token is invalid_request',
    level: 'MUST',
    clause: 'OAuth 2.0 Multiple Response Types §5',
    change: { response_type: 'token', response_mode: 'query' },
    error: 'invalid_request',
    description: "Response_mode 'query' not allowed for implicit or hybrid flow",
  },
  {
    id: 'sipgate.PKC-06a',
    title: 'An unknown code_challenge_method is invalid_request',
    level: 'MUST',
    clause: 'RFC 7636 §4.4.1',
    change: { code_challenge: CHALLENGE, code_challenge_method: 'S512' },
    error: 'invalid_request',
    description: 'Invalid parameter: code_challenge_method',
  },
  {
    id: 'sipgate.PKC-06b',
    title: 'A code_challenge_method without a challenge is invalid_request',
    level: 'MUST',
    clause: 'RFC 7636 §4.4.1',
    change: { code_challenge_method: 'S256' },
    error: 'invalid_request',
    description: 'Missing parameter: code_challenge',
  },
  {
    id: 'sipgate.PKC-06c',
    title: 'A challenge of 42 characters is invalid_request',
    level: 'SHOULD',
    clause: `RFC 7636 §4.2; the code as ${KEYCLOAK}`,
    change: { code_challenge: CHALLENGE.slice(1), code_challenge_method: 'S256' },
    error: 'invalid_request',
    description: 'Invalid parameter: code_challenge',
  },
  {
    id: 'sipgate.PKC-06d',
    title: 'A challenge of Base64 with plus and padding is invalid_request',
    level: 'SHOULD',
    clause: `RFC 7636 §4.2, App. A; the code as ${KEYCLOAK}`,
    change: { code_challenge: `${CHALLENGE.slice(2)}+=`, code_challenge_method: 'S256' },
    error: 'invalid_request',
    description: 'Invalid parameter: code_challenge',
  },
  {
    id: 'sipgate.PKC-06e',
    title: 'S256 in small letters is an unknown method: invalid_request',
    level: 'MUST',
    clause: 'RFC 7636 §4.3, §4.4.1',
    change: { code_challenge: CHALLENGE, code_challenge_method: 's256' },
    error: 'invalid_request',
    description: 'Invalid parameter: code_challenge_method',
  },
  {
    id: 'sipgate.AUT-30',
    title: 'prompt=none of a browser that is not logged in is login_required',
    level: 'MUST',
    clause: 'OpenID Connect Core §3.1.2.1, §3.1.2.6',
    change: { prompt: 'none' },
    error: 'login_required',
  },
];
