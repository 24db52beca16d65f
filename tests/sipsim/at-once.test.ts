/** Requests that meet: over a store whose answers take their time, nothing is lost and nothing is there twice. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Mock, startMock } from '../../mock-server/index.ts';
import { createLockstepStore } from '../login/lockstep-store.ts';
import { type Api, apiOf } from './api.ts';

let mock: Mock;
let api: Api;
beforeAll(async () => {
  mock = await startMock({ store: (now) => createLockstepStore(now, 7) });
  api = await apiOf(mock);
});
afterAll(() => mock.close());

const times = <Result>(count: number, act: (nth: number) => Promise<Result>) =>
  Promise.all(Array.from({ length: count }, (_, nth) => act(nth)));

test('of many tags with one name one is made', async () => {
  const made = await times(20, () => api('POST', '/tags', { name: 'once' }));
  expect(made.map(({ status }) => status).sort()).toEqual([201, ...Array(19).fill(409)]);
});

test('tags and calls that are made at once have ids of their own', async () => {
  const tags = await times(20, (nth) => api('POST', '/tags', { name: `tag ${nth}` }));
  expect(new Set(tags.map(({ body }) => body.data.id)).size).toBe(20);
  const call = { caller_number: '+492111234501', receiver_number: '+4930123456789' };
  const calls = await times(20, () => api('POST', '/calls', call));
  expect(new Set(calls.map(({ body }) => body.data.id)).size).toBe(20);
});

test('a call that is given many tags at once has them all, and loses them all', async () => {
  const made = await times(10, (nth) => api('POST', '/tags', { name: `given ${nth}` }));
  const ids: number[] = made.map(({ body }) => body.data.id);
  const tagsOf = async () => {
    const { body } = await api('GET', '/calls/3');
    return body.data.tags.map(({ id }: { id: number }) => id).sort((one: number, other: number) => one - other);
  };
  await Promise.all(ids.map((id) => api('PUT', `/calls/3/tags/${id}`)));
  expect(await tagsOf()).toEqual([...ids].sort((one, other) => one - other));
  await Promise.all(ids.map((id) => api('DELETE', `/calls/3/tags/${id}`)));
  expect(await tagsOf()).toEqual([]);
});

test('of many deletions one deletes, and the name is free for one', async () => {
  const { body } = await api('POST', '/tags', { name: 'doomed' });
  const deleted = await times(10, () => api('DELETE', `/tags/${body.data.id}`));
  expect(deleted.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(404)]);
  expect((await api('POST', '/tags', { name: 'doomed' })).status).toBe(201);
});

test('two tags that want one name at once: one gets it', async () => {
  const made = await times(5, (nth) => api('POST', '/tags', { name: `rival ${nth}` }));
  const renamed = await Promise.all(made.map(({ body }) => api('PATCH', `/tags/${body.data.id}`, { name: 'prize' })));
  expect(renamed.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409]);
});
