/** Which redirect URIs may be registered. sipgate's own rules are unknown; these are Keycloak's, and RFC 6749 §3.1.2. */

const SCRIPT_SCHEMES = ['javascript:', 'data:', 'vbscript:'];

/** What is wrong with a redirect URI, as the end of a sentence; undefined if nothing is. */
export function whyRedirectUriRefused(uri: string): string | undefined {
  const scheme = /^[a-z][a-z0-9+.-]*:/i.exec(uri)?.[0].toLowerCase();
  if (scheme === undefined) return `must be an absolute URI, not "${uri}"`;
  if (SCRIPT_SCHEMES.includes(scheme)) return `must not use the scheme "${scheme}"`;
  if (uri.includes('#')) return `must not have a fragment: "${uri}"`;
  if (/\s|\\/.test(uri)) return `must not hold white space or a backslash: "${uri}"`;
  if (/^https?:/i.test(uri) && !/^https?:\/\/[^/?]+/i.test(uri)) return `must have a host: "${uri}"`;
  return undefined;
}
