/** Every check of SIPSIM. A new file of them is a line here. */
import type { Check } from '../check.ts';
import { lifeChecks } from '../token-endpoint/life.ts';
import { refusalChecks } from '../token-endpoint/refusals.ts';
import { successChecks } from '../token-endpoint/success.ts';
import { sipsimAccountChecks } from './account.ts';
import { sipsimBearerChecks } from './bearer.ts';
import { sipsimClientAuthenticationChecks } from './client-authentication.ts';
import { sipsimEndpoint } from './endpoint.ts';
import { sipsimHttpChecks } from './http.ts';
import { sipsimScopeChecks } from './scopes.ts';
import { sipsimTokenChecks } from './token.ts';

/** In the order of a run; what moves time comes last. */
export const sipsimChecks: Check[] = [
  ...successChecks(sipsimEndpoint),
  ...refusalChecks(sipsimEndpoint),
  ...sipsimTokenChecks,
  ...sipsimClientAuthenticationChecks,
  ...sipsimScopeChecks,
  ...sipsimBearerChecks,
  ...sipsimAccountChecks,
  ...sipsimHttpChecks,
  ...lifeChecks(sipsimEndpoint),
];
