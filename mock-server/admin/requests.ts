/** /__admin/requests: the journal. */
import { parseDuration } from '../clock.ts';
import { InputError } from '../input-error.ts';
import { CREDENTIAL_KINDS, type RequestFilter } from '../journal/filter.ts';
import { toHar } from '../journal/har.ts';
import type { Journal } from '../journal/journal.ts';
import { type AdminRoute, EMPTY, only, part, wholeNumber } from './route.ts';

const FILTERS: Record<string, { description: string; schema: object }> = {
  operation: { description: 'operationId', schema: { type: 'string' } },
  provider: { description: 'sipgate, sipsim or shortForm', schema: { type: 'string' } },
  method: { description: 'Method as sent', schema: { type: 'string' } },
  path: { description: 'Path without the query; a star stands for anything', schema: { type: 'string' } },
  status: { description: 'Status of the answer', schema: { type: 'integer' } },
  client: { description: 'Client id, or id of a personal access token', schema: { type: 'string' } },
  credential: { description: 'Scheme of the Authorization header', schema: { enum: [...CREDENTIAL_KINDS] } },
  fault: { description: 'Id of a fault; any; none', schema: { type: 'string' } },
  after: { description: 'Only what came after the exchange of this id', schema: { type: 'integer' } },
};
const WAITING = {
  wait: { description: 'Longest time to wait for, real time: "5s"', schema: { type: 'string' } },
  count: { description: 'How many to wait for; default 1', schema: { type: 'integer' } },
};
const LAST = { last: { description: 'No more than the last so many', schema: { type: 'integer' } } };

const TOO_FEW = { description: 'Waited for in vain', schema: part('TooFew') };

export const requestRoutes: AdminRoute[] = [
  {
    ...{ method: 'get', path: '/requests', operationId: 'getRequests', summary: 'What was asked and answered' },
    query: { ...FILTERS, ...LAST, ...WAITING },
    answers: { 200: { description: 'The oldest first', schema: part('Requests') }, 409: TOO_FEW },
    handle: async ({ world: { journal }, query }) => {
      only(query, Object.keys({ ...FILTERS, ...LAST, ...WAITING }));
      const filter = filterFrom(query);
      const lack = await waited(journal, filter, query);
      if (lack) return lack;
      const requests = journal.entries(filter, wholeNumber(query, 'last', 1));
      return { status: 200, body: { requests } };
    },
  },
  {
    ...{ method: 'delete', path: '/requests', operationId: 'forgetRequests', summary: 'Empties the journal' },
    answers: { 204: EMPTY('Empty') },
    handle: ({ world: { journal } }) => {
      journal.clear();
      return { status: 204 };
    },
  },
  {
    ...{ method: 'get', path: '/requests/count', operationId: 'countRequests', summary: 'How many were asked' },
    query: { ...FILTERS, ...WAITING },
    answers: { 200: { description: 'Their number', schema: part('Count') }, 409: TOO_FEW },
    handle: async ({ world: { journal }, query }) => {
      only(query, Object.keys({ ...FILTERS, ...WAITING }));
      const filter = filterFrom(query);
      return (await waited(journal, filter, query)) ?? { status: 200, body: { count: journal.count(filter) } };
    },
  },
  {
    ...{ method: 'get', path: '/requests/har', operationId: 'getHar', summary: 'The journal as an HTTP Archive 1.2' },
    query: { ...FILTERS, ...LAST },
    answers: { 200: { description: 'The archive', schema: part('Har') } },
    handle: ({ world: { journal, origin }, query }) => {
      only(query, Object.keys({ ...FILTERS, ...LAST }));
      const entries = journal.entries(filterFrom(query), wholeNumber(query, 'last', 1));
      return { status: 200, body: toHar(entries, origin()) };
    },
  },
];

function filterFrom(query: URLSearchParams): RequestFilter {
  const [status, after] = [wholeNumber(query, 'status'), wholeNumber(query, 'after')];
  const texts = ['operation', 'provider', 'method', 'path', 'client', 'credential', 'fault'].flatMap((name) => {
    const text = query.get(name);
    return text === null ? [] : [[name, text]];
  });
  return {
    ...Object.fromEntries(texts),
    ...(status !== undefined && { status }),
    ...(after !== undefined && { after }),
  };
}

const LONGEST_WAIT = 600_000;

/** The answer that there are too few, if one was asked to wait and it was in vain. */
async function waited(journal: Journal, filter: RequestFilter, query: URLSearchParams) {
  const wait = query.get('wait');
  const wanted = wholeNumber(query, 'count', 1);
  if (wait === null) {
    if (wanted !== undefined) throw new InputError('"count" says how many to wait for: it goes with "wait"');
    return undefined;
  }
  const milliseconds = Math.min(LONGEST_WAIT, parseDuration(wait));
  const count = await journal.waitFor(filter, wanted ?? 1, milliseconds);
  if (count >= (wanted ?? 1)) return undefined;
  const error = `after ${wait} there are ${count} of ${wanted ?? 1} requests`;
  return { status: 409, body: { error, count } };
}
