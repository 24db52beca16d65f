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
    matchesPart(wanted.host, given.host, '[^.]+(?:\\.[^.]+)*') &&
    matchesPort(wanted.port, given.port) &&
    matchesPath(wanted.path, given.path)
  );
}

function split(uri: string) {
  const match = /^([a-z][a-z0-9+.-]*):\/\/([^/:?#@\s\\]*|\[[^\]/]*\])(?::([0-9]{1,5}|\*))?(\/[^\s\\]*)?$/i.exec(uri);
  if (!match) return undefined;
  return { scheme: match[1] ?? '', host: match[2] ?? '', port: match[3], path: match[4] ?? '' };
}

function matchesPart(pattern: string, value: string, star: string): boolean {
  const expression = pattern.split('*').map(escapeRegExp).join(star);
  return new RegExp(`^${expression}$`).test(value);
}

const matchesPort = (pattern: string | undefined, value: string | undefined) =>
  pattern === '*' ? value !== undefined : pattern === value;

/** A pattern without a path, `http://localhost:*`, takes any path: its star stands at the end. */
function matchesPath(pattern: string, value: string): boolean {
  if (pattern === '') return true;
  return pattern.endsWith('*') ? value.startsWith(pattern.slice(0, -1)) : pattern === value;
}

const escapeRegExp = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
