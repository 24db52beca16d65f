/**
 * Builds dist/: types by TypeScript, code as a few bundled files. Loading some 400 files of packages one by one costs
 * more than half of a start.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { type Plugin, rolldown } from 'rolldown';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');

// Not bundled: rarely loaded, or the user's own.
const EXTERNAL = ['supertest', 'yaml', 'junit-report-builder', 'vitest'];

function parsedDocument(): string {
  const document = JSON.stringify(parse(readFileSync(join(root, 'openapi.yaml'), 'utf8')));
  return `export const readDocument = () => JSON.parse(${JSON.stringify(document)});`;
}

/** Changes modules on their way into the bundle. Each must be met, or the build fails: a silent miss would cost dearly. */
const replacements: [module: RegExp, replace: (code: string) => string][] = [
  [/mock-server[\\/]document-source\.ts$/, parsedDocument],
  [/contracts[\\/]document-source\.ts$/, parsedDocument],
  [
    // It compiles OpenAPI's meta-schema at every start, even when it is told not to use it. A test lints the document.
    /express-openapi-validator[\\/]dist[\\/]framework[\\/]openapi\.schema\.validator\.js$/,
    () => 'exports.OpenAPISchemaValidator = class { validate() { return { errors: [] }; } };',
  ],
  [
    // url.parse is deprecated, and Node only keeps quiet about it inside node_modules.
    /express-openapi-validator[\\/]dist[\\/]middlewares[\\/]parsers[\\/]req\.parameter\.mutator\.js$/,
    (code) => code.replace('url.parse(req.originalUrl).query', "(req.originalUrl.split('?')[1] ?? null)"),
  ],
];

/**
 * A built-in that is imported as an ES module has all its getters read, and those of node:http load undici: 30 ms of a
 * start.
 */
const LAZY_BUILTINS = ['http'];

function builtinPlugin(): Plugin {
  const marker = '\0builtin:';
  return {
    name: 'lazy-builtins',
    resolveId: (id, importer) => {
      const name = id.replace(/^node:/, '');
      return LAZY_BUILTINS.includes(name) && importer?.endsWith('.ts') ? marker + name : null;
    },
    load(id) {
      if (!id.startsWith(marker)) return null;
      const names = ['Agent', 'createServer', 'request', 'STATUS_CODES'];
      const name = id.slice(marker.length);
      return `export const { ${names.join(', ')} } = process.getBuiltinModule('node:${name}');`;
    },
  };
}

function replacePlugin(): Plugin {
  const open = new Set(replacements);
  return {
    name: 'replace-modules',
    transform(code, id) {
      const found = replacements.find(([module]) => module.test(id));
      if (!found) return null;
      const replaced = found[1](code);
      if (replaced === code) throw new Error(`nothing to replace in ${id}`);
      open.delete(found);
      return replaced;
    },
    buildEnd() {
      if (open.size > 0) throw new Error(`not met: ${[...open].map(([module]) => module.source).join(', ')}`);
    },
  };
}

async function bundle(): Promise<string[]> {
  const entries = ['cli/bin', 'mock-server/index', 'mock-server/vitest', 'contracts/index'];
  const build = await rolldown({
    input: Object.fromEntries(entries.map((entry) => [entry, join(root, `${entry}.ts`)])),
    platform: 'node',
    external: (id) => EXTERNAL.some((name) => id === name || id.startsWith(`${name}/`)),
    plugins: [replacePlugin(), builtinPlugin()],
  });
  const { output } = await build.write({
    dir: dist,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
  });
  return output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
}

/** The licences of the packages whose code is in the bundle. */
function licencesOf(modules: string[]): string {
  const marker = `${sep}node_modules${sep}`;
  const packages = new Set(
    modules.flatMap((id) => {
      const start = id.lastIndexOf(marker);
      if (start === -1) return [];
      const [scope = '', name = ''] = id.slice(start + marker.length).split(sep);
      return [id.slice(0, start + marker.length) + (scope.startsWith('@') ? join(scope, name) : scope)];
    }),
  );
  return [...packages].sort().map(licenceOf).join('\n');
}

function licenceOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? `Licence: ${license}` : readFileSync(join(folder, file), 'utf8');
  return `---- ${name} ${version}\n\n${text.trim()}\n`;
}

function emitTypes(): void {
  const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'));
  execFileSync(process.execPath, [join(typescript, 'bin/tsc'), '-p', join(root, 'tsconfig.build.json')], {
    stdio: 'inherit',
  });
}

if (existsSync(dist)) rmSync(dist, { recursive: true });
emitTypes();
const modules = await bundle();
writeFileSync(join(dist, 'THIRD-PARTY-LICENSES.txt'), licencesOf(modules));
chmodSync(join(dist, 'cli/bin.js'), 0o755);
