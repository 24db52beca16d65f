/** Every deliberate defect. A new file of them is a line here. */
import type { Defect } from '../broken-server.ts';
import { conformanceDefects } from './conformance.ts';
import { shortFormAccountDefects, shortFormClientDefects, shortFormTokenDefects } from './short-form.ts';
import { sipgateAccountDefects } from './sipgate-account.ts';
import { sipgateBasicDefects } from './sipgate-basic.ts';
import { sipgateBearerDefects, sipgateBearerForgeryDefects } from './sipgate-bearer.ts';
import { sipgateClientBodyDefects } from './sipgate-client-bodies.ts';
import { sipgateClientDefects, sipgateClientOwnershipDefects } from './sipgate-clients.ts';
import { sipgateHttpDefects } from './sipgate-http.ts';
import { sipgateScopeDefects } from './sipgate-scopes.ts';

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
  ...conformanceDefects,
];
