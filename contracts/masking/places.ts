/** Where requests and answers hold secrets: by the names of headers, parameters and members. */
import type { TracedExchange } from '../trace.ts';

/** RFC 6749, 7009, 7522, 7523, 7636, OpenID Connect, Keycloak's pages and both vendors' documents. */
const NAMES = [
  ...[
    'access_token',
    'refresh_token',
    'id_token',
    'id_token_hint',
    'logout_token',
    'token',
    'registration_access_token',
  ],
  ...['client_secret', 'secret', 'password', 'api_key', 'code_verifier', 'client_assertion', 'assertion'],
];
const nameOf = (names: string[]) => `(?:${names.map((name) => name.replaceAll('_', '_?')).join('|')})`;

// A JSON member; `code` is an error's there, and a secret in parameters and forms.
const MEMBER = new RegExp(`"${nameOf(NAMES)}"\\s*:\\s*"((?:[^"\\\\]|\\\\.)*)"`, 'gi');
const PARAMETERS = nameOf([...NAMES, 'code', 'session_code']);
const PARAMETER = new RegExp(`(?:^|[?&;#\\s"'])${PARAMETERS}=([^&;#\\s"'<>]+)`, 'gi');
const FIELD = new RegExp(`<input\\b[^>]*\\bname="${PARAMETERS}"[^>]*?\\bvalue="([^"]+)"`, 'gi');

/** Values at the secret places of a text, JSON, form, URL or page, as they stand and decoded. */
function inText(text: string): string[] {
  const found: string[] = [];
  for (const [, value = ''] of text.matchAll(MEMBER)) found.push(decoded(value, (raw) => JSON.parse(`"${raw}"`)));
  for (const [, value = ''] of text.matchAll(PARAMETER)) {
    found.push(decoded(value, (raw) => decodeURIComponent(raw.replaceAll('+', ' '))));
  }
  for (const [, value = ''] of text.matchAll(FIELD)) found.push(value);
  return found;
}

/** Credentials of an Authorization header, and the password in those of Basic, which may be percent-encoded. */
function inAuthorization(value: string): string[] {
  const [, scheme = '', credentials = ''] = /^(\S+) +(.*)$/s.exec(value) ?? [undefined, '', value];
  if (scheme.toLowerCase() !== 'basic') return [credentials];
  const pair = Buffer.from(credentials, 'base64').toString('utf8');
  const password = pair.slice(pair.indexOf(':') + 1);
  return [credentials, password, decoded(password, decodeURIComponent)];
}

const inCookie = (value: string) => value.split(/;\s*/).map(cookieValue);
/** Its lines are joined by a comma, which may stand in a date too. */
const inSetCookie = (value: string) =>
  value.split(/,\s*(?=[^;,=\s]+=)/).map((line) => cookieValue(line.split(';')[0] ?? ''));
const cookieValue = (pair: string) =>
  decoded(pair.slice(pair.indexOf('=') + 1).replace(/^"(.*)"$/, '$1'), decodeURIComponent);

/** What was sent where secrets are sent; a check may have made it up. */
export function secretsSent({ request }: Pick<TracedExchange, 'request'>): string[] {
  const { url, headers, body = '' } = request;
  const credentials = Object.entries(headers).flatMap(([name, values]) =>
    [values].flat().flatMap((value) => {
      if (/^cookie$/i.test(name)) return inCookie(value);
      return /^(?:proxy-)?authorization$|^dpop$|^x-api-key$/i.test(name) ? inAuthorization(value) : [];
    }),
  );
  return [...credentials, ...inText(url), ...inText(body)];
}

/** What an answer deals out. */
export function secretsDealt({ response }: Pick<TracedExchange, 'response'>): string[] {
  if (!response) return [];
  const { location = '', 'set-cookie': cookies = '' } = response.headers;
  return [...inText(response.body), ...inText(location), ...inSetCookie(cookies)];
}

function decoded(value: string, decode: (value: string) => unknown): string {
  try {
    return String(decode(value));
  } catch {
    return value;
  }
}
