/** Packages that the fake's packages load at once and hardly ever use: files of their own, loaded when first used. */
import { basename, sep } from 'node:path';
import type { Plugin } from 'rolldown';

const LAZY = [
  /[\\/]body-parser[\\/]lib[\\/]types[\\/](?:json|raw|text|urlencoded)\.js$/,
  /[\\/]iconv-lite[\\/]lib[\\/]index\.js$/,
  /[\\/]mime-types[\\/]index\.js$/,
  /[\\/]node_modules[\\/]qs[\\/]lib[\\/]index\.js$/,
  /[\\/]node_modules[\\/]send[\\/]index\.js$/,
  /[\\/]serve-static[\\/]index\.js$/,
];

const MARKER = '\0lazy:';

export interface LazyPackages {
  plugin: Plugin;
  /** Modules that were met, by the name of the file that is to be made of them. */
  files: Record<string, string>;
}

/**
 * Puts a stand-in wherever one of them is required. All files of the bundle stand in one folder.
 *
 * @param all whether it is a mistake of this list if one is not met.
 */
export function lazyPackages({ all }: { all: boolean }): LazyPackages {
  const open = new Set(LAZY);
  const files: Record<string, string> = {};
  const plugin: Plugin = {
    name: 'lazy-packages',
    async resolveId(source, importer, { kind }) {
      if (kind !== 'require-call') return null;
      if (importer?.startsWith(MARKER)) return { id: source, external: true };
      const resolved = await this.resolve(source, importer, { skipSelf: true });
      const found = LAZY.find((file) => resolved && file.test(resolved.id));
      if (!resolved || !found) return null;
      open.delete(found);
      files[nameOf(resolved.id)] = resolved.id;
      return MARKER + resolved.id;
    },
    load: (id) => (id.startsWith(MARKER) ? { code: standIn(nameOf(id)), moduleType: 'js' } : null),
    buildEnd() {
      if (open.size > 0 && all) throw new Error(`not met: ${[...open].map(({ source }) => source).join(', ')}`);
    },
  };
  return { plugin, files };
}

/** `body-parser-json`, of two versions both. */
function nameOf(file: string): string {
  const folders = file.split(`${sep}node_modules${sep}`).slice(1);
  const packages = folders.map((path) => path.split(sep)[0]);
  const own = basename(file, '.js');
  return [...packages, ...(own === 'index' ? [] : [own])].join('-');
}

/** Behaves as the module itself, which it loads when it is called or asked for a member. */
const standIn = (name: string) => `
  let loaded;
  const load = () => (loaded ??= require('./${name}.cjs'));
  module.exports = new Proxy(function () {}, {
    apply: (target, self, given) => Reflect.apply(load(), self, given),
    construct: (target, given) => Reflect.construct(load(), given),
    get: (target, name) => load()[name],
    has: (target, name) => name in load(),
  });
`;
