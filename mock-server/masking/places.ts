/** Where requests, answers and records hold secrets: by the names of headers, parameters and members. */

/** Names of parameters and members whose value is a secret: RFC 6749, 7523, 7636, 7009, and both vendors' documents. */
const NAMES = [
  ...['client_secret', 'password', 'access_token', 'refresh_token', 'id_token', 'id_token_hint', 'token', 'code'],
  ...['code_verifier', 'client_assertion', 'assertion', 'secret', 'api_key', 'session_code', 'authorization'],
];
/** With and without underscores, whatever the case: `client_secret` is `clientSecret` in JSON. */
const NAME = `(?:[\\w.-]*[_.-])?(?:${NAMES.map((name) => name.replaceAll('_', '_?')).join('|')})`;
const IS_NAME = new RegExp(`^${NAME}$`, 'i');

export const isSecretName = (name: string) => IS_NAME.test(name) || /(?:Secret|Token|Password|Verifier)$/.test(name);

/** Headers whose whole value is a secret, but for a scheme in front. */
const HEADERS = /^(?:authorization|proxy-authorization|cookie|set-cookie|x-api-key|x-auth-token|dpop)$/i;
export const isSecretHeader = (name: string) => HEADERS.test(name);

// A value in quotes, a parameter's value.
const MEMBER = new RegExp(`("${NAME}"\\s*:\\s*")((?:[^"\\\\]|\\\\.)*)`, 'gi');
const PARAMETER = new RegExp(`((?:^|[?&;#\\s])${NAME}=)([^&;#\\s"<>]*)`, 'gi');

/** Each secret that stands at its place in a text, JSON or form or URL, is given to `replace`. */
export function replacePlaces(text: string, replace: (secret: string) => string): string {
  const swap = (_whole: string, before: string, secret: string) => (secret === '' ? before : before + replace(secret));
  return text.replace(MEMBER, swap).replace(PARAMETER, swap);
}

/** Values of a text's secret places, decoded where they are encoded. */
export function secretsInText(text: string): string[] {
  const found: string[] = [];
  for (const [, , value = ''] of text.matchAll(MEMBER)) found.push(value, unescaped(value));
  for (const [, , value = ''] of text.matchAll(PARAMETER)) found.push(value, percentDecoded(value));
  return found;
}

/** Values of an Authorization header or a cookie: whole, and the parts that are secrets of their own. */
export function secretsInHeader(name: string, value: string): string[] {
  if (/cookie$/i.test(name)) return value.split(/;\s*/).map((pair) => pair.slice(pair.indexOf('=') + 1));
  const credentials = value.slice(value.indexOf(' ') + 1).trim();
  if (!/^basic /i.test(value)) return [value, credentials];
  const pair = Buffer.from(credentials, 'base64').toString('utf8');
  const password = pair.slice(pair.indexOf(':') + 1);
  return [credentials, password, percentDecoded(password)];
}

function percentDecoded(value: string): string {
  try {
    return decodeURIComponent(value.replaceAll('+', ' '));
  } catch {
    return value;
  }
}

function unescaped(value: string): string {
  try {
    return JSON.parse(`"${value}"`) as string;
  } catch {
    return value;
  }
}
