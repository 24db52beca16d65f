/** Host and port as request targets and Host headers name them (RFC 3986 §3.2). */

export interface Authority {
  /** Name or address in lower case, IPv6 without its brackets. */
  host: string;
  port: number;
}

/** @param defaultPort for one without; undefined where there must be one. Undefined for what is none. */
export function parseAuthority(text: string, defaultPort?: number): Authority | undefined {
  const [, name, address, digits] = FORM.exec(text) ?? [];
  const host = (name ?? address)?.toLowerCase();
  const port = digits === undefined ? defaultPort : Number(digits);
  return host === undefined || port === undefined || port < 1 || port > 65_535 ? undefined : { host, port };
}

/** No user information: RFC 9110 §4.2.4 wants it treated as an error. */
const FORM = /^(?:([A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,252}[A-Za-z0-9_])?)|\[([0-9A-Fa-f:.]{2,45})\])(?::(\d{1,5}))?$/;

export const authorityText = ({ host, port }: Authority) =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
