/** Every check, in the order of a run: what others saw is judged last. */
import type { Check } from './check.ts';
import { conformanceChecks } from './conformance.ts';
import { loadContractDocument } from './document.ts';
import { bearerChecks } from './sipgate/bearer.ts';

export const checks: Check[] = [...bearerChecks, ...conformanceChecks([...loadContractDocument().operations.values()])];
