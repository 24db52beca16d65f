/** What every successful answer under /api/v2 is wrapped in. */
import type { Answer } from '../provider.ts';
import type { SipsimState } from './state.ts';

export interface SuccessOptions {
  status?: number;
  pagination?: Pagination;
}

export interface Pagination {
  count: number;
  limit: number;
  /** Absent on the last page. */
  page?: string;
  has_more: boolean;
}

export function success({ clock, ids }: SipsimState, data: unknown, options: SuccessOptions = {}): Answer {
  const { status = 200, pagination } = options;
  // Its seconds alone are asked for: what was answered from the millisecond could not be given again.
  const timestamp = wireTime(clock.seconds() * 1000);
  return { status, body: { status, request_id: ids.uuid(), timestamp, data, ...(pagination && { pagination }) } };
}

/** UTC, whole seconds, as documented. */
export const wireTime = (milliseconds: number) => new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');
