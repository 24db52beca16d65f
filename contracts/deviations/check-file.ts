/** Reads the entries of a deviations file. Every mistake is named with file, line and member. */
import type { Check } from '../check.ts';
import { CLASSES, type Deviation, dayAfter, LONGEST_DAYS } from './deviation.ts';

/** A file that knows where its members stand. */
export interface LocatedFile {
  value: unknown;
  /** `file:line: member`. */
  place(member: (string | number)[]): string;
}

/** The file cannot be used. */
export class DeviationError extends Error {
  override name = 'DeviationError';
}

type Entry = Record<string, unknown>;

const MEMBERS: Record<keyof Deviation, 'required' | 'optional'> = {
  check: 'required',
  operation: 'required',
  target: 'required',
  instead: 'required',
  class: 'required',
  reason: 'required',
  ticket: 'optional',
  firstSeen: 'required',
  expires: 'required',
  mockReproduces: 'required',
};

/** @throws DeviationError for the first mistake. */
export function checkDeviations(file: LocatedFile, checks: Pick<Check, 'id' | 'operation'>[]): Deviation[] {
  // A file of comments alone.
  if (file.value === null || file.value === undefined) return [];
  const { deviations, ...others } = objectAt(file, file.value, []);
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) fail(file, [unknown], 'is unknown; expected "deviations" alone');
  // An empty list with comments in it is null to YAML.
  if (deviations === undefined || deviations === null) return [];
  if (!Array.isArray(deviations)) fail(file, ['deviations'], 'must be a list');
  const known = new Map(checks.map(({ id, operation }) => [id, operation]));
  const entries = (deviations as unknown[]).map((entry, index) => entryOf(file, entry, index, known));
  for (const [index, { check, target }] of entries.entries()) {
    const first = entries.findIndex((other) => other.check === check && other.target === target);
    if (first !== index) fail(file, ['deviations', index, 'check'], `stands twice for the target "${target}"`);
  }
  return entries;
}

function entryOf(file: LocatedFile, value: unknown, index: number, known: Map<string, string>): Deviation {
  const at = (...member: string[]) => ['deviations', index, ...member];
  const entry = objectAt(file, value, at());
  const unknown = Object.keys(entry).find((member) => !(member in MEMBERS));
  if (unknown !== undefined) fail(file, at(unknown), `is unknown; expected ${Object.keys(MEMBERS).join(', ')}`);
  for (const [member, need] of Object.entries(MEMBERS)) {
    if (need === 'required' && (entry[member] === undefined || entry[member] === null || entry[member] === '')) {
      fail(
        file,
        at(member),
        member === 'reason' ? 'is missing: nobody but you can say why this is right' : 'is missing',
      );
    }
  }
  for (const member of ['check', 'operation', 'target', 'reason', 'ticket'].filter((name) => name in entry)) {
    if (typeof entry[member] !== 'string') fail(file, at(member), 'must be a text');
  }
  const { check, operation, reason, mockReproduces } = entry as unknown as Deviation;
  if (!known.has(check)) fail(file, at('check'), `names no check: "${check}"`);
  if (known.get(check) !== operation) fail(file, at('operation'), `must be "${known.get(check)}", as of the check`);
  if (!(CLASSES as readonly unknown[]).includes(entry.class)) {
    fail(file, at('class'), `must be one of ${CLASSES.join(', ')}`);
  }
  if (/^\W*(?:todo|tbd|fixme|unknown|n\/a|none)?\W*$/i.test(reason)) fail(file, at('reason'), 'is no reason');
  if (typeof mockReproduces !== 'boolean') fail(file, at('mockReproduces'), 'must be true or false');
  const instead = insteadAt(file, entry.instead, at('instead'));
  return { ...(entry as unknown as Deviation), instead, ...daysAt(file, entry, at) };
}

function insteadAt(file: LocatedFile, value: unknown, at: (string | number)[]): Deviation['instead'] {
  const { status, failure, ...others } = objectAt(file, value, at);
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) fail(file, [...at, unknown], 'is unknown; expected status, failure');
  if (typeof failure !== 'string' || failure.trim() === '') fail(file, [...at, 'failure'], 'must be a text');
  if (/^[\s*]*$/.test(failure as string)) fail(file, [...at, 'failure'], 'would match every failure');
  const isStatus = Number.isInteger(status) && Number(status) >= 100 && Number(status) <= 599;
  if (status !== undefined && !isStatus) fail(file, [...at, 'status'], 'must be a status from 100 to 599');
  return { ...(status !== undefined && { status: Number(status) }), failure: failure as string };
}

function daysAt(file: LocatedFile, entry: Entry, at: (...member: string[]) => (string | number)[]) {
  const [firstSeen, expires] = ['firstSeen', 'expires'].map((member) => {
    const day = entry[member];
    const isDay = typeof day === 'string' && /^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(Date.parse(day));
    // 2026-02-31 is parsed, and is another day.
    if (!isDay || dayAfter(day, 0) !== day) fail(file, at(member), 'must be a day such as 2026-11-28');
    return day as string;
  }) as [string, string];
  if (expires < firstSeen) fail(file, at('expires'), `is before it was first seen, ${firstSeen}`);
  const latest = dayAfter(firstSeen, LONGEST_DAYS);
  if (expires > latest) {
    fail(file, at('expires'), `must be at most ${LONGEST_DAYS} days after it was first seen: ${latest}`);
  }
  return { firstSeen, expires };
}

function objectAt(file: LocatedFile, value: unknown, at: (string | number)[]): Entry {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) fail(file, at, 'must be an object');
  return value as Entry;
}

function fail(file: LocatedFile, member: (string | number)[], what: string): never {
  throw new DeviationError(`${file.place(member)} ${what}`);
}
