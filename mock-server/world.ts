/** Everything behind the socket: state, time, providers, and the app that answers for them. */
import type { RequestListener } from 'node:http';
import { createApp, type Exchange } from './app.ts';
import { type Clock, createClock } from './clock.ts';
import { declaredScopes, loadDocument, withoutProvider } from './document.ts';
import { createIds } from './ids.ts';
import { createKeys, type Keys } from './keys.ts';
import type { Provider, Surroundings } from './provider.ts';
import { resolveSeed, type Seed, type SeedInput } from './seed.ts';
import { applySettings, defaultSettings, type Settings, type SettingsPatch } from './settings.ts';
import { createShortForm, SHORT_FORM } from './short-form.ts';
import { createSipgate } from './sipgate/index.ts';
import { createSipsim } from './sipsim/index.ts';
import { createMemoryStore } from './store/memory.ts';
import type { Store } from './store/store.ts';

export interface WorldOptions {
  seed?: SeedInput;
  /** Makes ids, secrets and tokens' ids the same in each run. */
  randomSeed?: number | string;
  settings?: SettingsPatch;
  /** `/account`, `/authorization/oauth2/clients` and sipgate's clients at `/oauth/token`. Default true. */
  shortForm?: boolean;
  /** A driver that passes the store suite; the default remembers in this process. */
  store?: (now: () => number) => Store;
  /** Told of every exchange with the imitated APIs when it is over. */
  onExchange?: (exchange: Exchange) => void;
}

export interface World {
  app: RequestListener;
  clock: Clock;
  settings: Settings;
  providers: Provider[];
  seed: Seed;
  keys: Keys;
  configure(patch: SettingsPatch): void;
  /** State, clock and settings as at the start; every issued token dead. */
  reset(): Promise<void>;
  /** Ends what still waits for its time or is on its way. */
  close(): void;
}

/** @param address scheme and authority where the world is reached, once it is. Throws a TypeError for a bad setting. */
export async function createWorld(options: WorldOptions, address: () => string): Promise<World> {
  const { shortForm = true, onExchange } = options;
  const clock = createClock();
  const store = (options.store ?? createMemoryStore)(clock.now);
  const surroundings = { clock, store, ids: createIds(options.randomSeed) };
  const seed = resolveSeed(options.seed);
  const settings = settingsOf(options);
  const document = shortForm ? loadDocument() : withoutProvider(loadDocument(), SHORT_FORM);
  const keys = createKeys();
  const origin = () => settings.server.publicUrl || address();
  const scopes = declaredScopes(document, 'sipgateOAuth');
  const providers = createProviders(surroundings, { seed, settings, keys, origin, scopes, shortForm });

  const seedAll = async () => {
    await store.clear();
    for (const provider of providers) await provider.seed();
  };
  await seedAll();
  const exchanges = onExchange ? { onExchange } : {};
  const app = await createApp({ document, providers, clock, settings: settings.server, origin, ...exchanges });
  const reset = async () => {
    clock.reset();
    surroundings.ids.restart();
    applySettings(settings, settingsOf(options));
    await seedAll();
  };
  const configure = (patch: SettingsPatch) => applySettings(settings, patch);
  const close = () => {
    for (const provider of providers) provider.close?.();
  };
  return { app, clock, settings, providers, seed, keys, configure, reset, close };
}

function settingsOf({ settings: patch = {} }: WorldOptions): Settings {
  const settings = defaultSettings();
  applySettings(settings, patch);
  return settings;
}

interface Composition {
  seed: Seed;
  settings: Settings;
  keys: Keys;
  origin: () => string;
  /** Scopes that sipgate's OAuth scheme declares, with their descriptions. */
  scopes: Record<string, string>;
  shortForm: boolean;
}

function createProviders(surroundings: Surroundings, composition: Composition): Provider[] {
  const { seed, settings, keys, origin, scopes, shortForm } = composition;
  const sipgate = createSipgate({
    ...surroundings,
    keys,
    origin,
    seed: seed.sipgate,
    settings: settings.sipgate,
    declaredScopes: scopes,
  });
  const furtherClients = shortForm ? [sipgate.clients] : [];
  const sipsim = createSipsim({ ...surroundings, seed: seed.sipsim, settings: settings.sipsim, furtherClients });
  const root = createShortForm(sipgate, sipsim, sipgate.surfaceAt(''));
  // Without the short form the root still needs somebody to say 404 there.
  return [sipgate, sipsim, shortForm ? root : { ...root, operations: {} }];
}
