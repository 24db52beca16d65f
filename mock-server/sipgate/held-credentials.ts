/** Who may ask sipgate: clients, personal access tokens, users, and the seed's access tokens. */
import { InputError } from '../input-error.ts';
import type { CredentialAuthority, HeldCredential } from '../provider.ts';
import type { ClientRecord, PatRecord, StaticTokenRecord, UserRecord } from './seed.ts';
import { allowedScopes, type SipgateState } from './state.ts';

const provider = 'sipgate';

export function createCredentialAuthority(state: SipgateState): CredentialAuthority {
  const { clients, personalAccessTokens, users, staticTokens, ids } = state;
  return {
    list: async () => [
      ...(await personalAccessTokens.all()).map(ofPat),
      ...(await clients.all()).map((client) => ofClient(client, state)),
      ...(await users.all()).map(ofUser),
      ...(await staticTokens.all()).map(ofStaticToken),
    ],
    rotate: async (kind, id) => {
      const secret = ids.uuid();
      const pat = kind === 'personalAccessToken' ? await personalAccessTokens.get(id) : undefined;
      if (pat && (await personalAccessTokens.replace(id, { ...pat, token: secret }))) {
        return ofPat({ ...pat, token: secret });
      }
      const client = kind === 'client' ? await clients.get(id) : undefined;
      const changed = client?.clientSecret === undefined ? undefined : { ...client, clientSecret: secret };
      if (changed && (await clients.replace(id, changed))) return ofClient(changed, state);
      throw new InputError(`sipgate has no ${kind} "${id}" whose secret could change`);
    },
  };
}

const ofPat = ({ id, token, user, scopes }: PatRecord): HeldCredential => ({
  ...{
    provider,
    kind: 'personalAccessToken',
    id,
    name: `of the user ${user}`,
    secret: token,
    scopes,
    grants: [],
    user,
  },
});

function ofClient(client: ClientRecord, state: SipgateState): HeldCredential {
  const { clientId: id, name, realm, redirectUris, clientSecret: secret = null } = client;
  const grants = [
    ...(client.standardFlow === false ? [] : ['authorization_code', 'refresh_token']),
    ...(client.serviceAccount ? ['client_credentials'] : []),
    ...(client.directAccessGrants ? ['password'] : []),
  ];
  return {
    provider,
    kind: 'client',
    id,
    name,
    secret,
    scopes: allowedScopes(state, client),
    grants,
    realm,
    redirectUris,
  };
}

const ofUser = ({ id, email, password, firstname, lastname }: UserRecord): HeldCredential => ({
  ...{ provider, kind: 'user', id: email, name: `${firstname} ${lastname}`, secret: password, user: id },
  ...{ scopes: [], grants: [] },
});

const ofStaticToken = ({ token, client, user, scopes, expiresAt }: StaticTokenRecord): HeldCredential => ({
  ...{ provider, kind: 'accessToken', id: client, name: `of the client ${client}`, secret: token, scopes, grants: [] },
  ...(user !== undefined && { user }),
  ...(expiresAt !== undefined && { expiresAt }),
});
