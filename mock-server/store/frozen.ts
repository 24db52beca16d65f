/** JSON values that nobody can change any more, and so may be shared. */

export function deepFreeze<T extends object>(value: T): T {
  for (const member of Object.values(value)) if (isObject(member)) deepFreeze(member);
  return Object.freeze(value);
}

export function isDeepFrozen(value: object): boolean {
  if (!Object.isFrozen(value)) return false;
  return Object.values(value).every((member) => !isObject(member) || isDeepFrozen(member));
}

/** What is frozen already is shared. Much faster than `structuredClone`, which is for all that is no JSON. */
export function frozenCopy<T extends object>(value: T): T {
  if (isDeepFrozen(value)) return value;
  if (!isPlain(value)) return deepFreeze(structuredClone(value));
  const copy = (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>;
  for (const name of Object.keys(copy)) {
    const member = copy[name];
    if (isObject(member) || typeof member === 'function') copy[name] = frozenCopy(member);
  }
  return Object.freeze(copy) as T;
}

const isPlain = (value: object) =>
  Array.isArray(value) || [Object.prototype, null].includes(Object.getPrototypeOf(value));

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
