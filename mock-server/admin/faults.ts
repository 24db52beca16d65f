/** /__admin/faults */
import type { FaultInput } from '../faults/fault.ts';
import { type AdminRoute, EMPTY, part } from './route.ts';

export const faultRoutes: AdminRoute[] = [
  {
    ...{ method: 'get', path: '/faults', operationId: 'getFaults', summary: 'The faults in force, and what they did' },
    answers: { 200: { description: 'In the order in which they are tried', schema: part('Faults') } },
    handle: ({ world: { faults } }) => ({ status: 200, body: { faults: faults.list() } }),
  },
  {
    ...{ method: 'post', path: '/faults', operationId: 'addFault', summary: 'Declares a fault' },
    body: part('Fault'),
    answers: { 201: { description: 'The fault with its id', schema: part('FaultState') } },
    handle: ({ world: { faults }, body }) => ({ status: 201, body: faults.add(body() as FaultInput) }),
  },
  {
    ...{ method: 'delete', path: '/faults', operationId: 'removeFaults', summary: 'Removes every fault' },
    answers: { 204: EMPTY('Removed') },
    handle: ({ world: { faults } }) => {
      faults.clear();
      return { status: 204 };
    },
  },
  {
    ...{ method: 'delete', path: '/faults/{id}', operationId: 'removeFault', summary: 'Removes a fault' },
    answers: { 204: EMPTY('Removed'), 404: EMPTY('There is none of that id') },
    handle: ({ world: { faults }, params }) => ({ status: faults.remove(params.id ?? '') ? 204 : 404 }),
  },
];
