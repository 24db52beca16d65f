/** Which calls a list is asked for: GET /api/v2/calls. */
import type { ApiRequest } from '../provider.ts';
import { CALL_TYPES, type CallRecord, type CallType, callType } from './call-life.ts';
import { invalid } from './errors.ts';
import { parseInstant } from './instants.ts';
import { idsParameter, parameter, wordsParameter } from './parameters.ts';

export interface CallFilters {
  /** Milliseconds since the epoch; both inclusive, as Rails' `where(start_time: a..b)`. */
  from: number;
  until: number | undefined;
  employees: number[] | undefined;
  tags: number[] | undefined;
  types: CallType[] | undefined;
  search: string | undefined;
}

export function readCallFilters(request: ApiRequest): CallFilters {
  const from = instantParameter(request, 'start_time');
  if (from === undefined) throw invalid('start_time', 'is required');
  const until = instantParameter(request, 'end_time');
  if (until !== undefined && until < from) throw invalid('end_time', 'is before start_time');
  return {
    from,
    until,
    employees: idsParameter(request, 'employees'),
    tags: idsParameter(request, 'tags'),
    types: wordsParameter(request, 'call_types', CALL_TYPES),
    search: parameter(request, 'search'),
  };
}

function instantParameter(request: ApiRequest, name: string): number | undefined {
  const text = parameter(request, name);
  if (text === undefined) return undefined;
  const instant = parseInstant(text);
  if (typeof instant === 'string') throw invalid(name, instant);
  return instant;
}

/** Whether a call of the right time is one of those; undefined if every one is. */
export function callMatcher(
  { employees, tags, types, search }: CallFilters,
  { now, livingTags }: { now: number; livingTags: Map<number, unknown> },
): ((call: CallRecord) => boolean) | undefined {
  const tests: ((call: CallRecord) => boolean)[] = [];
  if (employees) tests.push(({ employee }) => employee !== null && employees.includes(employee));
  if (tags) tests.push((call) => call.tags.some((id) => tags.includes(id) && livingTags.has(id)));
  if (types) tests.push((call) => types.includes(callType(call, now)));
  if (search !== undefined) {
    tests.push(({ callerNumber, receiverNumber }) => callerNumber.includes(search) || receiverNumber.includes(search));
  }
  return tests.length === 0 ? undefined : (call) => tests.every((test) => test(call));
}
