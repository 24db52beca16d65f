/** What `start` and `exec` share: the flags of a fake, and its start. */
import type { Option } from 'commander';
import type {
  CertificateFiles,
  Exchange,
  InterceptOptions,
  Mock,
  MockOptions,
  SettingsPatch,
} from '../mock-server/index.ts';
import { CliError, EXIT } from './cli-error.ts';
import { takeLittleMemory } from './memory.ts';
import { collect, option, parseDurationFlag, parseOrigin, parsePositive } from './options.ts';
import { whoHolds } from './port-holder.ts';

export interface ServingOptions {
  port: number;
  host: string;
  seed?: string;
  randomSeed?: string;
  logLevel: 'error' | 'warn' | 'info';
  admin: boolean;
  shortForm: boolean;
  fastPath: boolean;
  publicUrl?: string;
  tls?: boolean;
  tlsCert?: string;
  tlsKey?: string;
  intercept?: boolean;
  interceptHost?: string[];
  passthrough?: string[];
  record?: string;
  namespaces?: number;
  namespaceIdle?: number;
  settings?: SettingsPatch;
}

/** All but the port: its default differs. */
export const servingFlags = (): Option[] => [
  option('--host <host>', 'address to listen on').default('127.0.0.1'),
  option('--seed <file>', 'data to start with (YAML or JSON)'),
  option('--random-seed <text>', 'makes ids, secrets and chance the same in each run'),
  option('--config <file>', 'flags and settings (YAML or JSON)'),
  option('--public-url <url>', 'origin that clients use, if it is not the Host header', parseOrigin),
  option('--tls', 'serve https with a certificate made at the start'),
  option('--tls-cert <file>', "serve https with one's own certificate (PEM)"),
  option('--tls-key <file>', 'its key (PEM)'),
  option('--intercept', "be a proxy that stands in for the vendors' hosts, by an authority made at the start"),
  option('--intercept-host <name=host>', 'a further name for one of them', collect),
  option('--passthrough <hosts>', 'what the proxy lets through: HOST[:PORT][=ADDRESS:PORT]', collect),
  option('--record <file>', "where what is said to the vendors' hosts is written, without credentials"),
  option('--namespaces <number>', 'how many namespaces may live at once (1000)', parsePositive),
  option('--namespace-idle <duration>', 'how long an unused namespace lives (1h)', parseDurationFlag),
  option('--log-level <level>', 'what is logged on stderr: error from 500 on, warn from 400 on, info each request')
    .choices(['error', 'warn', 'info'])
    .default('error'),
  option('--no-admin', 'do not serve the control API /__admin'),
  option('--no-short-form', 'leave only what the real hosts serve'),
  option('--no-fast-path', 'remember nothing of earlier requests; the answers are the same'),
];

/** Throws a CliError that says what is wrong. */
export async function startFake(options: ServingOptions): Promise<Mock> {
  const { host, port } = options;
  // Loaded here: the fake costs more than the rest of the command.
  const { startMock } = await import('../mock-server/index.ts');
  // Not before: with little room for the young, loading takes twice the collections.
  takeLittleMemory();
  try {
    return await startMock(await mockOptionsOf(options));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (error instanceof TypeError && code === undefined) throw new CliError(message, EXIT.usage);
    if (code === 'EADDRINUSE') {
      const holder = await whoHolds(host, port);
      throw new CliError(`port ${port} on ${host} is taken by ${holder}; try --port 0`, EXIT.unable);
    }
    if (code?.startsWith('E')) throw new CliError(`cannot listen on ${host}:${port}: ${message}`, EXIT.unable);
    throw error;
  }
}

const LOGGED_FROM = { error: 500, warn: 400, info: 0 };

async function mockOptionsOf(options: ServingOptions): Promise<MockOptions> {
  const { port, host, admin, shortForm, fastPath, randomSeed, publicUrl, logLevel, settings = {} } = options;
  const { namespaces: limit, namespaceIdle: idle } = options;
  const adminToken = process.env.SIDETONE_ADMIN_TOKEN;
  return {
    ...{ port, host, admin, shortForm, fastPath },
    namespaces: { ...(limit !== undefined && { limit }), ...(idle !== undefined && { idle }) },
    tls: tlsOf(options),
    intercept: interceptionOf(options),
    settings: publicUrl === undefined ? settings : { ...settings, server: { ...settings.server, publicUrl } },
    ...(options.seed !== undefined && { seed: await seedOf(options.seed) }),
    ...(randomSeed !== undefined && { randomSeed }),
    ...(adminToken && { adminToken }),
    // 0 is a connection that ended without an answer.
    onExchange: (exchange) => (exchange.status || 599) >= LOGGED_FROM[logLevel] && logExchange(exchange),
  };
}

function tlsOf({ tls = false, tlsCert: certFile, tlsKey: keyFile }: ServingOptions): boolean | CertificateFiles {
  if (certFile === undefined && keyFile === undefined) return tls;
  if (certFile !== undefined && keyFile !== undefined) return { certFile, keyFile };
  throw new CliError('--tls-cert and --tls-key go together', EXIT.usage);
}

/** Each of its flags asks for it. */
function interceptionOf(options: ServingOptions): false | InterceptOptions {
  const { intercept, interceptHost, passthrough, record } = options;
  if (!intercept && !interceptHost && !passthrough && record === undefined) return false;
  const told = new Set<string>();
  return {
    hosts: Object.fromEntries((interceptHost ?? []).map(parseName)),
    passthrough: passthrough ?? [],
    ...(record !== undefined && { record }),
    // Many programs keep to themselves what a proxy says to them.
    onRefused: (authority) => {
      if (told.has(authority) || told.size > 100) return;
      told.add(authority);
      const flag = authority === '' ? '' : `; --passthrough ${authority} lets it through`;
      console.error(`sidetone: refused to go to ${authority || 'what is no host'}${flag}`);
    },
  };
}

function parseName(text: string): [string, string] {
  const [name = '', host, ...rest] = text.split('=');
  if (host !== undefined && rest.length === 0) return [name.toLowerCase(), host.toLowerCase()];
  throw new CliError(`--intercept-host must be NAME=HOST, not "${text}"`, EXIT.usage);
}

/** Throws a CliError that names file, line and member. */
export async function seedOf(path: string) {
  const { readSeedFile } = await import('../mock-server/index.ts');
  return readSeedFile(path).catch((error: Error) => {
    throw new CliError(error.message, EXIT.usage);
  });
}

function logExchange(exchange: Exchange): void {
  const { namespace, method, host, path, status, operation, reason, milliseconds } = exchange;
  const asked = (namespace === '' ? '' : `/~${namespace}`) + (host === undefined ? path : ` https://${host}${path}`);
  const answer = status === 0 ? 'no answer' : status;
  const parts = [
    method,
    JSON.stringify(asked.trimStart()).slice(1, -1),
    answer,
    `${milliseconds.toFixed(1)} ms`,
    operation ?? '-',
  ];
  // A request's own text may hold line ends and escapes: they must not write lines of their own.
  const why = reason === undefined ? '' : ` (${JSON.stringify(reason).slice(1, -1)})`;
  console.error(parts.join(' ') + why);
}
