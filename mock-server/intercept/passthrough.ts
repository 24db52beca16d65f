/** Hosts that the proxy lets through to the network, because the user has named them. */
import { InputError } from '../input-error.ts';
import { type Authority, parseAuthority } from './authority.ts';

export interface Passage {
  host: string;
  /** Undefined for 443 and 80. */
  port: number | undefined;
  /** Where it is reached, if not by its name. */
  to: Authority | undefined;
}

/** @param text `HOST`, `HOST:PORT`, or either with `=ADDRESS:PORT` for where it is reached. Throws an InputError. */
export function parsePassage(text: string): Passage {
  const [named = '', reached, ...rest] = text.split('=');
  const host = parseAuthority(named, 443)?.host;
  const to = reached === undefined ? undefined : parseAuthority(reached);
  if (host === undefined || rest.length > 0 || (reached !== undefined && !to)) {
    throw new InputError(`passthrough "${text}" must be HOST, HOST:PORT, or either with =ADDRESS:PORT`);
  }
  return { host, port: parseAuthority(named)?.port, to };
}

/** Where a target is reached; undefined for one that nobody has named. */
export function passageTo(passages: Passage[], target: Authority): Authority | undefined {
  const found = passages.find(
    ({ host, port }) =>
      host === target.host && (port === undefined ? [443, 80].includes(target.port) : port === target.port),
  );
  return found && (found.to ?? target);
}
