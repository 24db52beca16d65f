/** What SIPSIM's half remembers, by name and type. */
import { randomBytes } from 'node:crypto';
import type { Surroundings } from '../provider.ts';
import type { Collection } from '../store/store.ts';
import type { IntegrationRecord, SipsimSeed, StaticTokenRecord } from './seed.ts';
import type { SipsimSettings } from './settings.ts';

export interface SipsimState extends Surroundings {
  settings: SipsimSettings;
  integrations: Collection<IntegrationRecord>;
  staticTokens: Collection<StaticTokenRecord>;
  /** By `jti`, kept until the token would have expired. */
  revokedTokens: Collection<{ jti: string }>;
  /** Signs access tokens; changes with every reset, which ends all that was issued before. */
  tokenSecret: Uint8Array;
}

export function createSipsimState(surroundings: Surroundings, settings: SipsimSettings): SipsimState {
  const { store } = surroundings;
  return {
    ...surroundings,
    settings,
    integrations: store.collection('sipsim.integrations'),
    staticTokens: store.collection('sipsim.staticTokens'),
    revokedTokens: store.collection('sipsim.revokedTokens'),
    tokenSecret: new Uint8Array(),
  };
}

/** Fills an empty store. */
export async function seedSipsim(state: SipsimState, seed: SipsimSeed): Promise<void> {
  state.tokenSecret = randomBytes(32);
  for (const integration of seed.integrations) await state.integrations.insert(integration.clientId, integration);
  for (const token of seed.accessTokens) await state.staticTokens.insert(token.token, token);
}
