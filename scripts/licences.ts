/** The licences of the packages whose code is in the bundle. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';

/** @param modules ids of all bundled modules. */
export function licencesOf(modules: string[]): string {
  const marker = `${sep}node_modules${sep}`;
  const packages = new Set(
    modules.flatMap((id) => {
      const start = id.lastIndexOf(marker);
      // What the build itself made has no file.
      if (start === -1 || id.startsWith('\0')) return [];
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
