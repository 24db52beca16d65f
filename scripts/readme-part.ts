/** Parts of the README that programs write: each stands between two comments, by its name. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type Part = 'bench' | 'kill table' | 'mutation';

const README = join(import.meta.dirname, '../README.md');

/** Throws if the file has no place for it. */
export function writePart(part: Part, text: string, file = README): void {
  const [begin, end] = [`<!-- ${part}: begin -->`, `<!-- ${part}: end -->`];
  const readme = readFileSync(file, 'utf8');
  const [from, to] = [readme.indexOf(begin), readme.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`${file} has no place between ${begin} and ${end}`);
  writeFileSync(file, `${readme.slice(0, from + begin.length)}\n${text}\n${readme.slice(to)}`);
}
