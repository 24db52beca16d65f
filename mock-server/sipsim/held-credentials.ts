/** Who may ask SIPSIM: integrations, and the seed's access tokens. */
import { InputError } from '../input-error.ts';
import type { CredentialAuthority, HeldCredential } from '../provider.ts';
import { scopesOf } from './client-source.ts';
import type { IntegrationRecord, StaticTokenRecord } from './seed.ts';
import type { SipsimState } from './state.ts';

const provider = 'sipsim';

export function createCredentialAuthority(state: SipsimState): CredentialAuthority {
  const { integrations, staticTokens, ids } = state;
  return {
    list: async () => [
      ...(await integrations.all()).map((integration) => ofIntegration(integration, state)),
      ...(await staticTokens.all()).map(ofStaticToken),
    ],
    rotate: async (kind, id) => {
      const integration = kind === 'client' ? await integrations.get(id) : undefined;
      const changed = integration && { ...integration, clientSecret: ids.uuid().replaceAll('-', '') };
      if (changed && (await integrations.replace(id, changed))) return ofIntegration(changed, state);
      throw new InputError(`SIPSIM has no ${kind} "${id}" whose secret could change`);
    },
  };
}

function ofIntegration(integration: IntegrationRecord, { settings }: SipsimState): HeldCredential {
  const { clientId: id, clientSecret: secret, account, clientCredentials } = integration;
  const grants = clientCredentials ? ['client_credentials'] : [];
  const scopes = scopesOf(integration, settings);
  return { provider, kind: 'client', id, name: account.company_name, secret, scopes, grants };
}

const ofStaticToken = ({ token, client, scopes, expiresAt }: StaticTokenRecord): HeldCredential => ({
  ...{ provider, kind: 'accessToken', id: client, name: `of the client ${client}`, secret: token, scopes, grants: [] },
  ...(expiresAt !== undefined && { expiresAt }),
});
