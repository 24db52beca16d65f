/** Every check of sipgate's login server. A new file of them is a line here. */
import type { Check } from '../../check.ts';
import { lifeChecks } from '../../token-endpoint/life.ts';
import { refusalChecks } from '../../token-endpoint/refusals.ts';
import { successChecks } from '../../token-endpoint/success.ts';
import { loginCertsChecks } from './certs.ts';
import { loginClientAuthenticationChecks } from './client-authentication.ts';
import { loginClientCredentialsChecks } from './client-credentials.ts';
import { loginCrossOriginChecks } from './cross-origin.ts';
import { loginEndpoint } from './endpoint.ts';
import { loginMetadataChecks } from './metadata.ts';
import { loginPasswordChecks } from './password.ts';
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
  ...loginMetadataChecks,
  ...loginCertsChecks,
  ...lifeChecks(loginEndpoint),
];
