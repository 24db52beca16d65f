/** SIPSIM: Doorkeeper-shaped token endpoint and API v2, as one provider. */
import { InputError } from '../input-error.ts';
import type { ClientSource, Provider, SourcedClient, Surroundings } from '../provider.ts';
import { createAccountOperations } from './account.ts';
import { authenticate } from './authentication.ts';
import { apiSurface, tokenSurface } from './errors.ts';
import { type IntegrationRecord, SIPSIM_SCOPES, type SipsimSeed } from './seed.ts';
import type { SipsimSettings } from './settings.ts';
import { createSipsimState, type SipsimState, seedSipsim } from './state.ts';
import { createTokenEndpoint } from './token.ts';
import { issueToken, resignToken, revokeToken } from './tokens.ts';

export interface SipsimOptions extends Surroundings {
  /** Read at each seeding. */
  seed: SipsimSeed;
  /** Read at each request: changing a member takes effect at once. */
  settings: SipsimSettings;
  /** For the short form: further clients that the token endpoint serves when no integration has the id. */
  furtherClients?: ClientSource[];
}

export function createSipsim(options: SipsimOptions): Provider {
  const { clock, ids, store, settings, furtherClients = [] } = options;
  const state = createSipsimState({ clock, ids, store }, settings);
  const sources = [createClientSource(state), ...furtherClients];
  return {
    name: 'sipsim',
    schemes: { sipsimOAuth: (request) => authenticate(request, state) },
    operations: {
      'sipsim.createToken': createTokenEndpoint(settings, sources),
      ...createAccountOperations(state),
    },
    surfaces: [tokenSurface(state), apiSurface(state)],
    seed: () => seedSipsim(state, options.seed),
    tokens: {
      mint: async ({ client: clientId, scopes, expiresIn }) => {
        const all = await state.integrations.all();
        const client = clientId === undefined ? all[0] : all.find((integration) => integration.clientId === clientId);
        if (!client) throw new InputError(`SIPSIM has no integration "${clientId}"`);
        const unknown = scopes?.find((scope) => !SIPSIM_SCOPES.includes(scope));
        if (unknown !== undefined) throw new InputError(`SIPSIM has no scope "${unknown}"`);
        return issueToken(state, client.clientId, scopes ?? client.scopes, expiresIn);
      },
      revoke: (token) => revokeToken(state, token),
      resign: (token, change) => resignToken(state, token, change),
    },
    memory: {
      save: () => ({ tokenSecret: Buffer.from(state.tokenSecret).toString('base64url') }),
      restore: ({ tokenSecret = '' }) => {
        state.tokenSecret = Buffer.from(tokenSecret, 'base64url');
      },
    },
  };
}

function createClientSource(state: SipsimState): ClientSource {
  const sourced = (integration: IntegrationRecord): SourcedClient => ({ ...integration, defaultScopes: [] });
  return {
    find: async (clientId) => {
      const integration = await state.integrations.get(clientId);
      return integration && sourced(integration);
    },
    issue: ({ clientId }, scopes) => issueToken(state, clientId, scopes),
  };
}
