/**
 * The fake as a library.
 *
 * @example
 * await using mock = await startMock();
 * await fetch(`${mock.sipgate.baseUrl}/account`, { headers: { authorization: `Bearer ${token}` } });
 */
import { randomBytes } from 'node:crypto';
import type { RequestListener } from 'node:http';
import type { GuardOptions } from './admin/guard.ts';
import { createHealth } from './admin/health.ts';
import { createAdmin } from './admin/index.ts';
import { type Clock, parseDuration } from './clock.ts';
import { type Credentials, credentialsOf, environmentOf } from './demo-credentials.ts';
import type { FaultInput, FaultState } from './faults/fault.ts';
import { createFront } from './front.ts';
import { InputError } from './input-error.ts';
import { createDoor } from './intercept/absolute-form.ts';
import { composeDispatcher, type FetchDispatcher, nodeDispatcher } from './intercept/dispatcher.ts';
import { intercept as loadInterception, openRecorder } from './intercept/load.ts';
import { type CheckedOptions, checkInterceptOptions, type InterceptOptions } from './intercept/options.ts';
import { vendorHosts } from './intercept/vendor-hosts.ts';
import type { RequestFilter } from './journal/filter.ts';
import type { JournalEntry } from './journal/view.ts';
import { isLoopback, LOOPBACK } from './loopback.ts';
import { checkNamespaceOptions, type NamespaceOptions, type NamespaceState } from './namespaces.ts';
import { once } from './once.ts';
import type { Delivery, IncomingCallWish, MintedToken, TokenWish, WebhookWish } from './provider.ts';
import type { Seed, SeedInput } from './seed.ts';
import { listen } from './server.ts';
import type { Settings, SettingsPatch } from './settings.ts';
import type { WorldState } from './state.ts';
import { type CertificateFiles, type PublishedAuthority, publishAuthority, readCertificate } from './tls/files.ts';
import { version } from './version.ts';
import type { World, WorldOptions } from './world.ts';
import { createWorlds, type Worlds } from './worlds.ts';

export interface MockOptions extends WorldOptions {
  /** 0 (the default) for a free one. */
  port?: number;
  /** Default 127.0.0.1. */
  host?: string;
  /** The control API `/__admin`. Default true. */
  admin?: boolean;
  /** Bearer that `/__admin` wants. Made up where the host is not loopback. */
  adminToken?: string;
  /** How many namespaces may live at once (1000), and how long unused (one hour). */
  namespaces?: NamespaceOptions;
  /** https with a certificate made at the start, or with one's own. */
  tls?: boolean | CertificateFiles;
  /** A proxy on the same port, for programs that know the vendors' hosts alone. */
  intercept?: boolean | InterceptOptions;
}

/** One world: the mock itself, or a namespace of it. */
export interface MockNamespace {
  /** Scheme, authority, and prefix of the namespace. */
  url: string;
  sipgate: { baseUrl: string; authUrl: string; tokenUrl: string };
  sipsim: { baseUrl: string; tokenUrl: string };
  adminUrl?: string;
  adminToken?: string;
  /** For `HTTPS_PROXY` and its like, where `intercept` is on. Its user names the namespace. */
  proxyUrl?: string;
  credentials: Credentials;
  /** URLs and credentials by the names that `sidetone exec` exports. */
  environment: Record<string, string>;
  clock: Clock;
  /** Read it freely; change it by `configure`. */
  settings: Readonly<Settings>;
  /** Changes settings, all of the patch or nothing. Throws a TypeError that names the member. */
  configure(patch: SettingsPatch): void;
  /** Back to the seed: state, clock, settings, faults and journal as at the start, every issued token dead. */
  reset(): Promise<void>;
  /** Declares a fault. Throws a TypeError that names the member. */
  fail(fault: FaultInput): FaultState;
  /** The faults in force, and what they have done. */
  faults(): FaultState[];
  /** Without an id every fault. False if there was none. */
  removeFault(id?: string): boolean;
  /** What was asked and answered, without secrets; the oldest first. */
  requests(filter?: RequestFilter): JournalEntry[];
  /**
   * Resolves with the requests as soon as there are `count` (1) of them; rejects if that takes longer than `timeout`
   * (5 s of real time).
   */
  waitForRequests(
    filter?: RequestFilter,
    options?: { count?: number; timeout?: number | string },
  ): Promise<JournalEntry[]>;
  /** The whole state as JSON. It holds secrets. */
  saveState(): Promise<WorldState>;
  /** Back to a saved state, its tokens living. */
  restoreState(state: WorldState): Promise<void>;
  mintToken(provider: 'sipgate' | 'sipsim', wish?: TokenWish): Promise<MintedToken>;
  /** False if no provider has such a living token. */
  revokeToken(token: string): Promise<boolean>;
  /** Sends any webhook event by hand, with a sample's members where the wish has none. */
  sendWebhook(event: string, wish?: WebhookWish): Promise<Delivery>;
  /** Webhooks that were sent, with their answers, once everything that is due has one. */
  deliveries(): Promise<Delivery[]>;
  /** Makes somebody call one of SIPSIM's accounts; answers with the call as its API shows it. */
  receiveCall(wish?: IncomingCallWish): Promise<object>;
  /**
   * A dispatcher of undici's that brings to the mock what goes to the vendors' hosts, and all else where `inner` would;
   * without one for the `fetch` of Node's own: `fetch(url, { dispatcher: mock.dispatcher() })`.
   */
  dispatcher(): FetchDispatcher;
  dispatcher<Inner extends object>(inner: Inner): Inner;
  /** Of a namespace: frees it. Of the mock: ends it. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface Mock extends MockNamespace {
  /** The request listener itself, for supertest. */
  app: RequestListener;
  /** An isolated copy with state, clock, faults, journal and issuer of its own; made on first use. */
  namespace(name: string): Promise<MockNamespace>;
  /** The authority that clients must trust, where one was made at the start: PEM, and a file of it. */
  ca?: string;
  caFile?: string;
  /** What the fake stands in for: by absolute form, and as a proxy where `intercept` is on. */
  vendorHosts: string[];
  /** The living namespaces. */
  namespaces(): NamespaceState[];
  /**
   * Another seed from now on: what differs changes at once, in every namespace; what was made and issued stays.
   * Resolves with a line for each difference. Rejects with a TypeError that names the member.
   */
  reseed(seed: SeedInput): Promise<string[]>;
}

/** Starts a fake of both APIs. Rejects with Node's error if it cannot listen, a TypeError for a bad option. */
export async function startMock(options: MockOptions = {}): Promise<Mock> {
  await checkOptions(options);
  const intercept = checkInterceptOptions(options.intercept);
  const authority = options.tls === true || intercept ? await publishAuthority() : undefined;
  try {
    return await serve(options, { ...(intercept && { intercept }), ...(authority && { authority }) });
  } catch (error) {
    authority?.discard();
    throw error;
  }
}

/** Milliseconds from listening to making a key that was not needed until then. */
const KEY_DELAY = 250;

interface Parts {
  intercept?: CheckedOptions;
  authority?: PublishedAuthority;
}

async function serve(options: MockOptions, { intercept, authority }: Parts): Promise<Mock> {
  const { host = LOOPBACK, port = 0, admin = true } = options;
  const loopback = isLoopback(host);
  const adminToken =
    (options.adminToken || undefined) ?? (loopback ? undefined : randomBytes(24).toString('base64url'));
  const control = admin ? { loopback, ...(adminToken !== undefined && { adminToken }) } : undefined;
  const certificate = await certificateFor(options.tls, authority, host);
  let url = `${certificate ? 'https' : 'http'}://${LOOPBACK}:${port}`;
  const recorder = await openRecorder(intercept?.record);
  const worlds = await createWorlds(options, () => url, recorder?.addFake);
  const { root, namespaces, keys } = worlds;
  const plainHttp = () => root.settings.server.plainHttp;
  const hosts = vendorHosts(root.providers, intercept?.hosts);
  const interception =
    intercept &&
    authority &&
    (await loadInterception({ ...intercept, hosts, authority, plainHttp, ...(recorder && { recorder }) }));
  const app = createFront({
    ...{ root, namespaces, health: createHealth(version) },
    proxy: createDoor({
      ...intercept,
      ...interception,
      hosts,
      plainHttp,
      publicUrl: () => root.settings.server.publicUrl,
    }),
    ...(control && {
      admin: whenAsked(() =>
        createAdmin({
          ...{ ...control, root, namespaces, shortForm: options.shortForm ?? true },
          ...(authority && { authority: authority.pem }),
        }),
      ),
    }),
  });
  const listening = await listen(app, host, port, {
    ...(certificate && { tls: { ...certificate, plainHttp } }),
    ...(interception && { tunnels: interception.tunnels(app) }),
  });
  url = listening.url;
  recorder?.begin();
  // Whoever asks meanwhile waits for the same, and is told if it fails.
  const loading = setImmediate(() => void worlds.load().catch(() => {}));
  // Nobody waits for a key that nobody has asked for, nor shares a core with it while the first requests are answered.
  const keyInAdvance = setTimeout(() => void keys.rsa(), KEY_DELAY).unref();
  const close = async () => {
    clearTimeout(keyInAdvance);
    clearImmediate(loading);
    namespaces.close();
    root.close();
    namespaces.freeAll();
    await listening.close();
    interception?.close();
    await recorder?.close();
    authority?.discard();
  };
  const proxied = interception !== undefined;
  const view = (world: World, end: () => Promise<void>) =>
    namespaceOf(world, worlds, { url, control, end, caFile: authority?.file, proxied, vendorHosts: [...hosts.keys()] });
  return {
    ...view(root, close),
    app,
    ...(authority && { ca: authority.pem, caFile: authority.file }),
    namespace: async (name) => view(await namespaces.use(name), async () => void namespaces.free(name)),
    vendorHosts: [...hosts.keys()],
    namespaces: namespaces.list,
    reseed: async (seed) => {
      await checkSeedInput(seed);
      return worlds.reseed(seed);
    },
  };
}

/** Most are never asked, and none before its fake is. */
function whenAsked<T>(make: () => (world: T) => RequestListener): (world: T) => RequestListener {
  const made = once(make);
  return (world) => (incoming, response) => made()(world)(incoming, response);
}

async function certificateFor(tls: MockOptions['tls'], authority: PublishedAuthority | undefined, host: string) {
  if (!tls) return undefined;
  return tls === true ? authority?.issueFor(host) : readCertificate(tls);
}

const OPTIONS: Record<keyof MockOptions, true> = {
  port: true,
  host: true,
  admin: true,
  adminToken: true,
  namespaces: true,
  tls: true,
  intercept: true,
  seed: true,
  randomSeed: true,
  settings: true,
  shortForm: true,
  store: true,
  onExchange: true,
  fastPath: true,
};

/** JavaScript has no compiler to find a misspelt option. */
async function checkOptions({ port = 0, seed, namespaces = {}, ...options }: MockOptions): Promise<void> {
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(OPTIONS, name));
  if (unknown !== undefined) throw new InputError(`startMock has no option "${unknown}"`);
  if (!(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
    throw new InputError(`port must be a whole number from 0 to 65535, not ${JSON.stringify(port)}`);
  }
  checkNamespaceOptions(namespaces);
  if (seed !== undefined) await checkSeedInput(seed);
}

/** Loaded here: most mocks start without a seed of their own. */
async function checkSeedInput(seed: SeedInput): Promise<void> {
  const { checkSeed } = await import('./seed-file.ts');
  checkSeed(seed);
}

type Control = Pick<GuardOptions, 'loopback' | 'adminToken'>;

interface Viewed {
  url: string;
  control: Control | undefined;
  caFile: string | undefined;
  /** Whether the fake is a proxy. */
  proxied: boolean;
  vendorHosts: string[];
  end: () => Promise<void>;
}

function namespaceOf(
  world: World,
  worlds: Worlds,
  { url, control, end, caFile, proxied, vendorHosts }: Viewed,
): MockNamespace {
  const { clock, settings, configure, reset, faults, journal } = world;
  const seed = worlds.seed();
  const prefix = world.namespace === '' ? '' : `/~${world.namespace}`;
  return {
    ...addressesOf(url + prefix, seed, control, {
      caFile,
      ...(proxied && { proxyUrl: proxyUrlOf(url, world.namespace) }),
    }),
    credentials: credentialsOf(seed),
    ...{ clock, settings, configure, reset },
    fail: faults.add,
    faults: faults.list,
    removeFault: (id) => {
      if (id !== undefined) return faults.remove(id);
      const any = faults.armed;
      faults.clear();
      return any;
    },
    requests: (filter = {}) => journal.entries(filter),
    waitForRequests: async (filter = {}, { count = 1, timeout = '5s' } = {}) => {
      const found = await journal.waitFor(filter, count, parseDuration(timeout));
      if (found >= count) return journal.entries(filter);
      throw new Error(`after ${timeout} there are ${found} of ${count} requests: ${JSON.stringify(filter)}`);
    },
    saveState: world.save,
    restoreState: world.restore,
    ...tokensOf(world),
    ...telephonyOf(world),
    dispatcher: (inner: object = nodeDispatcher()) =>
      composeDispatcher({ url, namespace: world.namespace, hosts: vendorHosts }, inner) as never,
    close: end,
    [Symbol.asyncDispose]: end,
  };
}

/** Where there is a namespace, its name is the user: clients send it along. */
const proxyUrlOf = (url: string, namespace: string) =>
  namespace === '' ? url : url.replace('://', `://${namespace}:@`);

interface Ways {
  caFile: string | undefined;
  proxyUrl?: string;
}

function addressesOf(url: string, seed: Seed, control: Control | undefined, { caFile, proxyUrl }: Ways) {
  const { adminToken } = control ?? {};
  const openIdConnect = `${url}/auth/realms/third-party/protocol/openid-connect`;
  return {
    url,
    sipgate: { baseUrl: `${url}/v2`, authUrl: `${openIdConnect}/auth`, tokenUrl: `${openIdConnect}/token` },
    sipsim: { baseUrl: `${url}/api/v2`, tokenUrl: `${url}/oauth/token` },
    ...(control && { adminUrl: `${url}/__admin` }),
    ...(adminToken !== undefined && { adminToken }),
    ...(proxyUrl !== undefined && { proxyUrl }),
    environment: {
      ...environmentOf(seed, url),
      SIDETONE_URL: url,
      ...(control && { SIDETONE_ADMIN_URL: `${url}/__admin` }),
      ...(adminToken !== undefined && { SIDETONE_ADMIN_TOKEN: adminToken }),
      ...(caFile !== undefined && { SIDETONE_CA_FILE: caFile }),
      ...(proxyUrl !== undefined && { SIDETONE_PROXY_URL: proxyUrl }),
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

export type { Clock, ClockState } from './clock.ts';
export { type Credentials, demoEnvironment } from './demo-credentials.ts';
export type { Delay, FaultAnswer, FaultInput, FaultMatch, FaultState } from './faults/fault.ts';
export type { FetchDispatcher } from './intercept/dispatcher.ts';
export type { InterceptOptions } from './intercept/options.ts';
export type { RecordingFile, SavedExchange } from './intercept/recording.ts';
export type { RequestFilter } from './journal/filter.ts';
export type { Exchange } from './journal/told.ts';
export type { JournalEntry } from './journal/view.ts';
export type { NamespaceOptions, NamespaceState } from './namespaces.ts';
export type { Delivery, IncomingCallWish, MintedToken, TokenWish, WebhookWish } from './provider.ts';
export type { SeedInput } from './seed.ts';
export { checkSettings, type Settings, type SettingsPatch } from './settings.ts';
export { type VerifyWebhookOptions, verifyWebhook, type WebhookHeaders } from './sipsim/webhook-signature.ts';
export type { WorldState } from './state.ts';
export type { Collection, Keyed, KeyRange, Store, StoredValue } from './store/store.ts';
export type { CertificateFiles } from './tls/files.ts';
export { version } from './version.ts';

/** Reads a seed file. Rejects with an Error whose message names file, line and member. */
export const readSeedFile = async (path: string): Promise<SeedInput> =>
  (await import('./seed-file.ts')).readSeedFile(path);

/** Reads a YAML or JSON file that can say where each member stands. Rejects with an Error that names file and line. */
export const readLocatedFile = async (path: string) => (await import('./located-file.ts')).LocatedFile.read(path);
