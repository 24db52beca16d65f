/** /api/v2/calls: what was and is called, in the order of time. */
import type { ApiRequest, Operation } from '../provider.ts';
import { integrationOf } from './account.ts';
import { callMatcher, readCallFilters } from './call-filters.ts';
import { type CallRecord, type CallView, wireCall } from './call-life.ts';
import { success } from './envelope.ts';
import { noSuch } from './errors.ts';
import { listPage } from './keyset.ts';
import { orderedId, type SipsimState } from './state.ts';
import { tagsOf } from './tags.ts';

export function createCallOperations(state: SipsimState): Record<string, Operation> {
  return {
    'sipsim.getCalls': async (request) => {
      const { account } = await integrationOf(state, request);
      const filters = readCallFilters(request);
      const view = await callView(state, account.id);
      const { values, pagination } = await listPage(state, request, state.calls, {
        range: timeRange(account.id, filters.from, filters.until ?? view.now),
        matches: callMatcher(filters, { now: view.now, livingTags: view.tags }),
        scope: [account.id, filters],
      });
      return success(
        state,
        values.map((call) => wireCall(call, view)),
        { pagination },
      );
    },
    'sipsim.getCall': async (request) => {
      const call = await callOf(state, request);
      return success(state, wireCall(call, await callView(state, call.account)));
    },
  };
}

/** The latest call first (assumed). Keys end in an id, and "0" stands behind "/", so both ends are within. */
const timeRange = (account: number, from: number, until: number) => ({
  after: `${orderedId(account)}/${orderedTime(from)}`,
  before: `${orderedId(account)}/${orderedTime(until)}0`,
  reverse: true,
});

const orderedTime = (milliseconds: number) => String(Math.max(0, milliseconds)).padStart(15, '0');

export async function callView({ clock, settings, ...state }: SipsimState, account: number): Promise<CallView> {
  return { now: clock.now(), settings, tags: await tagsOf(state, account) };
}

/** The call that a path names: `123` or `call_123`. Throws 404 for one that the account does not have. */
export async function callOf(state: SipsimState, request: ApiRequest): Promise<CallRecord> {
  const { account } = await integrationOf(state, request);
  const text = request.params.callId ?? '';
  const id = /^(?:call_)?(\d{1,15})$/.exec(text)?.[1];
  const place = id === undefined ? undefined : await state.callIds.get(orderedId(Number(id)));
  const call = place && (await state.calls.get(place.key));
  if (!call || call.account !== account.id) throw noSuch('Call', text);
  return call;
}

/** Reads the call that a path names, and lets nobody else change it meanwhile. */
export async function inTurnOfCall<Result>(
  state: SipsimState,
  request: ApiRequest,
  act: (call: CallRecord) => Promise<Result>,
): Promise<Result> {
  const { id } = await callOf(state, request);
  return state.inTurn(`call ${id}`, async () => act(await callOf(state, request)));
}

/** Puts a call where it belongs. Without an id it gets the next one. */
export async function addCall(
  state: SipsimState,
  { id, ...call }: Omit<CallRecord, 'id'> & { id?: number },
): Promise<CallRecord> {
  for (let wanted = id ?? (await nextCallId(state)); ; wanted += 1) {
    const record = { id: wanted, ...call };
    const key = keyOf(record);
    if (await state.callIds.insert(orderedId(wanted), { key })) {
      await state.calls.insert(key, record);
      return record;
    }
    if (id !== undefined) throw new Error(`there are two calls with the id ${id}`);
  }
}

export async function changeCall(state: SipsimState, call: CallRecord): Promise<void> {
  await state.calls.replace(keyOf(call), call);
}

const keyOf = ({ account, startedAt, id }: CallRecord) =>
  `${orderedId(account)}/${orderedTime(startedAt)}/${orderedId(id)}`;

async function nextCallId(state: SipsimState): Promise<number> {
  const [last] = await state.callIds.range({ limit: 1, reverse: true });
  return last ? Number(last.key) + 1 : 1;
}
