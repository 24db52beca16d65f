/** Two answers to one question, side by side: every leaf that is not the same, by its place. */
import type { Leaf, Tree } from './normal-form.ts';

export interface LeafDifference {
  /** Place in the answer, such as `headers.cache-control` or `body.error`; `#order` for the order of members. */
  where: string;
  /** Undefined where only the fake has it. */
  real?: Leaf;
  /** Undefined where only the real server has it. */
  fake?: Leaf;
}

/** @example differencesOf({ status: 400 }, { status: 401 }) // [{ where: 'status', real: 400, fake: 401 }] */
export function differencesOf(real: Tree, fake: Tree, where = ''): LeafDifference[] {
  const [ofReal, ofFake] = [membersOf(real), membersOf(fake)];
  if (!ofReal || !ofFake) return real === fake ? [] : [{ where, real: leafOf(real), fake: leafOf(fake) }];
  const names = new Set([...ofReal.keys(), ...ofFake.keys()]);
  const within = [...names].flatMap((name) => {
    const place = where === '' ? name : `${where}.${name}`;
    const [a, b] = [ofReal.get(name), ofFake.get(name)];
    if (a === undefined) return [{ where: place, fake: leafOf(b as Tree) }];
    return b === undefined ? [{ where: place, real: leafOf(a) }] : differencesOf(a, b, place);
  });
  return [...within, ...orderOf(ofReal, ofFake, where)];
}

/** A part that only one of them has is one difference, not one for each of its leaves. */
const leafOf = (tree: Tree): Leaf => (typeof tree === 'object' && tree !== null ? JSON.stringify(tree) : tree);

const membersOf = (tree: Tree) =>
  typeof tree === 'object' && tree !== null ? new Map<string, Tree>(Object.entries(tree)) : undefined;

/** Headers, cookies and what is read from a page have no order that matters. */
const UNORDERED = ['', 'headers', 'cookies', 'page'];

/** Order of the members that both have. */
function orderOf(real: Map<string, Tree>, fake: Map<string, Tree>, where: string): LeafDifference[] {
  if (UNORDERED.includes(where)) return [];
  const first = [...real.keys()].filter((name) => fake.has(name)).join(' ');
  const second = [...fake.keys()].filter((name) => real.has(name)).join(' ');
  return first === second ? [] : [{ where: `${where}#order`, real: first, fake: second }];
}
