/** /__admin/reset, /__admin/state and /__admin/settings */
import { type AdminRoute, EMPTY, part } from './route.ts';

const settings = { 200: { description: 'The settings as they are now', schema: part('Settings') } };

export const stateRoutes: AdminRoute[] = [
  {
    ...{ method: 'post', path: '/reset', operationId: 'reset', summary: 'Back to the start; issued tokens are dead' },
    answers: { 204: EMPTY('State, clock, settings, faults and journal are as at the start') },
    handle: async ({ world }) => {
      await world.reset();
      return { status: 204 };
    },
  },
  {
    ...{ method: 'get', path: '/state', operationId: 'getState', summary: 'The whole state. It holds secrets' },
    answers: { 200: { description: 'To be put back as it is', schema: part('State') } },
    handle: async ({ world }) => ({ status: 200, body: await world.save() }),
  },
  {
    ...{ method: 'put', path: '/state', operationId: 'putState', summary: 'Puts a state back, its tokens living' },
    body: part('State'),
    answers: { 204: EMPTY('Put back. The journal stays') },
    handle: async ({ world, body }) => {
      await world.restore(body());
      return { status: 204 };
    },
  },
  {
    ...{ method: 'get', path: '/counts', operationId: 'getCounts', summary: 'How many there are of everything' },
    answers: { 200: { description: 'In the store by collection, and beside it', schema: part('Counts') } },
    handle: async ({ world, namespaces }) => {
      const store: Record<string, number> = {};
      for (const { collection } of await world.store.save()) store[collection] = (store[collection] ?? 0) + 1;
      const requests = world.journal.count();
      const beside = { requests, faults: world.faults.list().length, namespaces: namespaces.list().length };
      return { status: 200, body: { store, ...beside } };
    },
  },
  {
    ...{ method: 'get', path: '/settings', operationId: 'getSettings', summary: 'Every setting', answers: settings },
    handle: ({ world }) => ({ status: 200, body: world.settings }),
  },
  {
    ...{ method: 'patch', path: '/settings', operationId: 'changeSettings', summary: 'Changes settings' },
    body: part('Settings'),
    answers: settings,
    handle: ({ world, body }) => {
      world.configure(body());
      return { status: 200, body: world.settings };
    },
  },
];
