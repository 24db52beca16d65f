/** Every check of sipgate's login server. A new file of them is a line here. */
import type { Check } from '../../check.ts';
import { lifeChecks } from '../../token-endpoint/life.ts';
import { refusalChecks } from '../../token-endpoint/refusals.ts';
import { successChecks } from '../../token-endpoint/success.ts';
import { loginAuthorizationChecks } from './authorization.ts';
import { loginCodeChecks } from './authorization-code.ts';
import { loginCodeClientChecks } from './authorization-code-clients.ts';
import { loginCodeMisuseChecks } from './authorization-code-misuse.ts';
import { loginCodeTokenChecks } from './authorization-code-tokens.ts';
import { loginAuthorizationErrorChecks } from './authorization-errors.ts';
import { loginAuthorizationParameterChecks } from './authorization-parameters.ts';
import { loginAuthorizationPromptChecks } from './authorization-prompts.ts';
import { loginRedirectUriChecks } from './authorization-redirect-uris.ts';
import { loginAuthorizationSuccessChecks } from './authorization-success.ts';
import { loginCertsChecks } from './certs.ts';
import { loginClientAuthenticationChecks } from './client-authentication.ts';
import { loginClientCredentialsChecks } from './client-credentials.ts';
import { loginConsentChecks } from './consent.ts';
import { loginCrossOriginChecks } from './cross-origin.ts';
import { loginEndpoint } from './endpoint.ts';
import { loginIntrospectionChecks } from './introspection.ts';
import { loginIntrospectionRefusalChecks } from './introspection-refusals.ts';
import { loginIntrospectionSessionChecks } from './introspection-sessions.ts';
import { loginPageChecks } from './login-page.ts';
import { loginPageMisuseChecks } from './login-page-misuse.ts';
import { loginPageSentChecks } from './login-page-sent.ts';
import { loginLogoutChecks } from './logout.ts';
import { loginLogoutBrowserChecks } from './logout-browser.ts';
import { loginLogoutPageChecks } from './logout-pages.ts';
import { loginLogoutRefusalChecks } from './logout-refusals.ts';
import { loginMetadataChecks } from './metadata.ts';
import { loginMetadataAuthorizationChecks } from './metadata-authorization.ts';
import { loginMetadataEndpointChecks } from './metadata-endpoints.ts';
import { loginOfflineChecks } from './offline.ts';
import { loginPasswordChecks } from './password.ts';
import { loginPkceChecks } from './pkce.ts';
import { loginRefreshTokenChecks } from './refresh-token.ts';
import { loginRefreshTokenRefusalChecks } from './refresh-token-refusals.ts';
import { loginRefreshTokenReuseChecks } from './refresh-token-reuse.ts';
import { loginRefreshTokenScopeChecks } from './refresh-token-scopes.ts';
import { loginRefusalTextChecks } from './refusal-texts.ts';
import { loginRevocationChecks } from './revocation.ts';
import { loginRevocationRefusalChecks } from './revocation-refusals.ts';
import { loginRevocationSessionChecks } from './revocation-sessions.ts';
import { loginRevocationStrangerChecks } from './revocation-strangers.ts';
import { loginSessionLifeChecks } from './session-life.ts';
import { loginTokenChecks } from './token.ts';
import { loginUserinfoChecks } from './userinfo.ts';
import { loginUserinfoRefusalChecks } from './userinfo-refusals.ts';
import { loginUserinfoTokenChecks } from './userinfo-tokens.ts';

/** In the order of a run; what moves time comes last. */
export const loginChecks: Check[] = [
  ...successChecks(loginEndpoint),
  ...refusalChecks(loginEndpoint),
  ...loginTokenChecks,
  ...loginClientAuthenticationChecks,
  ...loginClientCredentialsChecks,
  ...loginPasswordChecks,
  ...loginCrossOriginChecks,
  ...loginAuthorizationChecks,
  ...loginRedirectUriChecks,
  ...loginAuthorizationErrorChecks,
  ...loginAuthorizationParameterChecks,
  ...loginAuthorizationSuccessChecks,
  ...loginPageChecks,
  ...loginPageSentChecks,
  ...loginPageMisuseChecks,
  ...loginConsentChecks,
  ...loginAuthorizationPromptChecks,
  ...loginCodeChecks,
  ...loginPkceChecks,
  ...loginCodeMisuseChecks,
  ...loginCodeTokenChecks,
  ...loginCodeClientChecks,
  ...loginRefreshTokenChecks,
  ...loginRefreshTokenScopeChecks,
  ...loginRefreshTokenRefusalChecks,
  ...loginRefreshTokenReuseChecks,
  ...loginOfflineChecks,
  ...loginUserinfoChecks,
  ...loginUserinfoTokenChecks,
  ...loginUserinfoRefusalChecks,
  ...loginRevocationChecks,
  ...loginRevocationSessionChecks,
  ...loginRevocationRefusalChecks,
  ...loginRevocationStrangerChecks,
  ...loginIntrospectionChecks,
  ...loginIntrospectionSessionChecks,
  ...loginIntrospectionRefusalChecks,
  ...loginLogoutChecks,
  ...loginLogoutRefusalChecks,
  ...loginLogoutPageChecks,
  ...loginLogoutBrowserChecks,
  ...loginRefusalTextChecks,
  ...loginMetadataChecks,
  ...loginMetadataEndpointChecks,
  ...loginMetadataAuthorizationChecks,
  ...loginCertsChecks,
  ...lifeChecks(loginEndpoint),
  ...loginSessionLifeChecks,
];
