/** Which providers there are, and how they are put together. */
import type { Keys } from './keys.ts';
import type { Provider, Surroundings } from './provider.ts';
import type { Seed } from './seed.ts';
import type { Settings } from './settings.ts';
import { createShortForm } from './short-form.ts';
import { createSipgate } from './sipgate/index.ts';
import { createSipsim } from './sipsim/index.ts';

export interface Composition {
  /** Asked at each seeding. */
  seed: () => Seed;
  settings: Settings;
  keys: Keys;
  origin: () => string;
  /** Scopes that sipgate's OAuth scheme declares, with their descriptions. */
  scopes: Record<string, string>;
  shortForm: boolean;
}

export function createProviders(surroundings: Surroundings, composition: Composition): Provider[] {
  const { seed, settings, keys, origin, scopes, shortForm } = composition;
  const sipgate = createSipgate({
    ...surroundings,
    keys,
    origin,
    get seed() {
      return seed().sipgate;
    },
    settings: settings.sipgate,
    declaredScopes: scopes,
  });
  const sipsim = createSipsim({
    ...surroundings,
    get seed() {
      return seed().sipsim;
    },
    settings: settings.sipsim,
    furtherClients: shortForm ? [sipgate.clients] : [],
  });
  const root = createShortForm(sipgate, sipsim, sipgate.surfaceAt(''));
  // Without the short form the root still needs somebody to say 404 there.
  return [sipgate, sipsim, shortForm ? root : { ...root, operations: {} }];
}
