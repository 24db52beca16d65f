/** The two that are asked: Keycloak and the fake, with the same cast and the same settings. */
import { startMock } from '../../../mock-server/index.ts';
import type { Conditions, Party } from '../scenario.ts';
import { CLIENTS, REALMS, USERS } from './cast.ts';
import { createUser, settings } from './realm.ts';
import type { KeycloakServer } from './server.ts';

/** Names of conditions are those of the fake's settings. */
const REALM_SETTINGS: Record<string, (value: number | boolean) => object> = {
  accessTokenLife: (value) => ({ accessTokenLifespan: value }),
  refreshTokenLife: (value) => ({ ssoSessionIdleTimeout: value, ssoSessionMaxLifespan: value }),
  codeLife: (value) => ({ accessCodeLifespan: value }),
  refreshTokenRotation: (value) => ({ revokeRefreshToken: value }),
};

/** @param server with the realms made. */
export function keycloakParty({ origin, admin, stop }: KeycloakServer): Party {
  let last = '';
  return {
    name: 'Keycloak',
    origin,
    stop,
    async prepare(conditions) {
      for (const realm of REALMS) {
        await forgetUsers(realm);
        if (last !== JSON.stringify(conditions))
          await admin.put(`/${realm}`, { ...settings, ...realmSettings(conditions) });
      }
      last = JSON.stringify(conditions);
    },
  };

  /**
   * A user who has consented to something is made anew, without consents. Sessions may stay: every scenario brings
   * browsers of its own, and an administrator's logout would leave its mark on later tokens (`not-before-policy`).
   */
  async function forgetUsers(realm: string): Promise<void> {
    for (const { id, email } of await admin.get<{ id: string; email: string }[]>(`/${realm}/users`)) {
      const consents = await admin.get<object[]>(`/${realm}/users/${id}/consents`);
      const user = Object.values(USERS).find((known) => known.email === email);
      if (consents.length === 0 || !user) continue;
      await admin.remove(`/${realm}/users/${id}`);
      await createUser(admin, realm, user);
    }
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

export async function fakeParty(): Promise<Party> {
  const mock = await startMock({
    seed: {
      extends: 'none',
      sipgate: { account: { id: '2556404' }, users: Object.values(USERS), clients: Object.values(CLIENTS) },
    },
    // Reasons are the fake's own extra; nothing else is set apart from its defaults.
    settings: { server: { reasonHeader: false } },
  });
  return {
    name: 'the fake',
    origin: mock.url,
    stop: mock.close,
    async prepare(conditions) {
      await mock.reset();
      mock.configure({ sipgate: conditions });
    },
  };
}
