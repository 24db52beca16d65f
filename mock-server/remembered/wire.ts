/** A remembered question and its answer as HTTP/1.1 has them on the wire (RFC 9112), just as Node reads and writes them. */
import { STATUS_CODES } from 'node:http';
import type { Fresh, RememberedAnswer, Text } from './answer.ts';
import type { Asked } from './question.ts';

/** How long a connection may wait for its next request, as Node tells the client. Longer than clients keep one. */
export const KEEP_ALIVE_SECONDS = 65;

export interface Wire {
  /** As nearly all clients write it: with no more space than is needed. */
  request: Buffer;
  /** Good until the next call. @param values of the answer's gaps. */
  answer(values: string[]): Buffer;
  /** The bytes of the last answer are still needed: the next one gets others. */
  renew(): void;
}

const wires = new WeakMap<RememberedAnswer, Wire | null>();

/** Undefined where there is more to it than an answer with a length, and the next request after it. */
export function wireOf(remembered: RememberedAnswer): Wire | undefined {
  const known = wires.get(remembered);
  if (known !== undefined) return known ?? undefined;
  const made = makeWire(remembered);
  wires.set(remembered, made ?? null);
  return made;
}

/** Such a line of a request may have Node say something first, wait for more, or end the connection. */
const FURTHER_ASKED =
  /^(?:connection:(?!keep-alive$)|(?:proxy-connection|upgrade|expect|content-length|transfer-encoding):)/i;
/** With such a line in an answer Node frames it in another way. */
const FURTHER_SAID = /^(?:connection|keep-alive|transfer-encoding|trailer):/i;
const LENGTH = /^content-length:/i;
/** RFC 9112 §6.3. */
const WITHOUT_LENGTH = new Set([204, 304]);

function makeWire({ asked, status, lines, gaps, body, fresh }: RememberedAnswer): Wire | undefined {
  const said = pairsOf(lines);
  if (asked.method !== 'GET' || pairsOf(asked.rawHeaders).some((line) => FURTHER_ASKED.test(line))) return undefined;
  if (WITHOUT_LENGTH.has(status) || said.some((line) => FURTHER_SAID.test(line))) return undefined;
  if (said.some((line) => LENGTH.test(line)) !== (body !== undefined)) return undefined;
  const head: Text[] = lines.flatMap(separated);
  for (const [place, text] of gaps) head[2 * place] = text;
  const kept = `Connection: keep-alive\r\nKeep-Alive: timeout=${KEEP_ALIVE_SECONDS}\r\n`;
  const rest = body === undefined ? ['Content-Length: 0\r\n\r\n'] : ['\r\n', body];
  const form = formOf([`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n`, ...head, kept, ...rest].flat(), fresh);
  let { bytes } = form;
  return {
    request: Buffer.from(requestText(asked), 'latin1'),
    answer: (values) => {
      for (const { at, place } of form.gaps) bytes.write(values[place] as string, at, 'latin1');
      return bytes;
    },
    renew: () => {
      bytes = Buffer.from(bytes);
    },
  };
}

const pairsOf = (lines: string[]): string[] =>
  lines.flatMap((name, index) => (index % 2 === 0 ? `${name}:${lines[index + 1]}` : []));

const separated = (text: string, index: number): Text[] => [text, index % 2 === 0 ? ': ' : '\r\n'];

function requestText({ method, url, rawHeaders }: Asked): string {
  return [`${method} ${url} HTTP/1.1\r\n`, ...rawHeaders.flatMap(separated), '\r\n'].join('');
}

interface Form {
  bytes: Buffer;
  /** Which value belongs where. */
  gaps: { at: number; place: number }[];
}

/** All bytes but those of the gaps, whose values are as long each time. */
function formOf(pieces: (string | number)[], fresh: Fresh[]): Form {
  const gaps: Form['gaps'] = [];
  const texts: string[] = [];
  let at = 0;
  for (const piece of pieces) {
    const text = typeof piece === 'string' ? piece : ' '.repeat(lengthOf(fresh[piece] as Fresh));
    if (typeof piece === 'number') gaps.push({ at, place: piece });
    texts.push(text);
    at += Buffer.byteLength(text);
  }
  return { bytes: Buffer.from(texts.join('')), gaps };
}

/** Of RFC 9110's dates, RFC 9562's UUIDs and so many digits: characters, and bytes. */
function lengthOf(fresh: Fresh): number {
  if (fresh.kind === 'hex') return fresh.digits;
  return fresh.kind === 'uuid' ? 36 : 29;
}
