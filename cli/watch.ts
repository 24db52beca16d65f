/** `--watch`: takes the seed file over whenever it changes, and says what that changed. */
import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import type { Mock } from '../mock-server/index.ts';
import { seedOf } from './serving.ts';

const EVERY_MILLISECONDS = 200;

/** Watches the path and not the file: editors put a new file in the place of the old one. */
export function watchSeed(path: string, mock: Pick<Mock, 'reseed'>): { close(): void } {
  let text = read(path);
  let turn = Promise.resolve();
  const changed = () => {
    const next = read(path);
    // Touched alone, or away for a moment while an editor writes.
    if (next === text || next === undefined) return;
    text = next;
    turn = turn.then(() => takeOver(path, mock));
  };
  watchFile(path, { interval: EVERY_MILLISECONDS }, changed);
  return { close: () => unwatchFile(path, changed) };
}

async function takeOver(path: string, mock: Pick<Mock, 'reseed'>): Promise<void> {
  try {
    const changes = await mock.reseed(await seedOf(path));
    const lines = changes.length === 0 ? ['nothing'] : changes;
    console.error([`sidetone: ${path} has changed:`, ...lines.map((line) => `  ${line}`)].join('\n'));
  } catch (error) {
    console.error(`sidetone: ${(error as Error).message}; the data stay as they were`);
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
