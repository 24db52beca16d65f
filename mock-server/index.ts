/**
 * The fake as a library.
 *
 * @example
 * await using mock = await startMock();
 * await fetch(`${mock.sipgate.baseUrl}/account`, { headers: { authorization: `Bearer ${token}` } });
 */
import { randomBytes } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { isIPv4 } from 'node:net';
import express from 'express';
import { createAdmin, healthRoute } from './admin/index.ts';
import { createApp, type Exchange } from './app.ts';
import { type Clock, createClock } from './clock.ts';
import { type Credentials, credentialsOf, environmentOf } from './demo-credentials.ts';
import { declaredScopes, loadDocument, withoutProvider } from './document.ts';
import { createIds } from './ids.ts';
import { createKeys } from './keys.ts';
import type { MintedToken, Provider, TokenWish } from './provider.ts';
import { resolveSeed, type SeedInput } from './seed.ts';
import { listen } from './server.ts';
import { applySettings, defaultSettings, type Settings, type SettingsPatch } from './settings.ts';
import { createShortForm, SHORT_FORM } from './short-form.ts';
import { createSipgate } from './sipgate/index.ts';
import { createSipsim } from './sipsim/index.ts';
import { createMemoryStore } from './store/memory.ts';
import type { Store } from './store/store.ts';
import { version } from './version.ts';

export interface MockOptions {
  /** 0 (the default) for a free one. */
  port?: number;
  /** Default 127.0.0.1. */
  host?: string;
  seed?: SeedInput;
  /** Makes ids, secrets and tokens' ids the same in each run. */
  randomSeed?: number | string;
  settings?: SettingsPatch;
  /** `/account`, `/authorization/oauth2/clients` and sipgate's clients at `/oauth/token`. Default true. */
  shortForm?: boolean;
  /** The control API `/__admin`. Default true. */
  admin?: boolean;
  /** Bearer that `/__admin` wants. Made up where the host is not loopback. */
  adminToken?: string;
  /** A driver that passes the store suite; the default remembers in this process. */
  store?: (now: () => number) => Store;
  /** Told of every exchange with the imitated APIs when it is over. */
  onExchange?: (exchange: Exchange) => void;
}

export interface Mock {
  /** Scheme and authority. */
  url: string;
  sipgate: { baseUrl: string; tokenUrl: string };
  sipsim: { baseUrl: string; tokenUrl: string };
  adminUrl?: string;
  adminToken?: string;
  credentials: Credentials;
  /** URLs and credentials by the names that `sidetone exec` exports. */
  environment: Record<string, string>;
  /** The request listener itself, for supertest. */
  app: RequestListener;
  clock: Clock;
  /** Read it freely; change it by `configure`. */
  settings: Readonly<Settings>;
  /** Changes settings, all of the patch or nothing. Throws a TypeError that names the member. */
  configure(patch: SettingsPatch): void;
  /** Back to the seed: state, clock and settings as at the start, every issued token dead. */
  reset(): Promise<void>;
  mintToken(provider: 'sipgate' | 'sipsim', wish?: TokenWish): Promise<MintedToken>;
  /** False if no provider has such a living token. */
  revokeToken(token: string): Promise<boolean>;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts a fake of both APIs. Rejects with Node's error if it cannot listen, a TypeError for a bad option. */
export async function startMock(options: MockOptions = {}): Promise<Mock> {
  const { host = '127.0.0.1', port = 0, admin = true } = options;
  const loopback = host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
  const adminToken = options.adminToken ?? (loopback ? undefined : randomBytes(24).toString('base64url'));
  let url = `http://127.0.0.1:${port}`;

  const world = await createWorld(options, () => url);
  const { clock, settings, providers, reset, configure } = world;
  const control = { loopback, version, ...(adminToken !== undefined && { adminToken }) };
  const app = express().disable('x-powered-by').disable('etag');
  app.get('/health', healthRoute(version));
  if (admin) app.use('/__admin', createAdmin({ clock, settings, configure, providers, reset, ...control }));
  app.use(world.app as express.RequestHandler);

  const listening = await listen(app, host, port);
  url = listening.url;
  // After the socket is open: nobody waits for a key that nobody has asked for.
  void world.warmUp();
  const tokensOf = (provider: string) => providers.find(({ name }) => name === provider)?.tokens;
  return {
    url,
    sipgate: { baseUrl: `${url}/v2`, tokenUrl: `${url}/auth/realms/third-party/protocol/openid-connect/token` },
    sipsim: { baseUrl: `${url}/api/v2`, tokenUrl: `${url}/oauth/token` },
    ...(admin && { adminUrl: `${url}/__admin` }),
    ...(admin && adminToken !== undefined && { adminToken }),
    credentials: credentialsOf(world.seed),
    environment: {
      ...environmentOf(world.seed, url),
      SIDETONE_URL: url,
      ...(admin && { SIDETONE_ADMIN_URL: `${url}/__admin` }),
      ...(admin && adminToken !== undefined && { SIDETONE_ADMIN_TOKEN: adminToken }),
    },
    app,
    clock,
    settings,
    configure,
    reset,
    mintToken: async (provider, wish = {}) => {
      const tokens = tokensOf(provider);
      if (!tokens) throw new TypeError(`"${provider}" is no provider; expected "sipgate" or "sipsim"`);
      return tokens.mint(wish);
    },
    revokeToken: async (token) =>
      (await Promise.all(providers.map(({ tokens }) => tokens?.revoke(token)))).includes(true),
    close: listening.close,
    [Symbol.asyncDispose]: listening.close,
  };
}

/** Everything behind the socket: state, time, providers and the app that answers for them. */
async function createWorld(options: MockOptions, origin: () => string) {
  const { shortForm = true, onExchange } = options;
  const clock = createClock();
  const ids = createIds(options.randomSeed);
  const store = (options.store ?? createMemoryStore)(clock.now);
  const seed = resolveSeed(options.seed);
  const settings = defaultSettings();
  applySettings(settings, options.settings ?? {});
  const startSettings = structuredClone(settings);
  const document = shortForm ? loadDocument() : withoutProvider(loadDocument(), SHORT_FORM);
  const keys = createKeys();

  const surroundings = { clock, ids, store };
  const sipgate = createSipgate({
    ...surroundings,
    keys,
    origin,
    seed: seed.sipgate,
    settings: settings.sipgate,
    declaredScopes: declaredScopes(document, 'sipgateOAuth'),
  });
  const furtherClients = shortForm ? [sipgate.clients] : [];
  const sipsim = createSipsim({ ...surroundings, seed: seed.sipsim, settings: settings.sipsim, furtherClients });
  const root = sipgate.surfaceAt('');
  const providers: Provider[] = [sipgate, sipsim, createShortForm(sipgate, sipsim, root)].map((provider) =>
    provider.name === SHORT_FORM && !shortForm ? { ...provider, operations: {} } : provider,
  );

  const seedAll = async () => {
    await store.clear();
    for (const provider of providers) await provider.seed();
  };
  await seedAll();
  const app = await createApp({
    document,
    providers,
    clock,
    settings: settings.server,
    origin,
    ...(onExchange && { onExchange }),
  });
  return {
    app,
    clock,
    settings,
    providers,
    seed,
    configure: (patch: SettingsPatch) => applySettings(settings, patch),
    reset: async () => {
      clock.reset();
      applySettings(settings, startSettings);
      await seedAll();
    },
    warmUp: () => keys.rsa(),
  };
}

export type { Exchange } from './app.ts';
export type { Clock } from './clock.ts';
export { type Credentials, demoEnvironment } from './demo-credentials.ts';
export type { MintedToken, TokenWish } from './provider.ts';
export type { SeedInput } from './seed.ts';
export type { Settings, SettingsPatch } from './settings.ts';
export type { Collection, Store } from './store/store.ts';
export { version } from './version.ts';

/** Reads a seed file. Rejects with an Error whose message names file, line and member. */
export const readSeedFile = async (path: string): Promise<SeedInput> =>
  (await import('./seed-file.ts')).readSeedFile(path);

/** Reads a YAML or JSON file that can say where each member stands. Rejects with an Error that names file and line. */
export const readLocatedFile = async (path: string) => (await import('./located-file.ts')).LocatedFile.read(path);
