/** sipgate's wildcards in redirect URIs and web origins: `https://*.example.com/*`, `http://localhost:*`. */

/**
 * Whether a value matches a pattern. `*` in the host stands for one or more labels (assumed), in the port for any
 * port, at the end of the path for anything. Everything else is compared as it stands.
 */
export function matchesWildcard(pattern: string, value: string): boolean {
  if (!pattern.includes('*')) return pattern === value;
  const wanted = split(pattern);
  const given = split(value);
  return (
    wanted !== undefined &&
    given !== undefined &&
    wanted.scheme === given.scheme &&
    matchesHost(wanted.host, given.host) &&
    matchesPort(wanted.port, given.port) &&
    matchesPath(wanted.path, given.path)
  );
}

function split(uri: string) {
  const match = /^([a-z][a-z0-9+.-]*):\/\/([^/:?#@\s\\]*|\[[^\]/]*\])(?::([0-9]{1,5}|\*))?(\/[^\s\\]*)?$/i.exec(uri);
  if (!match) return undefined;
  return { scheme: match[1] ?? '', host: match[2] ?? '', port: match[3], path: match[4] ?? '' };
}

/** One star at the most, in the place of whole labels or of a part of one. No expression: patterns are users' input. */
function matchesHost(pattern: string, value: string): boolean {
  const [before = '', after, ...more] = pattern.split('*');
  if (after === undefined) return pattern === value;
  const labels = value.slice(before.length, value.length - after.length);
  const fits = value.length > before.length + after.length && value.startsWith(before) && value.endsWith(after);
  return more.length === 0 && fits && labels.split('.').every((label) => label !== '');
}

const matchesPort = (pattern: string | undefined, value: string | undefined) =>
  pattern === '*' ? value !== undefined : pattern === value;

/** A pattern without a path, `http://localhost:*`, takes any path: its star stands at the end. */
function matchesPath(pattern: string, value: string): boolean {
  if (pattern === '') return true;
  if (!pattern.endsWith('*')) return pattern === value;
  // Measured on Keycloak: `https://example.com/*` takes `https://example.com` too.
  return value.startsWith(pattern.slice(0, -1)) || (pattern.endsWith('/*') && value === pattern.slice(0, -2));
}
