/** Every check of SIPSIM. A new file of them is a line here. */
import type { Check } from '../check.ts';
import { lifeChecks } from '../token-endpoint/life.ts';
import { refusalChecks } from '../token-endpoint/refusals.ts';
import { successChecks } from '../token-endpoint/success.ts';
import { sipsimAccountChecks } from './account.ts';
import { sipsimBearerChecks } from './bearer.ts';
import { sipsimCallFilterChecks } from './call-filters.ts';
import { sipsimCallChecks } from './calls.ts';
import { sipsimClientAuthenticationChecks } from './client-authentication.ts';
import { sipsimEndpoint } from './endpoint.ts';
import { sipsimHttpChecks } from './http.ts';
import { sipsimPhoneChecks } from './phones.ts';
import { sipsimScopeChecks } from './scopes.ts';
import { sipsimSettingChecks } from './settings.ts';
import { sipsimTagChecks } from './tags.ts';
import { sipsimTokenChecks } from './token.ts';
import { sipsimTokenQuestionChecks } from './token-questions.ts';
import { sipsimTranscriptionChecks } from './transcription.ts';
import { sipsimWebhookChecks } from './webhooks.ts';

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
  ...sipsimTokenQuestionChecks,
  ...sipsimPhoneChecks,
  ...sipsimCallFilterChecks,
  ...sipsimCallChecks,
  ...sipsimTagChecks,
  ...sipsimTranscriptionChecks,
  ...sipsimWebhookChecks,
  ...sipsimSettingChecks,
  ...lifeChecks(sipsimEndpoint),
];
