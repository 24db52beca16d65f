/** Makes Keycloak's realms like sipgate's, with the cast in them. */
import type { Admin } from './admin.ts';
import { CLIENTS, type Client, OWN_AUDIENCE, REALMS, SCOPES, USERS, type User } from './cast.ts';

/** Lives as documented for sipgate: 300 s for access tokens, 30 days for refresh tokens. */
export const settings = {
  accessTokenLifespan: 300,
  ssoSessionIdleTimeout: 2_592_000,
  ssoSessionMaxLifespan: 2_592_000,
  accessCodeLifespan: 60,
  revokeRefreshToken: true,
  refreshTokenMaxReuse: 0,
};

export async function createRealms(admin: Admin): Promise<void> {
  for (const realm of REALMS) {
    // No TLS on the loopback, and login by e-mail address alone.
    const rules = { sslRequired: 'none', registrationEmailAsUsername: true, duplicateEmailsAllowed: false };
    await admin.post('', { realm, enabled: true, ...rules, ...settings });
    for (const [scope, text] of Object.entries(SCOPES)) await createScope(admin, realm, scope, text);
    for (const user of Object.values(USERS)) await createUser(admin, realm, user);
    const clients = Object.values(CLIENTS).filter((client) => client.realm === realm);
    for (const client of clients) await createClient(admin, client);
  }
}

const createScope = (admin: Admin, realm: string, name: string, text: string) =>
  admin.post(`/${realm}/client-scopes`, {
    name,
    protocol: 'openid-connect',
    attributes: {
      'include.in.token.scope': 'true',
      'display.on.consent.screen': 'true',
      'consent.screen.text': text,
    },
  });

export const createUser = (admin: Admin, realm: string, { email, firstname, lastname, password, enabled }: User) =>
  admin.post(`/${realm}/users`, {
    username: email,
    email,
    emailVerified: true,
    firstName: firstname,
    lastName: lastname,
    enabled,
    requiredActions: [],
    credentials: [{ type: 'password', value: password, temporary: false }],
  });

export async function createClient(admin: Admin, client: Client): Promise<void> {
  const path = `/${client.realm}/clients`;
  await admin.post(path, {
    clientId: client.clientId,
    name: client.name,
    protocol: 'openid-connect',
    enabled: client.enabled,
    ...(client.clientSecret === undefined
      ? { publicClient: true }
      : { publicClient: false, clientAuthenticatorType: 'client-secret', secret: client.clientSecret }),
    standardFlowEnabled: client.standardFlow,
    directAccessGrantsEnabled: client.directAccessGrants,
    serviceAccountsEnabled: client.serviceAccount,
    consentRequired: client.consentRequired,
    redirectUris: client.redirectUris,
    webOrigins: client.webOrigins,
    ...(client.clientId === OWN_AUDIENCE && { protocolMappers: [audienceMapper(client)] }),
  });
  await dealScopes(admin, await pathOfClient(admin, client), client);
}

export async function pathOfClient(admin: Admin, { clientId, realm }: Pick<Client, 'clientId' | 'realm'>) {
  const [found] = await admin.get<Named[]>(`/${realm}/clients?clientId=${encodeURIComponent(clientId)}`);
  if (!found) throw new Error(`Keycloak has no client "${clientId}"`);
  return `/${realm}/clients/${found.id}`;
}

const audienceMapper = ({ clientId }: Client) => ({
  name: 'audience',
  protocol: 'openid-connect',
  protocolMapper: 'oidc-audience-mapper',
  config: {
    'included.client.audience': clientId,
    'access.token.claim': 'true',
    'introspection.token.claim': 'true',
  },
});

interface Named {
  id: string;
  name: string;
}

/** Of the scopes that Keycloak deals by itself only those stay that give a token `sub` and `auth_time`. */
export const BUILT_IN = ['basic'];

async function dealScopes(admin: Admin, path: string, client: Client): Promise<void> {
  const scopes = await admin.get<Named[]>(`/${client.realm}/client-scopes`);
  for (const kind of ['default', 'optional']) {
    for (const { id } of await admin.get<Named[]>(`${path}/${kind}-client-scopes`)) {
      await admin.remove(`${path}/${kind}-client-scopes/${id}`);
    }
  }
  const deal = async (kind: string, names: string[]) => {
    for (const { id } of scopes.filter(({ name }) => names.includes(name))) {
      await admin.put(`${path}/${kind}-client-scopes/${id}`);
    }
  };
  await deal('default', [...BUILT_IN, ...client.defaultScopes]);
  await deal('optional', client.optionalScopes);
}
