/** Every deliberate defect. A new file of them is a line here. */
import type { Defect } from '../broken-server.ts';
import { conformanceDefects } from './conformance.ts';
import { otherMethodDefects } from './generated-other-methods.ts';
import { generatedRefusalDefects } from './generated-refusals.ts';
import { generatedScopeDefects } from './generated-scopes.ts';
import { loginAuthorizationDefects } from './login-authorization.ts';
import { loginAuthorizationAnswerDefects } from './login-authorization-answers.ts';
import { loginAuthorizationErrorDefects } from './login-authorization-errors.ts';
import { loginPageMisuseDefects } from './login-authorization-page-misuse.ts';
import { loginPageDefects } from './login-authorization-pages.ts';
import { loginClientDefects } from './login-clients.ts';
import { loginCodeDefects } from './login-code.ts';
import { loginCodeClientDefects } from './login-code-clients.ts';
import { loginCodeMisuseDefects } from './login-code-misuse.ts';
import { loginCodeTokenDefects } from './login-code-tokens.ts';
import { loginConsentDefects } from './login-consent.ts';
import { loginCrossOriginDefects } from './login-cross-origin.ts';
import { loginIntrospectionDefects } from './login-introspection.ts';
import { loginLogoutDefects } from './login-logout.ts';
import { loginLogoutPageDefects } from './login-logout-pages.ts';
import { loginCertsDefects, loginMetadataDefects } from './login-metadata.ts';
import { loginMetadataEndpointDefects } from './login-metadata-endpoints.ts';
import { loginPasswordDefects } from './login-password.ts';
import { loginPkceDefects } from './login-pkce.ts';
import { loginRefreshDefects, loginSessionLifeDefects } from './login-refresh.ts';
import { loginRefreshRefusalDefects } from './login-refresh-refusals.ts';
import { loginRefreshReuseDefects } from './login-refresh-reuse.ts';
import { loginRefusalTextDefects } from './login-refusal-texts.ts';
import { loginRevocationDefects } from './login-revocation.ts';
import { loginTokenDefects } from './login-token.ts';
import { loginUserinfoDefects } from './login-userinfo.ts';
import { securityDefects } from './security.ts';
import { shortFormAccountDefects, shortFormClientDefects, shortFormTokenDefects } from './short-form.ts';
import { sipgateAccountDefects } from './sipgate-account.ts';
import { sipgateBasicDefects } from './sipgate-basic.ts';
import { sipgateBearerDefects, sipgateBearerForgeryDefects } from './sipgate-bearer.ts';
import { sipgateClientBodyDefects } from './sipgate-client-bodies.ts';
import { sipgateClientDefects, sipgateClientOwnershipDefects } from './sipgate-clients.ts';
import { sipgateHttpDefects } from './sipgate-http.ts';
import { sipgateScopeDefects } from './sipgate-scopes.ts';
import { sipsimAccountDefects, sipsimHttpDefects } from './sipsim-account.ts';
import { sipsimBearerDefects } from './sipsim-bearer.ts';
import { sipsimCallDefects, sipsimCallFilterDefects } from './sipsim-calls.ts';
import { sipsimPhoneDefects, sipsimTagDefects, sipsimWebhookDefects } from './sipsim-tags.ts';
import { sipsimClientDefects, sipsimScopeDefects, sipsimTokenDefects } from './sipsim-token.ts';
import { sipsimTokenQuestionDefects } from './sipsim-token-questions.ts';
import { tokenLifeDefects } from './token-life.ts';
import { tokenRefusalDefects } from './token-refusals.ts';
import { tokenSuccessDefects } from './token-success.ts';

export const defects: Defect[] = [
  ...sipgateBearerDefects,
  ...sipgateBearerForgeryDefects,
  ...sipgateBasicDefects,
  ...sipgateScopeDefects,
  ...sipgateHttpDefects,
  ...sipgateAccountDefects,
  ...sipgateClientDefects,
  ...sipgateClientOwnershipDefects,
  ...sipgateClientBodyDefects,
  ...shortFormAccountDefects,
  ...shortFormTokenDefects,
  ...shortFormClientDefects,
  ...tokenSuccessDefects,
  ...tokenRefusalDefects,
  ...tokenLifeDefects,
  ...loginTokenDefects,
  ...loginClientDefects,
  ...loginPasswordDefects,
  ...loginCrossOriginDefects,
  ...loginAuthorizationDefects,
  ...loginAuthorizationErrorDefects,
  ...loginAuthorizationAnswerDefects,
  ...loginPageDefects,
  ...loginPageMisuseDefects,
  ...loginConsentDefects,
  ...loginCodeDefects,
  ...loginCodeMisuseDefects,
  ...loginCodeClientDefects,
  ...loginCodeTokenDefects,
  ...loginPkceDefects,
  ...loginRefreshDefects,
  ...loginRefreshRefusalDefects,
  ...loginRefreshReuseDefects,
  ...loginUserinfoDefects,
  ...loginRevocationDefects,
  ...loginIntrospectionDefects,
  ...loginLogoutDefects,
  ...loginLogoutPageDefects,
  ...loginRefusalTextDefects,
  ...loginSessionLifeDefects,
  ...loginMetadataDefects,
  ...loginMetadataEndpointDefects,
  ...loginCertsDefects,
  ...sipsimTokenDefects,
  ...sipsimClientDefects,
  ...sipsimScopeDefects,
  ...sipsimBearerDefects,
  ...sipsimAccountDefects,
  ...sipsimHttpDefects,
  ...sipsimTokenQuestionDefects,
  ...sipsimPhoneDefects,
  ...sipsimCallFilterDefects,
  ...sipsimCallDefects,
  ...sipsimTagDefects,
  ...sipsimWebhookDefects,
  ...securityDefects,
  ...otherMethodDefects,
  ...generatedScopeDefects,
  ...generatedRefusalDefects,
  ...conformanceDefects,
];
