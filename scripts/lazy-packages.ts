/** What is loaded at once and used late or hardly ever: files of their own, loaded when first used. */
import { parse, sep } from 'node:path';
import type { Plugin } from 'rolldown';

const LAZY = [
  /[\\/]ajv[\\/]dist[\\/]2020\.js$/,
  /[\\/]ajv-formats[\\/]dist[\\/]index\.js$/,
  /[\\/]body-parser[\\/]lib[\\/]types[\\/](?:json|raw|text|urlencoded)\.js$/,
  /[\\/]node_modules[\\/]express[\\/]index\.js$/,
  /[\\/]express-openapi-validator[\\/]dist[\\/]framework[\\/]ajv[\\/]index\.js$/,
  /[\\/]http-errors[\\/]index\.js$/,
  /[\\/]iconv-lite[\\/]lib[\\/]index\.js$/,
  /[\\/]mime-types[\\/]index\.js$/,
  /[\\/]node_modules[\\/]qs[\\/]lib[\\/]index\.js$/,
  /[\\/]node_modules[\\/]send[\\/]index\.js$/,
  /[\\/]serve-static[\\/]index\.js$/,
  /[\\/]compiled[\\/]schemas\.ts$/,
];

const MARKER = '\0lazy:';

export interface LazyPackages {
  plugin: Plugin;
  /** Modules that were met since it was last asked, by the name of the file that is to be made of them. */
  takeFiles(): Record<string, string>;
  /** Of the list, what was never met: a mistake of it. */
  unmet(): RegExp[];
}

/** Puts a stand-in wherever one of them is required or imported. All files of the bundle stand in one folder. */
export function lazyPackages(): LazyPackages {
  const open = new Set(LAZY);
  const named = new Set<string>();
  let files: Record<string, string> = {};
  const plugin: Plugin = {
    name: 'lazy-packages',
    async resolveId(source, importer, { kind }) {
      // Nobody imports what a file is made of.
      if (importer === undefined || (kind !== 'require-call' && kind !== 'import-statement')) return null;
      if (importer.startsWith(MARKER)) return { id: source, external: true };
      const resolved = await this.resolve(source, importer, { skipSelf: true });
      const found = LAZY.find((file) => resolved && file.test(resolved.id));
      if (!resolved || !found) return null;
      open.delete(found);
      const name = nameOf(resolved.id);
      if (!named.has(name)) files[name] = resolved.id;
      named.add(name);
      return MARKER + resolved.id;
    },
    load: (id) => (id.startsWith(MARKER) ? { code: standIn(nameOf(id)), moduleType: 'js' } : null),
  };
  const takeFiles = () => {
    // Files come in the order in which they are read, which differs from build to build.
    const taken = Object.fromEntries(
      Object.keys(files)
        .sort()
        .map((name) => [name, files[name] as string]),
    );
    files = {};
    return taken;
  };
  return { plugin, takeFiles, unmet: () => [...open] };
}

/** `body-parser-json`, of two versions both. */
function nameOf(file: string): string {
  const folders = file.split(`${sep}node_modules${sep}`).slice(1);
  const packages = folders.map((path) => path.split(sep)[0]);
  const own = parse(file).name;
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
