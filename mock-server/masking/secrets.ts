/** The secrets of one world, and text without them: by value, in every encoding that a request or an answer may hold. */
import { createHmac, randomBytes } from 'node:crypto';
import { layersOf } from './layers.ts';
import { createNeedles, type Needles, type Range } from './needles.ts';
import { isSecretName, replacePlaces } from './places.ts';

export interface Secrets {
  /** Keeps the secrets that a record holds, by the names of its members. */
  note(record: object): void;
  /** A function that masks these secrets, and the further ones. */
  masker(further?: Iterable<string>): Mask;
}

/** The text without its secrets. Each has a label of its own, so that one sees where the same one comes again. */
export interface Mask {
  (text: string): string;
  /** The label of what is known to be a secret. */
  secret(value: string): string;
}

/** As many as one world remembers; the seed's are never among the forgotten. */
const MOST = 20_000;
/** Encodings within encodings, such as a JWT's part in a percent-encoded form. */
const DEPTH = 4;

/** @param salt so that a label tells nothing to those who guess. */
export function createSecrets(salt: Buffer = randomBytes(16)): Secrets {
  const label = (secret: string | Buffer): string =>
    `[secret:${createHmac('sha256', salt).update(secret).digest('hex').slice(0, 6)}]`;
  const known = new Set<string>();
  const holdsSecret = remembering(isSecretName);
  let needles: Needles | undefined;

  const note = (record: object) => {
    for (const [name, value] of Object.entries(record)) {
      if (typeof value === 'object' && value !== null) note(value);
      else if (typeof value === 'string' && value !== '' && holdsSecret(name) && known.size < MOST) {
        known.add(value);
        needles = undefined;
      }
    }
  };

  return {
    note,
    masker: (further = []) => {
      needles ??= needlesOf(known);
      const own = needlesOf(further);
      const all = own.size === 0 ? [needles] : [needles, own];
      const mask = (text: string) => maskBytes(Buffer.from(replacePlaces(text, label)), all, label);
      return Object.assign(mask, { secret: label });
    },
  };
}

/** Records of one kind have the same members: their names are judged once. */
function remembering(judge: (name: string) => boolean): (name: string) => boolean {
  const judged = new Map<string, boolean>();
  return (name) => {
    const verdict = judged.get(name) ?? judge(name);
    if (judged.size < 1_000) judged.set(name, verdict);
    return verdict;
  };
}

function needlesOf(values: Iterable<string>): Needles {
  const needles = createNeedles();
  for (const value of values) if (!value.startsWith('[secret:')) needles.add(Buffer.from(value));
  return needles;
}

function maskBytes(bytes: Buffer, needles: Needles[], label: (secret: Buffer) => string): string {
  const ranges = united([...tokensIn(bytes), ...find(bytes, needles, DEPTH)]);
  if (ranges.length === 0) return bytes.toString('utf8');
  let [masked, from] = ['', 0];
  for (const { start, end } of ranges) {
    masked += bytes.toString('utf8', from, start) + label(bytes.subarray(start, end));
    from = end;
  }
  return masked + bytes.toString('utf8', from);
}

/** A JWT is a credential whoever signed it. `eyJ` is what `{"` begins with in Base64url. */
const tokensIn = (bytes: Buffer): Range[] =>
  [...bytes.toString('latin1').matchAll(/eyJ[\w-]{4,}\.[\w-]*\.[\w-]*(?:\.[\w-]*\.[\w-]*)?/g)].map(
    ({ index, 0: token }) => ({
      start: index,
      end: index + token.length,
    }),
  );

function find(bytes: Buffer, needles: Needles[], depth: number): Range[] {
  const plain = needles.flatMap((set) => set.find(bytes));
  if (depth === 0) return plain;
  const encoded = layersOf(bytes).flatMap((layer) => find(layer.bytes, needles, depth - 1).map(layer.origin));
  return [...plain, ...encoded];
}

function united(ranges: Range[]): Range[] {
  const sorted = [...ranges].sort((one, other) => one.start - other.start);
  const result: Range[] = [];
  for (const { start, end } of sorted) {
    const last = result.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else result.push({ start, end });
  }
  return result;
}
