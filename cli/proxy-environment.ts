/** Variables by which programs of any language take the fake for their proxy, and trust it. */
import { STORE_PASSWORD } from './java-trust-store.ts';
import { ADDED, BUNDLES, type Trust } from './trust.ts';

export interface Proxy {
  url: string;
  /** What must go by it, whatever the user's own NO_PROXY says. */
  hosts: string[];
  trust: Trust;
}

/** @param environment the user's own. */
export function proxyEnvironment({ url, hosts, trust }: Proxy, environment: NodeJS.ProcessEnv): Record<string, string> {
  const own = (environment.no_proxy ?? environment.NO_PROXY ?? '').split(/[\s,]+/).filter((entry) => entry !== '');
  const kept = own.filter((entry) => !DIRECT.includes(entry) && !hosts.some((host) => covers(entry, host)));
  const both = (name: string, value: string) => ({ [name]: value, [name.toLowerCase()]: value });
  return {
    ...both('HTTP_PROXY', url),
    ...both('HTTPS_PROXY', url),
    ...both('NO_PROXY', [...DIRECT, ...kept].join(',')),
    NODE_USE_ENV_PROXY: '1',
    ...Object.fromEntries(BUNDLES.map((name) => [name, trust.bundle])),
    [ADDED]: trust.added,
    JAVA_TOOL_OPTIONS: javaOptions(new URL(url), trust.java, environment.JAVA_TOOL_OPTIONS),
  };
}

/** What is reached without a proxy. */
const DIRECT = ['localhost', '127.0.0.1', '::1'];

/** `*`, a host, or a domain with or without a dot in front; a port behind it counts for few programs. */
function covers(entry: string, host: string): boolean {
  const domain = entry
    .toLowerCase()
    .replace(/:\d+$/, '')
    .replace(/^\*?\./, '');
  return domain === '*' || host === domain || host.endsWith(`.${domain}`);
}

/** Java has no variables for these, and goes to loopback directly. It splits at white space outside quotes. */
const javaOptions = ({ hostname, port }: URL, store: string, before = '') =>
  [
    ...(before === '' ? [] : [before]),
    ...['http', 'https'].flatMap((name) => [
      `-D${name}.proxyHost=${hostname.replace(/^\[|\]$/g, '')}`,
      `-D${name}.proxyPort=${port}`,
    ]),
    `"-Djavax.net.ssl.trustStore=${store}"`,
    '-Djavax.net.ssl.trustStoreType=JKS',
    `-Djavax.net.ssl.trustStorePassword=${STORE_PASSWORD}`,
  ].join(' ');
