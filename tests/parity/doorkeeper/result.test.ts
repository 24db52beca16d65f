/** The committed result of the differential run belongs to what is committed beside it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readDeviations } from '../deviations.ts';
import { scenarios } from './scenarios/index.ts';

const here = (name: string) => join(import.meta.dirname, name);
const result = JSON.parse(readFileSync(here('../../../contracts/parity/doorkeeper.json'), 'utf8'));

test('the run left nothing unexplained, and asked enough', () => {
  expect(result.unexplained).toBe(0);
  expect(result.pairs).toBeGreaterThanOrEqual(60);
});

test('it was made with these scenarios and these reasons; else run it again', () => {
  expect(result.scenarios).toBe(scenarios.length);
  const told = result.deviations.map(({ id, what, why }: Record<string, string>) => ({ id, what, why }));
  expect(told).toEqual(readDeviations(here('deviations.yaml')).map(({ id, what, why }) => ({ id, what, why })));
});

test('every scenario has a name of its own', () => {
  const ids = scenarios.map(({ id }) => id);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
});
