/** Namespaces leave nothing behind. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('10,000 made and freed leave memory where it was, within 10 %', { timeout: 180_000 }, async () => {
  const program = join(import.meta.dirname, 'programs/namespace-memory.ts');
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', program]);
  const { before, after, living } = JSON.parse(stdout) as Record<string, number>;
  expect((after ?? 0) / (before ?? 1)).toBeLessThan(1.1);
  // Each living one costs kilobytes, not the megabytes of a validator.
  expect(living).toBeLessThan(100_000);
});
