/** What every successful answer under /api/v2 is wrapped in. */
import type { Answer } from '../provider.ts';
import type { SipsimState } from './state.ts';

export function success({ clock, ids }: SipsimState, data: unknown, status = 200): Answer {
  // UTC, whole seconds, as documented.
  const timestamp = new Date(clock.now()).toISOString().replace(/\.\d+Z$/, 'Z');
  return { status, body: { status, request_id: ids.uuid(), timestamp, data } };
}
