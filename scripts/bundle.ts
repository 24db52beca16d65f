/**
 * Bundles the code. Loading some 400 files of packages one by one costs more than half of a start, and so it is a few
 * files; they are CommonJS, because ES modules start slower by some 30 ms.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type OutputChunk, type Plugin, rolldown } from 'rolldown';
import { lazyPackages } from './lazy-packages.ts';
import type { Replacement } from './replacements.ts';

/** What ES modules import. */
const DOORS = ['mock-server', 'contracts'];

/** Command, fake and suite. Resolves with the ids of all modules that are in them. */
export async function bundlePrograms(root: string, dist: string, replacements: Replacement[]): Promise<string[]> {
  const doors = Object.fromEntries(DOORS.map((door) => [door, join(root, door, 'index.ts')]));
  const { plugin, takeFiles, unmet } = lazyPackages();
  const replaced = replacePlugin(replacements);
  const plugins = [replaced.plugin, plugin];
  const programs = await bundle(dist, { bin: join(root, 'cli/bin.ts'), ...doors }, plugins);
  const lazy: OutputChunk[] = [];
  // One that is loaded late may load others later still.
  for (let files = takeFiles(); Object.keys(files).length > 0; files = takeFiles()) {
    lazy.push(...(await bundle(dist, files, plugins)));
  }
  // A silent miss would cost dearly.
  const missed = [...unmet(), ...replaced.unmet()];
  if (missed.length > 0) throw new Error(`not met: ${missed.map(({ source }) => source).join(', ')}`);
  for (const door of DOORS) openDoor(dist, door, programs);
  return [...programs, ...lazy].flatMap(({ moduleIds }) => moduleIds);
}

async function bundle(dist: string, input: Record<string, string>, plugins: Plugin[]): Promise<OutputChunk[]> {
  const build = await rolldown({ input, platform: 'node', external: ['vitest'], plugins: [...plugins, asciiPlugin] });
  const { output } = await build.write({
    dir: join(dist, 'code'),
    format: 'cjs',
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name]-[hash].cjs',
    // The licences stand in a file of their own. V8 keeps the text of what it runs.
    comments: false,
  });
  return output.filter((file) => file.type === 'chunk');
}

/** One character that is not Latin-1 and V8 keeps a whole file with two bytes for each. */
const asciiPlugin: Plugin = {
  name: 'ascii',
  // Not when it is rendered: rolldown writes it once more after that.
  generateBundle: (_options, files) => {
    for (const file of Object.values(files)) if (file.type === 'chunk') file.code = escaped(file.code);
  },
};

function escaped(code: string): string {
  const ascii = code.replace(/[^\0-\x7f]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
  // Tables of characters would only grow by it.
  if (ascii.length > 2 * code.length) return code;
  const changed = /(?<!\\)(?:\\\\)*\\[^\0-\x7f]|String\.raw`[^`]*[^\0-\x7f]/.exec(code);
  if (changed) throw new Error(`an escape would be another text here: ${JSON.stringify(changed[0])}`);
  return ascii;
}

/** By createRequire: an import of CommonJS would first read all of it for the names that it exports. */
function openDoor(dist: string, door: string, chunks: OutputChunk[]): void {
  const chunk = chunks.find(({ fileName }) => fileName === `${door}.cjs`);
  if (!chunk) throw new Error(`there is no ${door}.cjs`);
  const code = [
    `import { createRequire } from 'node:module';`,
    `export const { ${chunk.exports.join(', ')} } = createRequire(import.meta.url)('../code/${door}.cjs');`,
  ];
  mkdirSync(join(dist, door), { recursive: true });
  writeFileSync(join(dist, door, 'index.js'), `${code.join('\n')}\n`);
}

/** The fixture for vitest, an ES module as vitest is. */
export async function bundleFixture(root: string, dist: string): Promise<void> {
  const build = await rolldown({
    input: join(root, 'mock-server/vitest.ts'),
    platform: 'node',
    external: ['vitest'],
    plugins: [
      {
        name: 'the-fake-is-there-already',
        resolveId: (id) => (id === './index.ts' ? { id: './index.js', external: true } : null),
      },
    ],
  });
  await build.write({ file: join(dist, 'mock-server/vitest.js'), format: 'esm' });
}

function replacePlugin(replacements: Replacement[]) {
  const open = new Set(replacements);
  const plugin: Plugin = {
    name: 'replace-modules',
    transform(code, id) {
      // What another plugin has put in its place has its name too.
      const found = id.startsWith('\0') ? undefined : replacements.find(({ module }) => module.test(id));
      if (!found) return null;
      const replaced = found.replace(code);
      if (replaced === code) throw new Error(`nothing to replace in ${id}`);
      open.delete(found);
      return replaced;
    },
  };
  return { plugin, unmet: () => [...open].map(({ module }) => module) };
}
