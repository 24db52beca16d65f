/** A remembered question and its answer as HTTP/1.1 has them on the wire (RFC 9112), just as Node reads and writes them. */
import { STATUS_CODES } from 'node:http';
import { filled, type RememberedAnswer, type Text } from './answer.ts';
import type { Asked } from './question.ts';

export interface Wire {
  /** As nearly all clients write it: with no more space than is needed. */
  request: Buffer;
  /** @param values of the answer's gaps. @param keepAlive in seconds, for the client to know. */
  answer(values: string[], keepAlive: number): string;
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

function makeWire({ asked, status, lines, gaps, body }: RememberedAnswer): Wire | undefined {
  const said = pairsOf(lines);
  if (asked.method !== 'GET' || pairsOf(asked.rawHeaders).some((line) => FURTHER_ASKED.test(line))) return undefined;
  if (WITHOUT_LENGTH.has(status) || said.some((line) => FURTHER_SAID.test(line))) return undefined;
  if (said.some((line) => LENGTH.test(line)) !== (body !== undefined)) return undefined;
  const head: Text[] = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n`, ...lines.flatMap(separated)];
  for (const [place, text] of gaps) head[2 * place + 1] = text;
  const before = joined(head);
  const after = joined(body === undefined ? ['Content-Length: 0\r\n\r\n'] : ['\r\n', body]);
  return {
    request: Buffer.from(requestText(asked), 'latin1'),
    answer: (values, keepAlive) => {
      const between = `Connection: keep-alive\r\nKeep-Alive: timeout=${keepAlive}\r\n`;
      return filled(before, values) + between + filled(after, values);
    },
  };
}

const pairsOf = (lines: string[]): string[] =>
  lines.flatMap((name, index) => (index % 2 === 0 ? `${name}:${lines[index + 1]}` : []));

const separated = (text: string, index: number): Text[] => [text, index % 2 === 0 ? ': ' : '\r\n'];

function requestText({ method, url, rawHeaders }: Asked): string {
  return [`${method} ${url} HTTP/1.1\r\n`, ...rawHeaders.flatMap(separated), '\r\n'].join('');
}

/** Neighbours that are the same each time become one. */
function joined(texts: Text[]): Text {
  const pieces: (string | number)[] = [];
  for (const piece of texts.flat()) {
    const last = pieces.at(-1);
    if (typeof piece === 'string' && typeof last === 'string') pieces[pieces.length - 1] = last + piece;
    else pieces.push(piece);
  }
  const [only, ...further] = pieces;
  return typeof only === 'string' && further.length === 0 ? only : pieces;
}
