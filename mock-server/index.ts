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
import { type Controls, createAdmin, healthRoute } from './admin/index.ts';
import type { Clock } from './clock.ts';
import { type Credentials, credentialsOf, environmentOf } from './demo-credentials.ts';
import { InputError } from './input-error.ts';
import type { Delivery, IncomingCallWish, MintedToken, TokenWish, WebhookWish } from './provider.ts';
import type { Seed, SeedInput } from './seed.ts';
import { listen } from './server.ts';
import type { Settings, SettingsPatch } from './settings.ts';
import { version } from './version.ts';
import { createWorld, type World, type WorldOptions } from './world.ts';

export interface MockOptions extends WorldOptions {
  /** 0 (the default) for a free one. */
  port?: number;
  /** Default 127.0.0.1. */
  host?: string;
  /** The control API `/__admin`. Default true. */
  admin?: boolean;
  /** Bearer that `/__admin` wants. Made up where the host is not loopback. */
  adminToken?: string;
}

export interface Mock {
  /** Scheme and authority. */
  url: string;
  sipgate: { baseUrl: string; authUrl: string; tokenUrl: string };
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
  /** Sends any webhook event by hand, with a sample's members where the wish has none. */
  sendWebhook(event: string, wish?: WebhookWish): Promise<Delivery>;
  /** Webhooks that were sent, with their answers, once everything that is due has one. */
  deliveries(): Promise<Delivery[]>;
  /** Makes somebody call one of SIPSIM's accounts; answers with the call as its API shows it. */
  receiveCall(wish?: IncomingCallWish): Promise<object>;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts a fake of both APIs. Rejects with Node's error if it cannot listen, a TypeError for a bad option. */
export async function startMock(options: MockOptions = {}): Promise<Mock> {
  await checkOptions(options);
  const { host = '127.0.0.1', port = 0, admin = true } = options;
  const loopback = host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
  const adminToken =
    (options.adminToken || undefined) ?? (loopback ? undefined : randomBytes(24).toString('base64url'));
  const control = admin ? { loopback, version, ...(adminToken !== undefined && { adminToken }) } : undefined;
  let url = `http://127.0.0.1:${port}`;
  const world = await createWorld(options, () => url);
  const app = withControl(world, control);
  const listening = await listen(app, host, port);
  url = listening.url;
  // After the socket is open: nobody waits for a key that nobody has asked for.
  void world.keys.rsa();
  const close = () => {
    world.close();
    return listening.close();
  };
  return {
    ...addressesOf(url, world.seed, control),
    credentials: credentialsOf(world.seed),
    app,
    clock: world.clock,
    settings: world.settings,
    configure: world.configure,
    reset: world.reset,
    ...tokensOf(world),
    ...telephonyOf(world),
    close,
    [Symbol.asyncDispose]: close,
  };
}

const OPTIONS: Record<keyof MockOptions, true> = {
  port: true,
  host: true,
  admin: true,
  adminToken: true,
  seed: true,
  randomSeed: true,
  settings: true,
  shortForm: true,
  store: true,
  onExchange: true,
};

/** JavaScript has no compiler to find a misspelt option. */
async function checkOptions({ port = 0, seed, ...options }: MockOptions): Promise<void> {
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(OPTIONS, name));
  if (unknown !== undefined) throw new InputError(`startMock has no option "${unknown}"`);
  if (!(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
    throw new InputError(`port must be a whole number from 0 to 65535, not ${JSON.stringify(port)}`);
  }
  // Loaded here: most mocks start without a seed of their own.
  if (seed === undefined) return;
  const { checkSeed } = await import('./seed-file.ts');
  checkSeed(seed);
}

type Control = Pick<Controls, 'loopback' | 'version' | 'adminToken'>;

/** The world's app, behind `/health` and the control API. */
function withControl(world: World, control: Control | undefined): RequestListener {
  const app = express().disable('x-powered-by').disable('etag');
  app.get('/health', healthRoute(version));
  if (control) app.use('/__admin', createAdmin({ ...world, ...control }));
  return app.use(world.app as express.RequestHandler);
}

function addressesOf(url: string, seed: Seed, control: Control | undefined) {
  const { adminToken } = control ?? {};
  const openIdConnect = `${url}/auth/realms/third-party/protocol/openid-connect`;
  return {
    url,
    sipgate: { baseUrl: `${url}/v2`, authUrl: `${openIdConnect}/auth`, tokenUrl: `${openIdConnect}/token` },
    sipsim: { baseUrl: `${url}/api/v2`, tokenUrl: `${url}/oauth/token` },
    ...(control && { adminUrl: `${url}/__admin` }),
    ...(adminToken !== undefined && { adminToken }),
    environment: {
      ...environmentOf(seed, url),
      SIDETONE_URL: url,
      ...(control && { SIDETONE_ADMIN_URL: `${url}/__admin` }),
      ...(adminToken !== undefined && { SIDETONE_ADMIN_TOKEN: adminToken }),
    },
  };
}

function tokensOf({ providers }: World): Pick<Mock, 'mintToken' | 'revokeToken'> {
  return {
    mintToken: async (provider, wish = {}) => {
      const tokens = providers.find(({ name }) => name === provider)?.tokens;
      if (!tokens) throw new InputError(`"${provider}" is no provider; expected "sipgate" or "sipsim"`);
      return tokens.mint(wish);
    },
    revokeToken: async (token) =>
      (await Promise.all(providers.map(({ tokens }) => tokens?.revoke(token)))).includes(true),
  };
}

/** SIPSIM's, the one provider that calls and tells. */
function telephonyOf({ providers }: World): Pick<Mock, 'sendWebhook' | 'deliveries' | 'receiveCall'> {
  const sipsim = providers.find(({ name }) => name === 'sipsim');
  if (!sipsim?.webhooks || !sipsim.receiveCall) throw new Error('sipsim sends no webhooks');
  const { webhooks, receiveCall } = sipsim;
  return {
    sendWebhook: (event, wish = {}) => webhooks.send(event, wish),
    deliveries: webhooks.deliveries,
    receiveCall: (wish = {}) => receiveCall(wish),
  };
}

export type { Exchange } from './app.ts';
export type { Clock } from './clock.ts';
export { type Credentials, demoEnvironment } from './demo-credentials.ts';
export type { Delivery, IncomingCallWish, MintedToken, TokenWish, WebhookWish } from './provider.ts';
export type { SeedInput } from './seed.ts';
export { checkSettings, type Settings, type SettingsPatch } from './settings.ts';
export { type VerifyWebhookOptions, verifyWebhook, type WebhookHeaders } from './sipsim/webhook-signature.ts';
export type { Collection, Keyed, KeyRange, Store } from './store/store.ts';
export { version } from './version.ts';

/** Reads a seed file. Rejects with an Error whose message names file, line and member. */
export const readSeedFile = async (path: string): Promise<SeedInput> =>
  (await import('./seed-file.ts')).readSeedFile(path);

/** Reads a YAML or JSON file that can say where each member stands. Rejects with an Error that names file and line. */
export const readLocatedFile = async (path: string) => (await import('./located-file.ts')).LocatedFile.read(path);
