/** Builds dist/: JavaScript and types, and the document parsed once, so that no start has to. */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '..');
const inDist = (path: string) => join(root, 'dist', path);
const typescript = createRequire(import.meta.url).resolve('typescript/package.json');

rmSync(inDist(''), { recursive: true, force: true });
execFileSync(process.execPath, [join(dirname(typescript), 'bin/tsc'), '-p', join(root, 'tsconfig.build.json')], {
  stdio: 'inherit',
});
const document: unknown = parse(readFileSync(join(root, 'openapi.yaml'), 'utf8'));
writeFileSync(inDist('mock-server/openapi.json'), JSON.stringify(document));
copyFileSync(join(root, 'mock-server/seed.schema.json'), inDist('mock-server/seed.schema.json'));
chmodSync(inDist('cli/bin.js'), 0o755);
