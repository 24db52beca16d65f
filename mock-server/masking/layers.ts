/** Encodings that text may hide a value in: each turns bytes into what they stand for, and knows where each came from. */
import type { Range } from './needles.ts';

/** Decoded bytes; `origin` maps a range of them back to the bytes that they were decoded from. */
export interface Layer {
  bytes: Buffer;
  origin(range: Range): Range;
}

/** What the bytes may stand for, each in another encoding. Empty where nothing is encoded. */
export const layersOf = (bytes: Buffer): Layer[] => [
  ...escapes(bytes, PERCENT, percentDecoded),
  // Forms write a space as plus.
  ...escapes(bytes, PLUS, formDecoded),
  ...escapes(bytes, BACKSLASH, jsonUnescaped),
  ...base64Layers(bytes),
];

const [PERCENT, PLUS, BACKSLASH] = [0x25, 0x2b, 0x5c];

/** Decodes one unit that begins at an index; undefined where none does. */
type Decode = (bytes: Buffer, index: number) => { value: number[]; length: number } | undefined;

function escapes(bytes: Buffer, marker: number, decode: Decode): Layer[] {
  if (!bytes.includes(marker)) return [];
  const decoded: number[] = [];
  const starts: number[] = [];
  let found = false;
  for (let index = 0; index < bytes.length; ) {
    const encoded = decode(bytes, index);
    found ||= encoded !== undefined;
    const unit = encoded ?? { value: [bytes[index] as number], length: 1 };
    for (const value of unit.value) {
      decoded.push(value);
      starts.push(index);
    }
    index += unit.length;
  }
  if (!found) return [];
  starts.push(bytes.length);
  const startOf = (index: number) => starts[index] ?? bytes.length;
  return [
    {
      bytes: Buffer.from(decoded),
      // Up to where the next unit begins: several bytes may come from one unit.
      origin: ({ start, end }) => ({
        start: startOf(start),
        end: starts.slice(end).find((at) => at > startOf(end - 1)) ?? bytes.length,
      }),
    },
  ];
}

const percentDecoded: Decode = (bytes, index) => {
  if (bytes[index] !== PERCENT) return undefined;
  const value = hexadecimal(bytes, index + 1, 2);
  return value === undefined ? undefined : { value: [value], length: 3 };
};

const formDecoded: Decode = (bytes, index) =>
  bytes[index] === PLUS ? { value: [0x20], length: 1 } : percentDecoded(bytes, index);

const SHORT_ESCAPES: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** RFC 8259 §7. */
const jsonUnescaped: Decode = (bytes, index) => {
  if (bytes[index] !== BACKSLASH || index + 1 >= bytes.length) return undefined;
  const letter = String.fromCharCode(bytes[index + 1] as number);
  if (letter !== 'u') return { value: [...Buffer.from(SHORT_ESCAPES[letter] ?? letter)], length: 2 };
  const code = hexadecimal(bytes, index + 2, 4);
  return code === undefined ? undefined : { value: [...Buffer.from(String.fromCharCode(code))], length: 6 };
};

function hexadecimal(bytes: Buffer, index: number, digits: number): number | undefined {
  const text = bytes.toString('latin1', index, index + digits);
  return text.length === digits && /^[0-9a-f]+$/i.test(text) ? Number.parseInt(text, 16) : undefined;
}

/**
 * Every run of Base64 or Base64url characters, from each of the four places at which its first group may begin: what
 * stands in front of it may be of the same alphabet, such as the slash of a path.
 */
function base64Layers(bytes: Buffer): Layer[] {
  const layers: Layer[] = [];
  for (const { index, 0: run } of bytes.toString('latin1').matchAll(/[A-Za-z0-9+/_-]{8,}/g)) {
    for (let shift = 0; shift < 4; shift += 1) {
      const first = index + shift;
      layers.push({
        bytes: Buffer.from(run.slice(shift), 'base64'),
        origin: ({ start, end }) => ({
          start: first + Math.floor(start / 3) * 4,
          end: Math.min(index + run.length, first + Math.ceil(end / 3) * 4),
        }),
      });
    }
  }
  return layers;
}
