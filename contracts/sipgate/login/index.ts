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
import { loginPageChecks } from './login-page.ts';
import { loginPageMisuseChecks } from './login-page-misuse.ts';
import { loginPageSentChecks } from './login-page-sent.ts';
import { loginMetadataChecks } from './metadata.ts';
import { loginPasswordChecks } from './password.ts';
import { loginPkceChecks } from './pkce.ts';
import { loginTokenChecks } from './token.ts';

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
  ...loginMetadataChecks,
  ...loginCertsChecks,
  ...lifeChecks(loginEndpoint),
];
