/** How much room V8 has for the young in a process that serves. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

const memory = pathToFileURL(join(import.meta.dirname, '../cli/memory.ts')).href;

/** Megabytes of it after a second of garbage that lives for a moment. */
function roomOf(prepare: string): number {
  const program = `
    import { getHeapSpaceStatistics } from 'node:v8';
    import { setTimeout as sleep } from 'node:timers/promises';
    ${prepare}
    const ring = [];
    let made = 0;
    for (const until = performance.now() + 1_500; performance.now() < until; await sleep(1)) {
      for (const end = made + 500; made < end; made += 1) ring[made % 20_000] = { made, text: 'x'.repeat(made % 50) + made };
    }
    const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
    console.log((young.space_used_size + young.space_available_size) / 2 ** 20);
  `;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    encoding: 'utf8',
  });
  // Where V8 does not know a flag, it says so, and goes on.
  expect(stderr).toBe('');
  return Number(stdout);
}

test('it grows once, and no further', () => {
  const room = roomOf(`const { takeLittleMemory } = await import('${memory}'); takeLittleMemory();`);
  expect(room).toBeGreaterThan(1.9);
  expect(room).toBeLessThan(5);
  expect(roomOf('')).toBeGreaterThan(6);
});
