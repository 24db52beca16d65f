/** Differences that are meant, each with its reason. One that no longer occurs is stale, and fails the run. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { LeafDifference } from '../../contracts/difference/comparison.ts';

export interface Deviation {
  id: string;
  /** Place of the difference; `*` stands for any text, in every pattern. */
  where: string | string[];
  /** `scenario / step`. Everywhere if absent. */
  at?: string | string[];
  /** What the real server answers; anything if absent, `(nothing)` for an absent part. */
  real?: string | string[];
  fake?: string | string[];
  /** What differs, in words. */
  what: string;
  /** Why that is right. */
  why: string;
}

/** Throws an Error that names the deviation and the member that is wrong. */
export function readDeviations(path: string): Deviation[] {
  return checkDeviations(parse(readFileSync(path, 'utf8')) ?? []);
}

const MEMBERS = ['id', 'where', 'at', 'real', 'fake', 'what', 'why'];

export function checkDeviations(value: unknown): Deviation[] {
  if (!Array.isArray(value)) throw new Error('deviations must be a list');
  const ids = new Set<string>();
  for (const [index, item] of value.entries()) {
    const name = `deviation ${item?.id ?? index + 1}`;
    for (const member of ['id', 'where', 'what', 'why'])
      if (!item?.[member]) throw new Error(`${name} has no ${member}`);
    const unknown = Object.keys(item).find((member) => !MEMBERS.includes(member));
    if (unknown !== undefined) throw new Error(`${name} has an unknown member "${unknown}"`);
    if (/not (?:yet )?implemented|todo/i.test(item.why)) throw new Error(`${name}: "not implemented" is no reason`);
    if (ids.has(item.id)) throw new Error(`${name} stands twice`);
    ids.add(item.id);
  }
  return value as Deviation[];
}

/** @param at `scenario / step` of the difference. */
export function explains(deviation: Deviation, at: string, { where, real, fake }: LeafDifference): boolean {
  // No reason makes an internal error of the fake right.
  if (where === 'status' && Number(fake) >= 500) return false;
  return (
    matchesAny(deviation.where, where) &&
    matchesAny(deviation.at ?? '*', at) &&
    matchesAny(deviation.real ?? '*', String(real ?? '(nothing)')) &&
    matchesAny(deviation.fake ?? '*', String(fake ?? '(nothing)'))
  );
}

const matchesAny = (patterns: string | string[], text: string) =>
  [patterns].flat().some((pattern) => toRegExp(String(pattern)).test(text));

const toRegExp = (pattern: string) => new RegExp(`^${pattern.split('*').map(literally).join('.*')}$`, 's');

const literally = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
