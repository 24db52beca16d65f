/** Parameters and JSON bodies of /api/v2, read as Rails reads them; what cannot be is refused by its name. */
import { parseJsonBody } from '../body.ts';
import type { ApiRequest } from '../provider.ts';
import { invalid } from './errors.ts';

/** The last value of a parameter; one that is empty or blank counts as absent. */
export function parameter({ query }: ApiRequest, name: string): string | undefined {
  const value = query.getAll(name).at(-1)?.trim();
  return value === '' ? undefined : value;
}

/** Comma-separated; undefined if the parameter is absent. */
export function listParameter(request: ApiRequest, name: string): string[] | undefined {
  const items = parameter(request, name)
    ?.split(',')
    .map((item) => item.trim());
  if (items?.includes('')) throw invalid(name, 'has an empty item');
  return items;
}

/** Comma-separated ids. */
export const idsParameter = (request: ApiRequest, name: string): number[] | undefined =>
  listParameter(request, name)?.map((item) => {
    if (!/^\d{1,15}$/.test(item)) throw invalid(name, `must be a list of ids; "${item}" is none`);
    return Number(item);
  });

/** Comma-separated words out of a list. */
export function wordsParameter<Word extends string>(
  request: ApiRequest,
  name: string,
  words: readonly Word[],
): Word[] | undefined {
  return listParameter(request, name)?.map((item) => {
    const word = words.find((candidate) => candidate === item);
    if (word === undefined) throw invalid(name, `must be of ${words.join(', ')}; "${item}" is none`);
    return word;
  });
}

/** Members of a JSON body. A body of another media type is not read, as Rails has it, and so has none. */
export function bodyMembers({ body }: ApiRequest): Record<string, unknown> {
  if (!body || body.bytes.length === 0 || body.mediaType.toLowerCase() !== 'application/json') return {};
  const value = parseJsonBody(body, ['application/json']);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw invalid('the body', 'must be a JSON object');
}

/** A text of the body; undefined if it is absent. */
export function textMember(members: Record<string, unknown>, name: string): string | undefined {
  const value = Object.hasOwn(members, name) ? members[name] : undefined;
  if (value === undefined) return undefined;
  if (typeof value !== 'string') throw invalid(name, 'must be a text');
  return value;
}

/** A text that must be there and not be blank. */
export function requiredText(request: ApiRequest, members: Record<string, unknown>, name: string): string {
  const value = textMember(members, name);
  if (value !== undefined && value.trim() !== '') return value;
  throw invalid(name, 'is required', whyUnread(request));
}

function whyUnread({ body }: ApiRequest): string | undefined {
  if (!body || body.mediaType.toLowerCase() === 'application/json') return undefined;
  return `the body ${body.mediaType === '' ? 'has no Content-Type' : `is of type "${body.mediaType}"`}; only JSON is read`;
}
