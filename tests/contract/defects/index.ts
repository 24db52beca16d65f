/** Every deliberate defect. A new file of them is a line here. */
import type { Defect } from '../broken-server.ts';
import { conformanceDefects } from './conformance.ts';
import { sipgateBearerDefects } from './sipgate-bearer.ts';

export const defects: Defect[] = [...sipgateBearerDefects, ...conformanceDefects];
