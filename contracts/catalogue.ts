/** Every check, in the order of a run: what others saw is judged last. */
import { type Check, CheckFailure } from './check.ts';
import { conformanceChecks } from './conformance.ts';
import { loadContractDocument } from './document.ts';
import { declaredStatusChecks } from './generated/declared-statuses.ts';
import { largeBodyChecks } from './generated/large-bodies.ts';
import { otherMethodChecks } from './generated/other-methods.ts';
import { personalTokenChecks } from './generated/personal-tokens.ts';
import { refusedBodyChecks } from './generated/refused-bodies.ts';
import { refusedParameterChecks } from './generated/refused-parameters.ts';
import { scopeMatrixChecks } from './generated/scope-matrix.ts';
import { unknownRealmChecks } from './generated/unknown-realms.ts';
import { wrongCredentialChecks } from './generated/wrong-credentials.ts';
import { securityChecks } from './security.ts';
import { shortFormAccountChecks } from './short-form/account.ts';
import { shortFormClientChecks } from './short-form/oauth-clients.ts';
import { shortFormTokenChecks } from './short-form/token.ts';
import { accountChecks } from './sipgate/account.ts';
import { basicChecks } from './sipgate/basic.ts';
import { bearerChecks } from './sipgate/bearer.ts';
import { bearerForgeryChecks } from './sipgate/bearer-forgeries.ts';
import { clientBodyChecks } from './sipgate/client-bodies.ts';
import { clientOwnershipChecks } from './sipgate/client-ownership.ts';
import { corsChecks } from './sipgate/cors.ts';
import { httpChecks } from './sipgate/http.ts';
import { loginChecks } from './sipgate/login/index.ts';
import { clientChecks } from './sipgate/oauth-clients.ts';
import { scopeChecks } from './sipgate/scopes.ts';
import { sipsimChecks } from './sipsim/index.ts';

/** The package's own document, read once for the catalogue and for the runs. */
export const ownDocument = loadContractDocument();
const operations = [...ownDocument.operations.values()];

const asked: Check[] = [
  ...bearerChecks,
  ...bearerForgeryChecks,
  ...basicChecks,
  ...scopeChecks,
  ...httpChecks,
  ...corsChecks,
  ...accountChecks,
  ...clientChecks,
  ...clientOwnershipChecks,
  ...clientBodyChecks,
  ...shortFormAccountChecks,
  ...shortFormTokenChecks,
  ...shortFormClientChecks,
  ...loginChecks,
  ...sipsimChecks,
  ...scopeMatrixChecks(operations),
  ...personalTokenChecks(operations),
  ...wrongCredentialChecks(operations),
  ...securityChecks(operations),
  ...refusedBodyChecks(operations),
  ...refusedParameterChecks(operations),
  ...largeBodyChecks(operations),
  ...unknownRealmChecks(operations),
  ...otherMethodChecks(ownDocument.paths),
];

export const checks: Check[] = [
  ...asked,
  ...conformanceChecks(operations),
  ...declaredStatusChecks(operations, asked),
].map(noted);

/** What was asked to its end is noted: what was never seen says nothing where something was never asked. */
function noted(check: Check): Check {
  const run: Check['run'] = async (session) => {
    try {
      await check.run(session);
      session.asked.add(check.id);
    } catch (error) {
      if (error instanceof CheckFailure) session.asked.add(check.id);
      throw error;
    }
  };
  return { ...check, run };
}
