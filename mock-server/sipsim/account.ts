/** GET /api/v2/account. */
import type { Operation } from '../provider.ts';
import { success } from './envelope.ts';
import type { SipsimState } from './state.ts';

export function createAccountOperations(state: SipsimState): Record<string, Operation> {
  return {
    'sipsim.getAccount': async ({ principal }) => {
      const integration = await state.integrations.get(principal?.client ?? '');
      if (!integration) throw new Error(`the integration "${principal?.client}" went while it asked`);
      return success(state, integration.account);
    },
  };
}
