/** The secrets of a run, and text without them: by value, in every encoding that a request or an answer may hold. */
import type { TracedExchange } from '../trace.ts';
import { bytesOf, textOf } from './encodings.ts';
import { type Hit, SHORTEST } from './needles.ts';
import { secretsDealt, secretsSent } from './places.ts';
import { createSearch } from './search.ts';

export type Mask = (text: string) => string;

export interface Secrets {
  keep(value: string): void;
  /** Keeps what stands at the places for secrets. */
  learn(exchange: Pick<TracedExchange, 'request' | 'response'>): void;
  /** `<secret:1>` instead of the first secret that it meets, wherever and however written that comes again. */
  mask: Mask;
  /** The same with numbers of its own, from 1: what is masked in the same order is masked alike in every run. */
  createMask(prefix?: string): Mask;
}

/** As many as a run remembers; a hostile server may deal out more. */
const MOST = 50_000;
/** Dealt out and shorter than this, a value is a word; sent and shorter, a check has made it up. */
const SHORTEST_DEALT = 8;
const SHORTEST_SENT = 16;

/** What credentials consist of: whatever else is sent beside it, is around one. */
const TOKENS = /[\w.~+/=:%-]+/g;
const SIGNATURE = /eyJ[\w-]{8,}\.[\w-]*\.([\w-]{8,})/;

export function createSecrets(known: string[] = []): Secrets {
  const numbers = new Map<string, number>();
  const numberOf = (bytes: string): number => {
    const number = numbers.get(bytes) ?? numbers.size;
    numbers.set(bytes, number);
    return number;
  };
  const search = createSearch(numberOf);
  const kept = new Set<string>();
  const fragments = new Set<string>();

  const keep = (value: string) => {
    const bytes = bytesOf(value);
    if (bytes.length < SHORTEST || kept.size >= MOST || kept.has(bytes)) return;
    kept.add(bytes);
    // A JWT is found by its form; what its signature is has to be known.
    const signature = SIGNATURE.exec(bytes)?.[1];
    search.add(signature ?? bytes, numberOf(bytes));
    if (signature === undefined) for (const fragment of fragmentsOf(bytes)) fragments.add(fragment);
  };
  const isLikeSecret = (value: string) => fragmentsOf(bytesOf(value)).some((fragment) => fragments.has(fragment));
  const createMask = (prefix = ''): Mask => {
    const labelOf = createLabels(prefix);
    return (text) => {
      const bytes = bytesOf(text);
      const hits = search.find(bytes);
      return hits.length === 0 ? text : replaced(bytes, united(hits), labelOf);
    };
  };

  for (const secret of known) keep(secret);
  return {
    keep,
    learn: (exchange) => {
      for (const value of secretsDealt(exchange)) if (value.length >= SHORTEST_DEALT) keep(value);
      const sent = secretsSent(exchange).flatMap((value) => value.match(TOKENS) ?? []);
      for (const value of sent) if (value.length >= SHORTEST_SENT || isLikeSecret(value)) keep(value);
    },
    mask: createMask(),
    createMask,
  };
}

function createLabels(prefix: string): (secret: number) => string {
  const labels = new Map<number, string>();
  return (secret) => {
    const label = labels.get(secret) ?? `<secret:${prefix}${labels.size + 1}>`;
    labels.set(secret, label);
    return label;
  };
}

function replaced(bytes: string, hits: Hit[], labelOf: (secret: number) => string): string {
  let [masked, from] = ['', 0];
  for (const { start, end, secret } of hits) {
    masked += bytes.slice(from, start) + labelOf(secret);
    from = end;
  }
  return textOf(masked + bytes.slice(from));
}

/** Six characters in a row, whatever their case: what shares some with a secret is made of it. */
function fragmentsOf(bytes: string): string[] {
  const lower = bytes.toLowerCase();
  return Array.from({ length: Math.max(0, lower.length - 5) }, (_, index) => lower.slice(index, index + 6));
}

/** One for those that touch each other, and stands for the longest of them. */
function united(hits: Hit[]): Hit[] {
  const sorted = [...hits].sort((one, other) => one.start - other.start || other.end - one.end);
  const result: Hit[] = [];
  let longest = 0;
  for (const hit of sorted) {
    const last = result.at(-1);
    const length = hit.end - hit.start;
    if (!last || hit.start >= last.end) {
      result.push({ ...hit });
      longest = length;
      continue;
    }
    last.end = Math.max(last.end, hit.end);
    if (length > longest) [last.secret, longest] = [hit.secret, length];
  }
  return result;
}
