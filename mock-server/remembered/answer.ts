/** An answer that has gone out, with gaps for what is new each time: the ids in it, and the Date header. */
import type { ServerResponse } from 'node:http';
import { isAscii } from '../answers.ts';
import { headerLines, type Refusal } from '../journal/exchange.ts';
import type { Principal } from '../provider.ts';
import type { Asked } from './question.ts';
import type { Dependence, Drawn } from './witness.ts';

/** Text, or its pieces: a number stands for the new value of that place. */
export type Text = string | (string | number)[];

export type Fresh = Drawn | { kind: 'date' };

export interface RememberedAnswer {
  /** State of the world in which it was given. */
  state: number;
  /** The mock's time that it is good for, where it depends on it. */
  second?: number;
  instant?: number;
  since?: number;
  until?: number;
  /** What is new in each, in this order. */
  fresh: Fresh[];
  status: number;
  /** Names and values by turns; empty where a gap is. */
  lines: string[];
  /** Places in `lines`, and what belongs there. */
  gaps: [place: number, text: Text][];
  /** Absent where none was written. */
  body?: Text;
  facts: Facts;
  /** Those who keep many askings of a question keep these lines of it, not their own copies. */
  asked: Asked & { question: string };
}

/** What the journal has of such an exchange, beside what was said. */
export interface Facts {
  provider: string;
  /** The vendor's, where the question came for one. */
  host?: string;
  operation?: string;
  principal?: Principal;
  reason?: string;
  refusal?: Refusal;
}

/** Longer bodies are not kept. */
export const LONGEST_BODY = 65_536;

/** Undefined for one that cannot be given again. @param body as it is given to `end`. */
export function rememberAnswer(
  response: ServerResponse,
  body: unknown,
  { drawn, unclear, ...time }: Dependence,
  { state, ...said }: Pick<RememberedAnswer, 'state' | 'facts' | 'asked'>,
): RememberedAnswer | undefined {
  if (unclear || response.headersSent || response.statusCode >= 500) return undefined;
  const text = textOf(body);
  if (text === undefined || text.length > LONGEST_BODY) return undefined;
  const shown = new Set<number>();
  const gapped = (value: string) => withGaps(value, drawn, shown);
  const lines = headerLines(response);
  // Node writes header and text in one piece, as UTF-8: a header of other bytes would be changed.
  if (!lines.every(isAscii)) return undefined;
  const gaps: RememberedAnswer['gaps'] = [];
  for (let place = 1; place < lines.length; place += 2) {
    const value = lines[place - 1] === 'date' ? [drawn.length] : gapped(lines[place] as string);
    if (typeof value === 'string') continue;
    gaps.push([place, value]);
    lines[place] = '';
  }
  const rest = text === '' ? {} : { body: gapped(text) };
  // An id that is not to be seen as it is may have become anything.
  if (shown.size !== drawn.length) return undefined;
  // A copy: what is drawn later is none of this answer's.
  const fresh: Fresh[] = [...drawn, { kind: 'date' }];
  return { state, ...time, fresh, status: response.statusCode, lines, gaps, ...rest, ...said };
}

function textOf(body: unknown): string | undefined {
  if (body === undefined) return '';
  if (typeof body === 'string') return body;
  if (!Buffer.isBuffer(body)) return undefined;
  const text = body.toString('utf8');
  return Buffer.from(text).equals(body) ? text : undefined;
}

function withGaps(text: string, drawn: Drawn[], shown: Set<number>): Text {
  let pieces: (string | number)[] = [text];
  for (const [place, { value }] of drawn.entries()) {
    if (!text.includes(value)) continue;
    shown.add(place);
    pieces = pieces.flatMap((piece) =>
      typeof piece === 'number' ? piece : piece.split(value).flatMap((part, at) => (at === 0 ? part : [place, part])),
    );
  }
  return pieces.length === 1 ? text : pieces;
}

/** @param values of the gaps. */
export function linesOf({ lines, gaps }: RememberedAnswer, values: string[]): string[] {
  const filledIn = lines.slice();
  for (const [place, text] of gaps) filledIn[place] = filled(text, values);
  return filledIn;
}

/** @param values of the gaps. */
export function filled(text: Text, values: string[]): string {
  if (typeof text === 'string') return text;
  let whole = '';
  for (const piece of text) whole += typeof piece === 'number' ? values[piece] : piece;
  return whole;
}

/** Roughly, in bytes. */
export const sizeOf = ({ body = '', lines }: RememberedAnswer): number =>
  600 + 30 * lines.length + (typeof body === 'string' ? body.length : body.join('').length);
