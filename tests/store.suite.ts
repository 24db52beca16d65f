/** What any store driver must do. A driver's whole proof is one call of this. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { KeyRange, Store } from '../mock-server/index.ts';

export function defineStoreSuite(name: string, open: (now: () => number) => Store): void {
  describe(`store: ${name}`, () => {
    let time: number;
    let store: Store;
    beforeEach(() => {
      time = 1_000;
      store = open(() => time);
    });
    const things = () => store.collection<{ name: string; tags?: string[] }>('things');

    test('gives what was inserted', async () => {
      expect(await things().insert('a', { name: 'A', tags: ['x'] })).toBe(true);
      expect(await things().get('a')).toEqual({ name: 'A', tags: ['x'] });
    });
    test('gives undefined for what was never there', async () => {
      expect(await things().get('a')).toBeUndefined();
    });
    test('does not insert over a taken key', async () => {
      await things().insert('a', { name: 'A' });
      expect(await things().insert('a', { name: 'B' })).toBe(false);
      expect(await things().get('a')).toEqual({ name: 'A' });
    });
    test('replaces only what is there', async () => {
      expect(await things().replace('a', { name: 'A' })).toBe(false);
      expect(await things().get('a')).toBeUndefined();
      await things().insert('a', { name: 'A' });
      expect(await things().replace('a', { name: 'B' })).toBe(true);
      expect(await things().get('a')).toEqual({ name: 'B' });
    });
    test('removes once', async () => {
      await things().insert('a', { name: 'A' });
      expect(await things().remove('a')).toEqual({ name: 'A' });
      expect(await things().remove('a')).toBeUndefined();
      expect(await things().get('a')).toBeUndefined();
    });
    test('lists in the order of insertion, replaced values in their old place', async () => {
      for (const key of ['c', 'a', 'b']) await things().insert(key, { name: key });
      await things().replace('a', { name: 'A' });
      expect((await things().all()).map((thing) => thing.name)).toEqual(['c', 'A', 'b']);
    });
    test('of many callers one inserts and one removes', async () => {
      const inserted = await Promise.all(Array.from({ length: 50 }, () => things().insert('a', { name: 'A' })));
      expect(inserted.filter(Boolean)).toHaveLength(1);
      const removed = await Promise.all(Array.from({ length: 50 }, () => things().remove('a')));
      expect(removed.filter((thing) => thing !== undefined)).toHaveLength(1);
    });
    test('forgets what has expired, at the very millisecond', async () => {
      await things().insert('a', { name: 'A' }, { expiresAt: 2_000 });
      time = 1_999;
      expect(await things().get('a')).toEqual({ name: 'A' });
      time = 2_000;
      expect(await things().get('a')).toBeUndefined();
      expect(await things().all()).toEqual([]);
      expect(await things().replace('a', { name: 'B' })).toBe(false);
      expect(await things().remove('a')).toBeUndefined();
      expect(await things().insert('a', { name: 'new' })).toBe(true);
    });
    test('a replaced value expires when the old one would have', async () => {
      await things().insert('a', { name: 'A' }, { expiresAt: 2_000 });
      await things().replace('a', { name: 'B' });
      time = 2_000;
      expect(await things().get('a')).toBeUndefined();
    });
    test('a replaced value expires when it is told to, later or sooner', async () => {
      for (const key of ['later', 'sooner']) await things().insert(key, { name: key }, { expiresAt: 2_000 });
      expect(await things().replace('later', { name: 'L' }, { expiresAt: 3_000 })).toBe(true);
      expect(await things().replace('sooner', { name: 'S' }, { expiresAt: 1_500 })).toBe(true);
      time = 1_499;
      expect(await things().get('sooner')).toEqual({ name: 'S' });
      time = 1_500;
      expect(await things().get('sooner')).toBeUndefined();
      time = 2_999;
      expect(await things().all()).toEqual([{ name: 'L' }]);
      time = 3_000;
      expect(await things().get('later')).toBeUndefined();
      expect(await things().replace('later', { name: 'again' }, { expiresAt: 9_000 })).toBe(false);
      expect(await things().get('later')).toBeUndefined();
    });
    test('a value without end gets one, and the next replacement keeps it', async () => {
      await things().insert('a', { name: 'A' });
      await things().replace('a', { name: 'B' }, { expiresAt: 2_000 });
      await things().replace('a', { name: 'C' });
      time = 1_999;
      expect(await things().get('a')).toEqual({ name: 'C' });
      time = 2_000;
      expect(await things().get('a')).toBeUndefined();
    });
    test('a value whose expiry was put off outlives 1,000 insertions after its first one', async () => {
      await things().insert('a', { name: 'A' }, { expiresAt: 2_000 });
      await things().replace('a', { name: 'A' }, { expiresAt: 5_000 });
      time = 3_000;
      for (let n = 0; n < 1_000; n += 1) await things().insert(`other ${n}`, { name: 'x' }, { expiresAt: 3_001 });
      expect(await things().get('a')).toEqual({ name: 'A' });
    });
    test('shares no memory with its caller', async () => {
      const mine = { name: 'A', tags: ['x'] };
      await things().insert('a', mine);
      mine.tags.push('y');
      const taken = await things().get('a');
      try {
        taken?.tags?.push('z');
      } catch {
        // A frozen value is as good as a copy.
      }
      expect(await things().get('a')).toEqual({ name: 'A', tags: ['x'] });
    });
    test('collections are apart, and the same name is the same one', async () => {
      await things().insert('a', { name: 'A' });
      expect(await store.collection('others').get('a')).toBeUndefined();
      expect(await store.collection('things').get('a')).toEqual({ name: 'A' });
    });
    test('clears everything', async () => {
      await things().insert('a', { name: 'A' });
      await store.collection('others').insert('b', {});
      await store.clear();
      expect(await things().all()).toEqual([]);
      expect(await store.collection('others').all()).toEqual([]);
      expect(await things().insert('a', { name: 'again' })).toBe(true);
    });
    const keysIn = async (range: Partial<KeyRange>) =>
      (await things().range({ limit: 100, ...range })).map(({ key }) => key);

    test('gives a range in the order of the keys, from either end', async () => {
      for (const key of ['b', 'd', 'a', 'c']) await things().insert(key, { name: key.toUpperCase() });
      expect(await things().range({ limit: 2 })).toEqual([
        { key: 'a', value: { name: 'A' } },
        { key: 'b', value: { name: 'B' } },
      ]);
      expect(await keysIn({ reverse: true, limit: 3 })).toEqual(['d', 'c', 'b']);
    });
    test('a range leaves out its bounds, whether they exist or not', async () => {
      for (const key of ['a', 'b', 'c', 'd']) await things().insert(key, { name: key });
      expect(await keysIn({ after: 'a', before: 'd' })).toEqual(['b', 'c']);
      expect(await keysIn({ after: 'aa', before: 'cc', reverse: true })).toEqual(['c', 'b']);
      expect(await keysIn({ after: 'd' })).toEqual([]);
      expect(await keysIn({ after: 'c', before: 'b' })).toEqual([]);
    });
    test('a range follows insertions, removals and replacements', async () => {
      for (const key of ['b', 'd']) await things().insert(key, { name: key });
      expect(await keysIn({})).toEqual(['b', 'd']);
      await things().insert('c', { name: 'c' });
      await things().insert('a', { name: 'a' });
      await things().remove('d');
      await things().replace('c', { name: 'C' });
      expect(await keysIn({})).toEqual(['a', 'b', 'c']);
      expect((await things().range({ after: 'b', limit: 1 }))[0]?.value).toEqual({ name: 'C' });
      await things().insert('d', { name: 'd' });
      expect(await keysIn({})).toEqual(['a', 'b', 'c', 'd']);
    });
    test('a range follows many insertions in any order', async () => {
      const keys = Array.from({ length: 500 }, (_, index) => String((index * 7919) % 500).padStart(3, '0'));
      for (const key of keys.slice(0, 250)) await things().insert(key, { name: key });
      await keysIn({});
      for (const key of keys.slice(250)) await things().insert(key, { name: key });
      expect(await keysIn({ limit: 1_000 })).toEqual([...keys].sort());
    });
    test('a range leaves out what has expired, and a key may come back', async () => {
      await things().insert('a', { name: 'A' }, { expiresAt: 2_000 });
      await things().insert('b', { name: 'B' });
      expect(await keysIn({})).toEqual(['a', 'b']);
      time = 2_000;
      expect(await keysIn({})).toEqual(['b']);
      await things().insert('a', { name: 'A' });
      expect(await keysIn({})).toEqual(['a', 'b']);
      await store.clear();
      expect(await keysIn({})).toEqual([]);
    });
    test('keys are ordered by their UTF-8 bytes', async () => {
      // In UTF-16 the last two stand the other way round.
      const ordered = ['', 'Z', 'a', 'ä', '\uffee', '\u{1f600}'];
      for (const key of [...ordered].reverse()) await things().insert(key, { name: key });
      expect(await keysIn({})).toEqual(ordered);
      expect(await keysIn({ after: '\uffee' })).toEqual(['\u{1f600}']);
    });
    test('puts back what was saved, and nothing else', async () => {
      await things().insert('b', { name: 'B' });
      await things().insert('a', { name: 'A', tags: ['x'] }, { expiresAt: 2_000 });
      const saved = await store.save();
      expect(JSON.parse(JSON.stringify(saved))).toEqual([
        { collection: 'things', key: 'b', value: { name: 'B' } },
        { collection: 'things', key: 'a', value: { name: 'A', tags: ['x'] }, expiresAt: 2_000 },
      ]);
      await things().replace('b', { name: 'changed' });
      await store.collection('others').insert('c', {});
      const other = open(() => time);
      for (const target of [store, other]) {
        await target.restore(saved);
        expect(await target.collection<{ name: string }>('things').all()).toEqual([
          { name: 'B' },
          { name: 'A', tags: ['x'] },
        ]);
        expect(await target.collection('others').all()).toEqual([]);
      }
      time = 2_000;
      expect(await things().get('a')).toBeUndefined();
    });
    test('keys are texts of any kind', async () => {
      for (const key of ['__proto__', 'constructor', '', 'ä:ö/%', 'a b']) {
        expect(await things().insert(key, { name: key })).toBe(true);
        expect(await things().get(key)).toEqual({ name: key });
      }
    });
  });
}
