/** JSON values that nobody can change any more, and so may be shared. */

export function deepFreeze<T extends object>(value: T): T {
  for (const member of Object.values(value)) if (isObject(member)) deepFreeze(member);
  return Object.freeze(value);
}

export function isDeepFrozen(value: object): boolean {
  if (!Object.isFrozen(value)) return false;
  return Object.values(value).every((member) => !isObject(member) || isDeepFrozen(member));
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
