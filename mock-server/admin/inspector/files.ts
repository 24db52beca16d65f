/** Where the page's files are read. The build puts their texts in this module's place, so that they are in the bundle. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Undefined where there is none. */
export function readFile(name: string): string | undefined {
  const path = join(import.meta.dirname, name);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
