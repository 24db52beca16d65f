/**
 * The validator gives each schema that it compiles the paths of the whole document to search for references, and walks
 * through them every time. There are no references left: once it has loaded, the paths can be read by their names, but
 * no walk finds them.
 */

type Paths = Record<string, object>;

export interface HideablePaths {
  /** To be given to the validator, which makes copies, member by member. */
  paths: Paths;
  /** From now on no listing of the members of a copy shows any. */
  hide(): void;
}

export function hideable(paths: Paths): HideablePaths {
  const copies = new Set<object>();
  const define = (copy: object, name: string, value: object, enumerable: boolean) =>
    Object.defineProperty(copy, name, { value, enumerable, writable: true, configurable: true });
  // What is copied is assigned to an object of the same kind: so every copy makes itself known.
  const known = (name: string): PropertyDescriptor => ({
    set(this: object, value: object) {
      copies.add(this);
      define(this, name, value, true);
    },
  });
  const kind = Object.create(
    Object.prototype,
    Object.fromEntries(Object.keys(paths).map((name) => [name, known(name)])),
  );
  const own = Object.create(kind, Object.getOwnPropertyDescriptors(paths)) as Paths;
  copies.add(own);
  return {
    paths: own,
    hide: () => {
      for (const copy of copies) {
        for (const [name, value] of Object.entries(copy)) define(copy, name, value, false);
      }
      copies.clear();
    },
  };
}
