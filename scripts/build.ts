/** Builds dist/: types by TypeScript, code as a few bundled files, and the licences of what is in them. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { bundleFixture, bundlePrograms } from './bundle.ts';
import { licencesOf } from './licences.ts';
import { documentOf, replacementsFor } from './replacements.ts';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');

function emitTypes(): void {
  const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'));
  execFileSync(process.execPath, [join(typescript, 'bin/tsc'), '-p', join(root, 'tsconfig.build.json')], {
    stdio: 'inherit',
  });
}

if (existsSync(dist)) rmSync(dist, { recursive: true });
emitTypes();
const modules = await bundlePrograms(root, dist, await replacementsFor(root, documentOf(root)));
await bundleFixture(root, dist);
writeFileSync(join(dist, 'THIRD-PARTY-LICENSES.txt'), licencesOf(modules));
chmodSync(join(dist, 'code/bin.cjs'), 0o755);
