/** What the suite compares of two answers: their shape. Accounts differ in their data, APIs in their shape. */
import type { Names } from './names.ts';
import type { NormalForm, Vocabulary } from './normal-form.ts';

/** Values are compared by their kind: `<text>`, `<number>`, `<time>`, `<id:1>`, `<secret>`. An error's code stays. */
export const shapeVocabulary: Vocabulary = {
  read: (name, value) => (Array.isArray(value) ? { '[]': sampleOf(value) } : marked(name, value)),
  text: textOf,
};

/** A list is compared by what its items are like; one without items could hold anything. */
function sampleOf(items: unknown[]): unknown {
  if (items.length === 0) return mark('nothing');
  if (!items.every((item) => typeof item === 'object' && item !== null && !Array.isArray(item))) return items[0];
  // The first that has a member says what it is like: some items may do without.
  return Object.assign({}, ...[...items].reverse());
}

export const NOTHING = '<nothing>';

/** No text that a server sends begins so. */
const mark = (kind: string) => `\0${kind}`;

function marked(name: string, value: unknown): unknown {
  if (typeof value === 'number') return mark(TIMES.test(name) ? 'time' : 'number');
  if (typeof value === 'boolean') return mark('boolean');
  return value === null ? mark('null') : value;
}

const TIMES = /^(?:iat|exp|nbf|auth_time|not-before-policy)$|(?:_at|At|Time|Timestamp)$|^timestamp$/;
const UUID = /^(?:.*-)?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?::.*)?$/i;
const HEXADECIMAL = /^[0-9a-f]{16,}$/i;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;
const SECRET = /<secret(?::\w+)?>|^eyJ[\w-]+\.[\w-]+\.[\w-]*$/;

function textOf(name: string, text: string, names: Names): string {
  if (text.startsWith('\0')) return `<${text.slice(1)}>`;
  if (name === 'error') return text;
  if (SECRET.test(text)) return '<secret>';
  if (TIME.test(text)) return '<time>';
  if (UUID.test(text) || HEXADECIMAL.test(text)) return names.of('id', text).replace(' ', ':');
  return '<text>';
}

/** What proxies write into an answer on its way, and what only the fake says. */
const PASSING =
  /^(?:server|via|age|alt-svc|nel|report-to|x-sidetone-reason|x-powered-by|x-(?:cache|served-by|amz|envoy|forwarded|timer)\b.*|cf-.*)$/;

/** Of headers their names; of three of them, what programs read. */
export function shapeOfHeaders(headers: NormalForm['headers']): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) => !PASSING.test(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, READ[name]?.(value) ?? '']));
}

const READ: Record<string, (value: string) => string> = {
  allow: (value) => value,
  'content-type': (value) => value.split(';')[0]?.trim().toLowerCase() ?? '',
  'www-authenticate': (value) =>
    [...value.matchAll(/(?:^|,)\s*([A-Za-z]\w*)(?=\s+\w+\s*=|\s*(?:,|$))|\berror="?(\w+)"?/g)]
      .map(([, scheme, error]) => scheme ?? `error=${error}`)
      .join(' '),
};
