/** The two that are asked: Keycloak and the fake, with the same cast and the same settings. */
import { type SettingsPatch, startMock } from '../../../mock-server/index.ts';
import type { Conditions, Party } from '../scenario.ts';
import type { Admin } from './admin.ts';
import { ADMINISTRATOR, CLIENTS, REALMS, USERS } from './cast.ts';
import { createClient, createUser, pathOfClient, settings } from './realm.ts';
import type { KeycloakServer } from './server.ts';

/** Names of conditions are those of the fake's settings. */
const REALM_SETTINGS: Record<string, (value: unknown) => object> = {
  accessTokenLife: (value) => ({ accessTokenLifespan: value }),
  refreshTokenLife: (value) => ({ ssoSessionIdleTimeout: value, ssoSessionMaxLifespan: value }),
  codeLife: (value) => ({ accessCodeLifespan: value }),
  refreshTokenRotation: (value) => ({ revokeRefreshToken: value }),
  // In Keycloak a matter of the client's mappers.
  introspectionAudience: () => ({}),
};

const { removable } = CLIENTS;

/** @param server with the realms made. */
export function keycloakParty({ origin, admin, stop }: KeycloakServer): Party {
  let last = '';
  let changed = false;
  return {
    name: 'Keycloak',
    origin,
    stop,
    async prepare(conditions) {
      if (changed) await restore(admin);
      changed = false;
      for (const realm of REALMS) await forgetConsents(admin, realm);
      if (last === JSON.stringify(conditions)) return;
      last = JSON.stringify(conditions);
      const wanted = { ...settings, ...realmSettings(conditions) };
      for (const realm of REALMS) await admin.put(`/${realm}`, wanted);
    },
    changes: {
      async removeClient(clientId) {
        changed = true;
        await admin.remove(await pathOfClient(admin, { clientId, realm: removable.realm }));
      },
      async replaceRedirectUris(clientId, redirectUris) {
        changed = true;
        await admin.put(await pathOfClient(admin, { clientId, realm: removable.realm }), { clientId, redirectUris });
      },
    },
  };
}

/** The one client that stories may change. */
async function restore(admin: Admin): Promise<void> {
  const path = await pathOfClient(admin, removable).catch(() => undefined);
  if (path !== undefined) await admin.remove(path);
  await createClient(admin, removable);
}

/**
 * A user who has consented to something is made anew, without consents. Sessions may stay: every scenario brings
 * browsers of its own, and an administrator's logout would leave its mark on later tokens (`not-before-policy`).
 */
async function forgetConsents(admin: Admin, realm: string): Promise<void> {
  for (const { id, email } of await admin.get<{ id: string; email: string }[]>(`/${realm}/users`)) {
    const consents = await admin.get<object[]>(`/${realm}/users/${id}/consents`);
    const user = Object.values(USERS).find((known) => known.email === email);
    if (consents.length === 0 || !user) continue;
    await admin.remove(`/${realm}/users/${id}`);
    await createUser(admin, realm, user);
  }
}

function realmSettings(conditions: Conditions): object {
  const parts = Object.entries(conditions).map(([name, value]) => {
    const setting = REALM_SETTINGS[name];
    if (!setting) throw new Error(`Keycloak knows no condition "${name}"`);
    return setting(value);
  });
  return Object.assign({}, ...parts);
}

/** Where the fake's default is not Keycloak's way. */
export const FAKE_SETTINGS = {
  // A header of the fake's own, which says why.
  server: { reasonHeader: false },
  // By default it refuses what RFC 6749 §6 forbids and Keycloak passes over.
  sipgate: { refreshWiderScope: 'drop' },
} satisfies SettingsPatch;

export async function fakeParty(): Promise<Party> {
  const mock = await startMock({
    seed: {
      extends: 'none',
      sipgate: {
        account: { id: '2556404' },
        users: Object.values(USERS),
        clients: Object.values(CLIENTS),
        personalAccessTokens: [ADMINISTRATOR],
      },
    },
    settings: FAKE_SETTINGS,
  });
  return {
    name: 'the fake',
    origin: mock.url,
    stop: mock.close,
    async prepare(conditions) {
      await mock.reset();
      mock.configure({ sipgate: conditions });
    },
    changes: {
      removeClient: (clientId) => manageClient(mock.sipgate.baseUrl, clientId, 'DELETE'),
      replaceRedirectUris: (clientId, redirectUris) => {
        const { name, description, webOrigins } = removable;
        return manageClient(mock.sipgate.baseUrl, clientId, 'PUT', { name, description, webOrigins, redirectUris });
      },
    },
  };
}

/** As sipgate's customers do it: by the REST API. */
async function manageClient(baseUrl: string, clientId: string, method: string, body?: object): Promise<void> {
  const { id, token } = ADMINISTRATOR;
  const answer = await fetch(`${baseUrl}/authorization/oauth2/clients/${encodeURIComponent(clientId)}`, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(`${id}:${token}`).toString('base64')}`,
      'content-type': 'application/json',
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} of the client "${clientId}": ${answer.status}`);
}
