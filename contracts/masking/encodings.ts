/** Encodings that a text may hide a value in: each turns it into what it stands for, and knows where that came from. */
import type { Range } from './needles.ts';

/** What a part of a text stands for; `origin` maps a range of it back to the range of the text that it came from. */
export interface Decoded {
  text: string;
  origin(range: Range): Range;
}

/** Texts are of bytes, one a character: UTF-8 as Latin-1 reads it. */
export const bytesOf = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what is ASCII stays as it is
  /^[\x00-\x7f]*$/.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
/** The text that such bytes are. */
export const textOf = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('utf8');

interface Escaping {
  /** Whether such escapes may hide a secret in a text. */
  mayHide(text: string, characters: Set<string>): boolean;
  /** One unit, with the flag `g`. */
  pattern: RegExp;
  decode(unit: string): string;
}

const character = (code: number) => String.fromCharCode(code);
const percentDecoded = (unit: string) => character(Number.parseInt(unit.slice(1), 16));
const anyOf = (wanted: string, characters: Set<string>) => [...wanted].some((one) => characters.has(one));

/** Of the whole text. JSON: RFC 8259 §7, both halves of a surrogate pair at once; some escape the slash of Base64. */
const ESCAPINGS: Escaping[] = [
  {
    mayHide: (text, characters) =>
      text.includes('\\u') || text.includes('\\/') || (text.includes('\\') && anyOf('"\\\b\f\n\r\t', characters)),
    pattern: /\\u(?:[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|[\da-fA-F]{4})|\\["\\/bfnrt]/g,
    decode: (unit) => bytesOf(JSON.parse(`"${unit}"`) as string),
  },
  {
    mayHide: (text, characters) => text.includes('&#') || (text.includes('&') && anyOf('&<>"\'', characters)),
    pattern: /&(?:amp|lt|gt|quot|apos|#\d{1,6}|#x[0-9a-f]{1,5});/gi,
    decode: entity,
  },
];

/** Of words of a URL or form: RFC 3986 §2.1; forms write a space as plus. */
const PERCENT = { pattern: /%[0-9a-f]{2}/gi, decode: percentDecoded };
const FORM = {
  pattern: /\+|%[0-9a-f]{2}/gi,
  decode: (unit: string) => (unit === '+' ? ' ' : percentDecoded(unit)),
};

const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function entity(unit: string): string {
  const name = unit.slice(1, -1).toLowerCase();
  const code = name.startsWith('#x') ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10);
  return NAMED[name] ?? (code <= 0x10ffff ? bytesOf(String.fromCodePoint(code)) : unit);
}

/** What a text with escapes stands for. @param characters all that the secrets consist of. */
export function unescaped(text: string, characters: Set<string>): Decoded[] {
  return ESCAPINGS.filter(({ mayHide }) => mayHide(text, characters)).flatMap((escaping) => decode(text, escaping));
}

/** What a word of a URL or form stands for. */
export const percentDecodings = (word: string, characters: Set<string>): Decoded[] => [
  ...decode(word, PERCENT),
  ...(characters.has(' ') && word.includes('+') ? decode(word, FORM) : []),
];

/** Where words begin and end that have one of the marks in them: nothing that is percent-encoded has a space or quotes. */
export function wordsWith(text: string, characters: Set<string>): Range[] {
  const marks = characters.has(' ') ? /[%+]/g : /%/g;
  const words: Range[] = [];
  const ends = /[\s"<>]/g;
  for (let mark = marks.exec(text); mark; mark = marks.exec(text)) {
    const start = beginOfWord(text, mark.index);
    ends.lastIndex = mark.index;
    const end = ends.exec(text)?.index ?? text.length;
    words.push({ start, end });
    marks.lastIndex = end;
  }
  return words;
}

function beginOfWord(text: string, index: number): number {
  let start = index;
  while (start > 0 && !/[\s"<>]/.test(text[start - 1] as string)) start -= 1;
  return start;
}

function decode(text: string, { pattern, decode }: Pick<Escaping, 'pattern' | 'decode'>): Decoded[] {
  const parts: string[] = [];
  /** Where each decoded character began. */
  const starts: number[] = [];
  let from = 0;
  const copy = (end: number) => {
    parts.push(text.slice(from, end));
    for (; from < end; from += 1) starts.push(from);
  };
  for (const { index, 0: unit } of text.matchAll(pattern)) {
    copy(index);
    const value = decode(unit);
    parts.push(value);
    for (let times = 0; times < value.length; times += 1) starts.push(index);
    from = index + unit.length;
  }
  if (parts.length === 0) return [];
  copy(text.length);
  return [{ text: parts.join(''), origin: originBy(starts, text.length) }];
}

/** The end is where the next unit begins: several characters may come of one. */
const originBy =
  (starts: number[], length: number) =>
  ({ start, end }: Range): Range => {
    let next = end;
    while (next < starts.length && starts[next] === starts[end - 1]) next += 1;
    return { start: starts[start] ?? length, end: starts[next] ?? length };
  };

/**
 * What a run of Base64, Base64url or hexadecimal stands for, from each of the places at which its first group may begin:
 * what stands in front of it may be of the same alphabet, such as the slash of a path.
 */
export function decodedRun(run: string): Decoded[] {
  const decoded: Decoded[] = [];
  for (let shift = 0; shift < 4; shift += 1) {
    const text = Buffer.from(shift === 0 ? run : run.slice(shift), 'base64').toString('latin1');
    decoded.push({ text, origin: originOfGroups(shift, 3, 4, run.length) });
  }
  for (const { index, 0: digits } of run.matchAll(/[0-9a-f]{8,}/gi)) {
    for (let shift = 0; shift < 2; shift += 1) {
      const text = Buffer.from(digits.slice(shift), 'hex').toString('latin1');
      decoded.push({ text, origin: originOfGroups(index + shift, 1, 2, run.length) });
    }
  }
  return decoded;
}

/** `bytes` decoded ones come from each group of `characters`. */
const originOfGroups =
  (first: number, bytes: number, characters: number, length: number) =>
  ({ start, end }: Range): Range => ({
    start: first + Math.floor(start / bytes) * characters,
    end: Math.min(length, first + Math.ceil(end / bytes) * characters),
  });
