/** An answer without what must differ between two servers: a tree whose leaves can be compared one by one. */
import { createNames, type Names } from './names.ts';
import { readPage } from './page.ts';

export type Leaf = string | number | boolean | null;
export type Tree = Leaf | Tree[] | { [name: string]: Tree };

/** What is compared of an answer. */
export interface Answer {
  status: number;
  /** In order; a name may stand twice. */
  headers: [name: string, value: string][];
  body: string;
}

/** How a server's made-up values look. */
export interface Vocabulary {
  /** What a value is compared as, before its members are looked at: a token's claims instead of the token. */
  read(name: string, value: unknown, body: Record<string, unknown>): unknown;
  /** @param name of the member or parameter that holds the text. */
  text(name: string, text: string, names: Names): string;
}

export interface NormalForm {
  [part: string]: Tree;
  status: number;
  headers: Record<string, string>;
}

export type Normalise = (answer: Answer) => NormalForm;

const headerOf = ({ headers }: Answer, name: string) => headers.find(([given]) => given.toLowerCase() === name)?.[1];

/** How a message is framed is a matter of the HTTP library (RFC 9112 §6), not of the API. */
const FRAMING = ['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'date'];

/**
 * One for each scenario and party: it remembers names from answer to answer.
 *
 * @param origins of the party; a value that holds one of them is the same as with the other party's.
 */
export function createNormaliser(origins: string | string[], vocabulary: Vocabulary): Normalise {
  const names = createNames();
  const forms = [origins].flat().flatMap((origin) => [origin, encodeURIComponent(origin)]);
  const withoutOrigin = (text: string) => forms.reduce((rest, form) => rest.replaceAll(form, '{origin}'), text);
  const text = (name: string, value: string) => vocabulary.text(name, withoutOrigin(value), names);
  const tree = (name: string, value: unknown, whole: Record<string, unknown>): Tree => {
    const read = vocabulary.read(name, value, whole);
    if (typeof read === 'string') return text(name, read);
    if (Array.isArray(read)) return listOfValues(read.map((item) => tree(name, item, whole)));
    if (!isObject(read)) return read as Leaf;
    return Object.fromEntries(Object.entries(read).map(([key, member]) => [key, tree(key, member, whole)]));
  };
  return (answer) => ({
    status: answer.status,
    headers: headersOf(answer, withoutOrigin),
    ...cookiesOf(answer),
    ...locationOf(answer, withoutOrigin, text),
    ...bodyOf(answer, tree, withoutOrigin),
  });
}

/** A list of words is a set, compared as a whole. */
const listOfValues = (items: Tree[]): Tree =>
  items.every((item) => typeof item === 'string') ? `[${items.sort().join(' ')}]` : items;

function headersOf({ headers }: Answer, withoutOrigin: (text: string) => string): Record<string, string> {
  const kept = headers
    .map(([name, value]): [string, string] => [name.toLowerCase(), listOf(name, withoutOrigin(value))])
    .filter(([name]) => !FRAMING.includes(name) && !['set-cookie', 'location'].includes(name));
  const names = [...new Set(kept.map(([name]) => name))].sort();
  const valuesOf = (wanted: string) => kept.filter(([name]) => name === wanted).map(([, value]) => value);
  return Object.fromEntries(names.map((name) => [name, valuesOf(name).join(' | ')]));
}

/** Lists that are sets: their order means nothing. */
const listOf = (name: string, value: string) =>
  /^(?:allow|access-control-allow-(?:headers|methods))$/i.test(name) ? value.split(/,\s*/).sort().join(', ') : value;

function cookiesOf({ headers }: Answer): { cookies?: Tree } {
  const lines = headers.filter(([name]) => name.toLowerCase() === 'set-cookie').map(([, line]) => line);
  if (lines.length === 0) return {};
  return { cookies: Object.fromEntries(lines.map(cookieOf).sort(([a], [b]) => a.localeCompare(b))) };
}

function cookieOf(line: string): [name: string, what: string] {
  const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
  const [name = '', value = ''] = pair.split(/=(.*)/s);
  const kept = attributes.filter((attribute) => !/^(?:expires|version)=/i.test(attribute)).sort();
  return [name, [value === '' ? 'removed' : 'set', ...kept].join('; ')];
}

function locationOf(
  answer: Answer,
  withoutOrigin: (text: string) => string,
  text: (name: string, value: string) => Tree,
): { location?: Tree } {
  const location = headerOf(answer, 'location');
  if (location === undefined) return {};
  const [, target = '', query = '', fragment = ''] = /^([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(location) ?? [];
  const params = (part: string) =>
    Object.fromEntries([...new URLSearchParams(part)].map(([name, value]) => [name, text(name, value)]));
  return {
    location: {
      target: withoutOrigin(target),
      ...(query !== '' && { query: params(query) }),
      ...(fragment !== '' && { fragment: fragment.includes('=') ? params(fragment) : fragment }),
    },
  };
}

function bodyOf(
  answer: Answer,
  tree: (name: string, value: unknown, whole: Record<string, unknown>) => Tree,
  withoutOrigin: (text: string) => string,
): { body?: Tree; page?: Tree } {
  if (answer.body === '') return {};
  const type = headerOf(answer, 'content-type') ?? '';
  if (/html/i.test(type) || /^\s*</.test(answer.body)) return { page: pageOf(answer.body, withoutOrigin) };
  try {
    const json: unknown = JSON.parse(answer.body);
    return { body: tree('', json, isObject(json) ? json : {}) };
  } catch {
    return { body: withoutOrigin(answer.body) };
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Where a form goes is the server's own affair; what it asks for is not. */
function pageOf(html: string, withoutOrigin: (text: string) => string): Tree {
  const { title, heading, messages, forms, items } = readPage(html);
  return {
    title,
    heading,
    messages: messages.map(withoutOrigin).join(' | '),
    fields: forms.map(({ fields }) => [...fields].sort().join(' ')).join(' | '),
    items: [...items].sort().join(' | '),
  };
}
