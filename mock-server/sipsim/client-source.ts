/** Integrations as clients of the token endpoint. */
import type { ClientSource } from '../provider.ts';
import { type IntegrationRecord, PAGE_SCOPES, SIPSIM_SCOPES } from './seed.ts';
import type { SipsimSettings } from './settings.ts';
import type { SipsimState } from './state.ts';
import { issueToken } from './tokens.ts';

export function createClientSource(state: SipsimState): ClientSource {
  return {
    find: async (clientId) => {
      const integration = await state.integrations.get(clientId);
      if (!integration) return undefined;
      const scopes = scopesOf(integration, state.settings);
      return { ...integration, scopes, defaultScopes: [], limited: integration.scopes.length > 0 };
    },
    issue: ({ clientId }, scopes) => issueToken(state, clientId, scopes),
  };
}

/** What an integration may ask for. One without scopes of its own may have all that the server has (Doorkeeper). */
export function scopesOf({ scopes }: IntegrationRecord, { declaredScopes }: SipsimSettings): string[] {
  const own = scopes.length > 0 ? scopes : SIPSIM_SCOPES;
  return declaredScopes === 17 ? [...own] : own.filter((scope) => PAGE_SCOPES.includes(scope));
}
