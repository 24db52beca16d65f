/** Keyset pagination: a page begins behind a key, not at a number, so that what arrives meanwhile moves nothing. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ApiRequest } from '../provider.ts';
import type { Collection, KeyRange } from '../store/store.ts';
import type { Pagination } from './envelope.ts';
import { invalid } from './errors.ts';
import { parameter } from './parameters.ts';
import type { SipsimState } from './state.ts';

const [SMALLEST, LARGEST] = [20, 1000];

/** How many values are read at once where a filter leaves most of them out. */
const STRIDE = 1000;

export interface ListOptions<T> {
  /** Where the list lies among the keys. */
  range: Omit<KeyRange, 'limit'>;
  matches?: (value: T) => boolean;
  /** Whose list, filtered how: a page token of another one is refused. */
  scope: unknown;
}

/** One page, in the order of the keys, and where the next begins. */
export async function listPage<T extends object>(
  state: SipsimState,
  request: ApiRequest,
  collection: Collection<T>,
  { range, matches, scope }: ListOptions<T>,
): Promise<{ values: T[]; pagination: Pagination }> {
  const limit = limitOf(request);
  const begin = startOf(state, request, scope);
  const bound = range.reverse ? 'before' : 'after';
  const values: T[] = [];
  let at = begin === undefined ? range : { ...range, [bound]: begin };
  let last: string | undefined;
  for (;;) {
    // One more than fits tells whether there is a next page.
    const found = await collection.range({ ...at, limit: matches ? Math.max(limit + 1, STRIDE) : limit + 1 });
    for (const { key, value } of found) {
      if (matches?.(value) === false) continue;
      if (values.length === limit) return { values, pagination: pageAfter(state, { limit, last, scope }) };
      values.push(value);
      last = key;
    }
    const end = found.at(-1)?.key;
    if (end === undefined) return { values, pagination: { count: values.length, limit, has_more: false } };
    at = { ...range, [bound]: end };
  }
}

function pageAfter(state: SipsimState, { limit, last = '', scope }: { limit: number; last?: string; scope: unknown }) {
  return { count: limit, limit, page: pageToken(state, last, scope), has_more: true };
}

/** 20 to 1000, default 1000, as documented. */
function limitOf(request: ApiRequest): number {
  const text = parameter(request, 'limit');
  if (text === undefined) return LARGEST;
  const limit = /^-?\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (limit >= SMALLEST && limit <= LARGEST) return limit;
  throw invalid('limit', `must be a whole number from ${SMALLEST} to ${LARGEST}`);
}

function pageToken(state: SipsimState, key: string, scope: unknown): string {
  return Buffer.concat([seal(state, key, scope), Buffer.from(key)]).toString('base64url');
}

/** The key behind which the page begins; undefined for the first. */
function startOf(state: SipsimState, request: ApiRequest, scope: unknown): string | undefined {
  const token = parameter(request, 'page');
  if (token === undefined) return undefined;
  const bytes = Buffer.from(token, 'base64url');
  const key = bytes.subarray(SEAL_LENGTH).toString('utf8');
  const sealed = bytes.length > SEAL_LENGTH && bytes.toString('base64url') === token;
  if (sealed && timingSafeEqual(bytes.subarray(0, SEAL_LENGTH), seal(state, key, scope))) return key;
  throw invalid(
    'page',
    'is of another list, or none',
    'the page token is of another account, other filters or no token',
  );
}

const SEAL_LENGTH = 12;

const seal = ({ tokenSecret }: SipsimState, key: string, scope: unknown) =>
  createHmac('sha256', tokenSecret)
    .update(JSON.stringify(['page', scope, key]))
    .digest()
    .subarray(0, SEAL_LENGTH);
