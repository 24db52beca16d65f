/** GET /api/v2/account, and whose account a request is about. */
import type { ApiRequest, Operation } from '../provider.ts';
import { success } from './envelope.ts';
import type { IntegrationRecord } from './seed.ts';
import type { SipsimState } from './state.ts';

export function createAccountOperations(state: SipsimState): Record<string, Operation> {
  return {
    'sipsim.getAccount': async (request) => success(state, (await integrationOf(state, request)).account),
  };
}

/** The integration whose token it is. */
export async function integrationOf(state: SipsimState, { principal }: ApiRequest): Promise<IntegrationRecord> {
  const integration = await state.integrations.get(principal?.client ?? '');
  if (!integration) throw new Error(`the integration "${principal?.client}" went while it asked`);
  return integration;
}
