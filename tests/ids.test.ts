/** Every random value of the fake: new without a seed, and one sequence with it, wherever one comes back to it. */
import { expect, test } from 'vitest';
import { createIds } from '../mock-server/ids.ts';

/** In pieces of these lengths, some of them longer than what is made at once. */
const LENGTHS = [1, 16, 3, 600, 8, 32, 511, 513, 5_000, 16, 7, 4_095, 20];

const hexOf = (ids: ReturnType<typeof createIds>, lengths: number[]) =>
  lengths.map((length, index) => (index % 2 === 0 ? ids.hex(2 * length) : ids.bytes(length).toString('hex')));

test('the sequence of a seed does not depend on the pieces that it is drawn in', () => {
  const total = LENGTHS.reduce((sum, length) => sum + length, 0);
  const whole = createIds('seed').bytes(total).toString('hex');
  expect(hexOf(createIds('seed'), LENGTHS).join('')).toBe(whole);
  expect(createIds('another').bytes(total).toString('hex')).not.toBe(whole);
  expect(createIds(1).hex(32)).toBe(createIds('1').hex(32));
});

test.each(LENGTHS.map((_, index) => index))(
  'it goes on from any place as if it had never left it: after %i pieces',
  (count) => {
    const ids = createIds('seed');
    hexOf(ids, LENGTHS.slice(0, count));
    const place = ids.position() as number;
    const further = [...hexOf(ids, [16, 700, 3]), ids.uuid()];
    const other = createIds('seed');
    other.bytes(5);
    other.resume(place);
    expect([...hexOf(other, [16, 700, 3]), other.uuid()]).toEqual(further);
    ids.restart();
    expect(ids.hex(32)).toBe(createIds('seed').hex(32));
  },
);

test.each([undefined, 'seed'])('ids are of their kind, and none comes twice: seed %s', (seed) => {
  const ids = createIds(seed);
  const uuids = Array.from({ length: 2_000 }, () => ids.uuid());
  for (const uuid of uuids)
    expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  const digits = Array.from({ length: 2_000 }, () => ids.hex(15));
  for (const hex of digits) expect(hex).toMatch(/^[0-9a-f]{15}$/);
  expect(new Set([...uuids, ...digits]).size).toBe(4_000);
  expect(ids.position() === undefined).toBe(seed === undefined);
});

test('who changes the bytes that it was given changes nobody else’s', () => {
  const ids = createIds('seed');
  ids.bytes(4).fill(0);
  const next = ids.hex(8);
  expect(createIds('seed').bytes(8).toString('hex').slice(8)).toBe(next);
});
