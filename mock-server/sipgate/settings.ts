/** What nobody outside knows about the real sipgate API, each with the choice that the fake makes unless told otherwise. */

export interface SipgateSettings {
  /** Whether a 401 carries challenges. RFC 9110 §15.5.2 demands them; no capture shows. */
  wwwAuthenticate: boolean;
  /** Whether a 405 carries `Allow`. RFC 9110 §15.5.6 demands it; no capture shows. */
  allowHeader: boolean;
  /** Body of a 400, 403, 404, 405, 413, 415: none, `{errors:[…]}` or `{name,message}`. None is confirmed. */
  errorBody: 'empty' | 'errors' | 'name-message';
  /** Whether e-mail and password still work as Basic credentials (deprecated by the vendor in 2021). */
  passwordBasic: boolean;
  /** Whether the answer to a client's creation shows its secret, or only a GET does. */
  createReturnsSecret: boolean;
  /** Status for a client id of another account. */
  foreignClient: 403 | 404;
  /** Whether redirect URIs are checked as Keycloak checks them (absolute, no fragment, no script scheme). */
  redirectUriRules: boolean;
  /** Whether a client made over the API may use the client credentials grant. */
  createdClientsHaveServiceAccount: boolean;
  /** Realm of clients made over the API. */
  createdClientsRealm: 'sipgate-apps' | 'third-party';
  /** Life of an access token in seconds. 300 is documented. */
  accessTokenLife: number;
  /** Life of a refresh token, and so of an unused session, in seconds. 2592000 is documented. */
  refreshTokenLife: number;
  /** Life of an authorization code in seconds. Keycloak's default. */
  codeLife: number;
  /** Whether a refresh token can be used once only. The vendor's example programs say so. */
  refreshTokenRotation: boolean;
  /** What happens to a scope at a refresh that was never granted: RFC 6749 §6 forbids it, Keycloak drops it silently. */
  refreshWiderScope: 'refuse' | 'drop';
  /** Which clients introspection tells about an access token: those in its `aud`, which has none, or any of the realm. */
  introspectionAudience: 'client' | 'any';
  /** E-mail address of a user who is logged in and consents without any page, for tests without a browser. */
  autoLogin: string;
  /** Keycloak's version, for what it changed over the years. sipgate's is not public. */
  keycloakVersion: KeycloakVersion;
}

/**
 * Each begins a change: `token_type` is "bearer" before 12; a wrong secret is 400 before 9; an unknown client is 400
 * before 20; a missing client_id is 400, and a wrong password 401, before 26.
 */
export type KeycloakVersion = 8 | 9 | 12 | 20 | 26;

export const defaultSipgateSettings: SipgateSettings = {
  wwwAuthenticate: true,
  allowHeader: true,
  errorBody: 'empty',
  passwordBasic: false,
  createReturnsSecret: true,
  foreignClient: 404,
  redirectUriRules: true,
  createdClientsHaveServiceAccount: true,
  createdClientsRealm: 'sipgate-apps',
  accessTokenLife: 300,
  refreshTokenLife: 2_592_000,
  codeLife: 60,
  refreshTokenRotation: true,
  refreshWiderScope: 'refuse',
  introspectionAudience: 'client',
  autoLogin: '',
  keycloakVersion: 26,
};

/** What each setting may be: a sample of its type, or the list of its values. */
export const sipgateSettingChoices = {
  errorBody: ['empty', 'errors', 'name-message'],
  foreignClient: [403, 404],
  createdClientsRealm: ['sipgate-apps', 'third-party'],
  refreshWiderScope: ['refuse', 'drop'],
  introspectionAudience: ['client', 'any'],
  keycloakVersion: [8, 9, 12, 20, 26],
} as const;
