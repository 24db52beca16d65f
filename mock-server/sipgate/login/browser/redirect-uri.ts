/** Which registered redirect URI a request means. Compared as strings but for wildcards; no open redirect. */
import type { ClientRecord } from '../../seed.ts';
import { matchesWildcard } from '../../wildcards.ts';

/** The URI to redirect to; undefined if the client has not registered it. One that is not sent must be the only one. */
export function matchingRedirectUri(uri: string | undefined, { redirectUris }: ClientRecord): string | undefined {
  if (uri === undefined) {
    const [only, ...others] = redirectUris;
    // Measured: a wildcard path is cut off.
    const whole = only?.replace(/\/\*$/, '');
    return others.length === 0 && whole !== undefined && !whole.includes('*') ? whole : undefined;
  }
  return isRegistered(uri, redirectUris) ? uri : undefined;
}

export function isRegistered(uri: string, patterns: string[]): boolean {
  if (isDisguised(uri)) return false;
  const withoutPort = loopbackWithoutPort(uri);
  return patterns.some(
    (pattern) => matchesWildcard(pattern, uri) || (withoutPort !== undefined && pattern === withoutPort),
  );
}

/** Refused whatever is registered (measured): it would lead elsewhere than it seems to. */
function isDisguised(uri: string): boolean {
  if (/[\s\\]/.test(uri)) return true;
  const path = uri.replace(/[?#].*$/, '');
  const query = /\?([^#]*)/.exec(uri)?.[1] ?? '';
  const steps = path.split('/').map((step) => step.replace(/%2e/gi, '.'));
  return (
    steps.includes('..') ||
    steps.includes('.') ||
    /^[^/]*\/\/[^/]*@/.test(uri) ||
    new URLSearchParams(query).has('state')
  );
}

/** RFC 8252 §7.3: a native app takes the port that it gets. */
function loopbackWithoutPort(uri: string): string | undefined {
  const match = /^(http:\/\/(?:localhost|127\.0\.0\.1)):\d+(.*)$/.exec(uri);
  return match ? `${match[1]}${match[2]}` : undefined;
}
