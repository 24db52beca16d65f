/** How checks that are read from openapi.yaml are called, and what all of them need. */
import type { Need } from '../check.ts';

/** An operationId without its provider. */
export const nameOf = (operationId: string): string => operationId.slice(operationId.indexOf('.') + 1);

/** Only the fake has a short form. */
export const needsOf = (provider: string, ...needs: Need[]): Need[] => [
  ...(provider === 'shortForm' ? (['shortForm'] as const) : []),
  ...needs,
];
