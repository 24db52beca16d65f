/** Whom the suite asks: URLs and credentials, from a base URL or from the environment. */
import type { RequestListener } from 'node:http';
import type { Need, ProviderName } from './check.ts';

export interface Target {
  /** As reports name it. */
  name: string;
  sipgate?: SipgateTarget;
  sipsim?: SipsimTarget;
  /** Origin of the short form; only the fake has one. */
  shortForm?: { url: string };
  /** The fake's control API, for checks that move time. */
  control?: { url: string; token?: string };
  /** Origin by which reports call it, where its own is another one in each run. */
  shownAs?: { origin: string; as: string };
  /** Asked in this process instead of over the network, in place of the hosts that the URLs name. */
  app?: RequestListener;
}

export interface SipgateTarget {
  /** …/v2 */
  baseUrl: string;
  /** Token endpoint of the client's realm. */
  tokenUrl: string;
  /** Full access. */
  pat?: BasicPair;
  /** Scope `account:read` and no other. */
  patAccountRead?: BasicPair;
  /** None of the scopes `all`, `account:read`, `balance:read`, `users:read`, `authorization:oauth2:clients:…`. */
  patWithoutScope?: BasicPair;
  /** Confidential, with a service account and every scope optional. */
  client?: BasicPair;
  /** E-mail address and password, for `sipgate-app-web`. */
  user?: BasicPair;
  /** Another account's client. */
  foreignClientId?: string;
}

export interface SipsimTarget {
  /** …/api/v2 */
  baseUrl: string;
  tokenUrl: string;
  /** Every scope. */
  client?: BasicPair;
  /** Scope `account.read` and no other. */
  clientAccountOnly?: BasicPair;
  /** Some scope, but not `account.read`. */
  clientWithoutAccount?: BasicPair;
  /** May not use the client credentials grant. */
  clientWithoutGrant?: BasicPair;
}

export interface BasicPair {
  id: string;
  secret: string;
}

/** Names of the environment variables of each pair: the same that `sidetone exec` exports, and some more. */
const PAIRS = {
  'sipgate.pat': ['SIPGATE_TOKEN_ID', 'SIPGATE_TOKEN'],
  'sipgate.patAccountRead': ['SIPGATE_ACCOUNT_READ_TOKEN_ID', 'SIPGATE_ACCOUNT_READ_TOKEN'],
  'sipgate.patWithoutScope': ['SIPGATE_NO_SCOPE_TOKEN_ID', 'SIPGATE_NO_SCOPE_TOKEN'],
  'sipgate.client': ['SIPGATE_CLIENT_ID', 'SIPGATE_CLIENT_SECRET'],
  'sipgate.user': ['SIPGATE_USERNAME', 'SIPGATE_PASSWORD'],
  'sipsim.client': ['SIPSIM_CLIENT_ID', 'SIPSIM_CLIENT_SECRET'],
  'sipsim.clientAccountOnly': ['SIPSIM_ACCOUNT_ONLY_CLIENT_ID', 'SIPSIM_ACCOUNT_ONLY_CLIENT_SECRET'],
  'sipsim.clientWithoutAccount': ['SIPSIM_NO_ACCOUNT_CLIENT_ID', 'SIPSIM_NO_ACCOUNT_CLIENT_SECRET'],
  'sipsim.clientWithoutGrant': ['SIPSIM_NO_GRANT_CLIENT_ID', 'SIPSIM_NO_GRANT_CLIENT_SECRET'],
} as const satisfies Partial<Record<Need, [string, string]>>;

/** Environment variables that satisfy a need, for messages. */
export function variablesOf(need: Need): string[] {
  if (need in PAIRS) return [...PAIRS[need as keyof typeof PAIRS]];
  return need === 'sipgate.foreignClientId' ? ['SIPGATE_FOREIGN_CLIENT_ID'] : [];
}

export interface TargetUrls {
  sipgateBaseUrl: string;
  sipgateTokenUrl: string;
  sipsimBaseUrl: string;
  sipsimTokenUrl: string;
  /** Present where the target has a short form. */
  shortFormUrl?: string;
}

/** URLs of a server that serves both APIs and the short form under one origin, as the fake does. */
export function urlsOfOrigin(origin: string): TargetUrls {
  return {
    sipgateBaseUrl: `${origin}/v2`,
    sipgateTokenUrl: `${origin}/auth/realms/third-party/protocol/openid-connect/token`,
    sipsimBaseUrl: `${origin}/api/v2`,
    sipsimTokenUrl: `${origin}/oauth/token`,
    shortFormUrl: origin,
  };
}

/** The real services, unless the environment says otherwise. */
export function urlsOfEnvironment(environment: Environment): TargetUrls {
  const url = (name: string, fallback: string) => environment[name] || fallback;
  return {
    sipgateBaseUrl: url('SIPGATE_BASE_URL', 'https://api.sipgate.com/v2'),
    sipgateTokenUrl: url(
      'SIPGATE_TOKEN_URL',
      'https://login.sipgate.com/auth/realms/third-party/protocol/openid-connect/token',
    ),
    sipsimBaseUrl: url('SIPSIM_BASE_URL', 'https://app.sipsim.com/api/v2'),
    sipsimTokenUrl: url('SIPSIM_TOKEN_URL', 'https://app.sipsim.com/oauth/token'),
  };
}

export type Environment = Record<string, string | undefined>;

/** Puts URLs and the environment's credentials together. */
export function createTarget(name: string, urls: TargetUrls, environment: Environment): Target {
  const foreignClientId = environment.SIPGATE_FOREIGN_CLIENT_ID;
  return {
    name,
    sipgate: {
      baseUrl: urls.sipgateBaseUrl,
      tokenUrl: urls.sipgateTokenUrl,
      ...pairsOf('sipgate', environment),
      ...(foreignClientId && { foreignClientId }),
    },
    sipsim: { baseUrl: urls.sipsimBaseUrl, tokenUrl: urls.sipsimTokenUrl, ...pairsOf('sipsim', environment) },
    ...(urls.shortFormUrl !== undefined && { shortForm: { url: urls.shortFormUrl } }),
  };
}

function pairsOf(provider: string, environment: Environment): Record<string, BasicPair> {
  const found = Object.entries(PAIRS).flatMap(([need, [idName, secretName]]) => {
    const [owner, member] = need.split('.');
    const id = environment[idName];
    const secret = environment[secretName];
    return owner === provider && member && id && secret ? [[member, { id, secret }]] : [];
  });
  return Object.fromEntries(found) as Record<string, BasicPair>;
}

/** Whether the target has what a check needs. */
export const has = (target: Target, need: Need): boolean => memberOf(target, need) !== undefined;

function memberOf(target: Target, need: Need): unknown {
  const [owner, member] = need.split('.') as [keyof Target, string | undefined];
  const part = target[owner] as Record<string, unknown> | undefined;
  return member === undefined ? part : part?.[member];
}

/** Only the fake has a short form: the real hosts are not asked for it. */
export const serves = (target: Target, provider: ProviderName): boolean =>
  provider !== 'shortForm' || target.shortForm !== undefined;

/** Whether the target has any credential of a provider. */
export function hasCredentials({ sipgate, sipsim, shortForm }: Target, provider: ProviderName): boolean {
  const sipgateToo = Boolean(sipgate?.pat || sipgate?.client);
  if (provider === 'sipgate') return sipgateToo;
  if (provider === 'sipsim') return Boolean(sipsim?.client);
  return shortForm !== undefined && sipgateToo && Boolean(sipsim?.client);
}

/** Whether a host is this machine. The whole name decides: `localhost.example` is not. */
export const isLoopbackHost = (hostname: string): boolean =>
  /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);

/** Whether every URL of the target is this machine's own. An app in this process stands for the host that they name. */
export function isLoopback(target: Target): boolean {
  return urlsOf(target).every((url) => isLoopbackHost(new URL(url).hostname));
}

export const urlsOf = ({ sipgate, sipsim, shortForm }: Target): string[] =>
  [sipgate?.baseUrl, sipgate?.tokenUrl, sipsim?.baseUrl, sipsim?.tokenUrl, shortForm?.url].filter(
    (url): url is string => url !== undefined,
  );

/** Every secret that the target's credentials hold. */
export function secretsOf({ sipgate, sipsim, control }: Target): string[] {
  const pairs = [...Object.values(sipgate ?? {}), ...Object.values(sipsim ?? {})] as unknown[];
  const secrets = pairs.flatMap((pair) => (isPair(pair) ? [pair.secret] : []));
  return control?.token === undefined ? secrets : [...secrets, control.token];
}

/** Variables that hold the target's secrets: `NAME`, or `ID_NAME:NAME` of what Basic sends (RFC 7617, RFC 6749 §2.3.1). */
export function variablesOfSecrets(target: Target): [value: string, variable: string][] {
  return Object.entries(PAIRS).flatMap(([need, [idName, secretName]]): [string, string][] => {
    const pair = memberOf(target, need as Need);
    if (!isPair(pair)) return [];
    const { id, secret } = pair;
    const base64 = (text: string) => Buffer.from(text).toString('base64');
    return [
      [secret, secretName],
      [base64(`${id}:${secret}`), `${idName}:${secretName}`],
      [base64(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`), `${idName}:${secretName}`],
    ];
  });
}

const isPair = (value: unknown): value is BasicPair => typeof value === 'object' && value !== null && 'secret' in value;
