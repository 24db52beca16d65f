/** SIPSIM API v2: the list of calls in pages, a call by its id, click to call. */
import { checksOf } from '../check.ts';
import type { Reply } from '../client.ts';
import { expectEqual, expectMember, expectStatus, expectThat } from '../expect.ts';
import { atFrozenTime } from '../frozen-time.ts';
import type { Session } from '../session.ts';
import {
  ASSUMED,
  activeNumber,
  ask,
  dataOf,
  expectInvalid,
  expectNotFound,
  idsOf,
  itemsOf,
  listCalls,
  PAGES,
  prepare,
  RECEIVER,
  someCall,
  startCall,
} from './resource.ts';

const pageOf = (reply: Reply) => {
  expectStatus(reply, 200);
  return expectMember(reply, 'pagination', 'object');
};

const readCall = (session: Session, callId: unknown) => ask(session, 'getCall', { params: { callId: String(callId) } });

/** Checks of pages, of one call, and of a call that is made. */
export const sipsimCallChecks = checksOf(
  { provider: 'sipsim', operation: 'sipsim.getCalls', evidence: 'documented', risk: 'read', needs: ['sipsim.client'] },
  [
    {
      id: 'sipsim.PAG-01',
      title: 'pagination has count, the limit that was asked for and has_more; the last page names no next one',
      level: 'PARITY',
      clause: PAGES,
      run: async (session) => {
        for (const [query, limit] of [
          [{}, 1000],
          [{ limit: '20' }, 20],
          [{ limit: '1000' }, 1000],
        ] as const) {
          const reply = await listCalls(session, query);
          const pagination = pageOf(reply);
          expectEqual(reply, 'limit', pagination.limit, limit);
          expectEqual(reply, 'whether page is there', 'page' in pagination, pagination.has_more);
          expectEqual(reply, 'count', pagination.count, itemsOf(reply).length);
        }
      },
    },
    {
      id: 'sipsim.PAG-02',
      title: 'All pages together have each call once, though calls arrive meanwhile',
      level: 'PARITY',
      clause: `${PAGES}: keyset pagination`,
      risk: 'mock-only',
      run: (session) =>
        atFrozenTime(session, async () => {
          for (let made = 0; made < 45; made += 1) expectStatus(await startCall(session), 201);
          const before = idsOf(await listCalls(session));
          const seen: unknown[] = [];
          let query: Record<string, string> = { limit: '20' };
          let reply = await listCalls(session, query);
          for (let pages = 1; pages < 20; pages += 1) {
            const { page, has_more: more } = pageOf(reply);
            seen.push(...idsOf(reply));
            if (more !== true) break;
            await startCall(session);
            query = { limit: '20', page: String(page) };
            reply = await listCalls(session, query);
          }
          const twice = seen.filter((id, index) => seen.indexOf(id) !== index);
          expectEqual(reply, 'the calls that came twice', twice, []);
          expectEqual(
            reply,
            'the calls that never came',
            before.filter((id) => !seen.includes(id)),
            [],
          );
        }),
    },
    {
      id: 'sipsim.PAG-03',
      title: 'A page token of other filters is 422 and page named',
      level: 'PARITY',
      clause: ASSUMED,
      evidence: 'assumed',
      risk: 'mock-only',
      run: async (session) => {
        for (let made = 0; made < 25; made += 1) expectStatus(await startCall(session), 201);
        const { page } = pageOf(await listCalls(session, { limit: '20' }));
        expectStatus(await listCalls(session, { limit: '20', page: String(page) }), 200);
        expectInvalid(await listCalls(session, { limit: '20', page: String(page), employees: '1' }), 'page');
        expectInvalid(await listCalls(session, { limit: '20', page: `${page}!` }), 'page');
      },
    },
    {
      id: 'sipsim.PAG-04',
      title: 'The latest call comes first',
      level: 'PARITY',
      clause: ASSUMED,
      evidence: 'assumed',
      run: async (session) => {
        const reply = await listCalls(session);
        expectStatus(reply, 200);
        const times = itemsOf(reply).map(({ start_time: time }) => String(time));
        expectEqual(reply, 'the times of the calls', times, times.toSorted().reverse());
      },
    },
    {
      id: 'sipsim.PAG-05',
      title: 'A parameter that is empty or blank counts as absent, and of several the last counts',
      level: 'PARITY',
      clause: `${ASSUMED}: as Rails reads parameters`,
      evidence: 'assumed',
      run: async (session) => {
        const all = await listCalls(session);
        for (const nothing of ['', ' ']) {
          const reply = await listCalls(session, {
            limit: nothing,
            page: nothing,
            employees: nothing,
            search: nothing,
          });
          expectStatus(reply, 200);
          expectEqual(reply, 'the calls', idsOf(reply), idsOf(all));
        }
        const query: [string, string][] = [
          ['start_time', '2000-01-01'],
          ['limit', 'none'],
          ['limit', ' 20 '],
        ];
        const reply = await ask(session, 'getCalls', { query });
        expectEqual(reply, 'limit', pageOf(reply).limit, 20);
      },
    },
    {
      id: 'sipsim.CAL-08',
      title: 'A call by its id is as in the list, by its number and as call_…',
      operation: 'sipsim.getCall',
      level: 'PARITY',
      clause: `${PAGES}: both forms of an id; the path is assumed`,
      evidence: 'assumed',
      risk: 'mock-only',
      run: async (session) => {
        const call = await someCall(session, ({ state }) => state === 'ended');
        for (const callId of [call.id, `call_${call.id}`]) {
          const reply = await readCall(session, callId);
          expectStatus(reply, 200);
          expectEqual(reply, 'the call', dataOf(reply), call);
        }
        // Until an id has two digits.
        for (let id = 0; id < 10; ) {
          id = Number(dataOf(await startCall(session)).id);
          const reply = await readCall(session, id);
          expectStatus(reply, 200);
          expectEqual(reply, 'the id', dataOf(reply).id, id);
        }
      },
    },
    {
      id: 'sipsim.CAL-09',
      title: 'A call that nobody answered has no answer_time, and lasted 0 seconds',
      operation: 'sipsim.getCall',
      level: 'PARITY',
      clause: ASSUMED,
      evidence: 'assumed',
      risk: 'mock-only',
      run: async (session) => {
        const { id } = await someCall(session, ({ call_type: type }) => type === 'missed');
        const reply = await readCall(session, id);
        expectStatus(reply, 200);
        const { answer_time: answered, duration } = dataOf(reply);
        expectEqual(reply, 'answer_time and duration', [answered, duration], [null, 0]);
      },
    },
    {
      id: 'sipsim.CAL-10',
      title: 'A call that is not there is 404 in the envelope',
      operation: 'sipsim.getCall',
      level: 'MUST',
      clause: 'RFC 9110 §15.5.5',
      evidence: 'assumed',
      run: async (session) => {
        expectNotFound(await readCall(session, '999999999999'));
      },
    },
    {
      id: 'sipsim.CAL-11',
      title: 'A call that comes in rings as inbound, and is missed when it has ended and nobody answered',
      operation: 'sipsim.getCall',
      level: 'PARITY',
      clause: ASSUMED,
      evidence: 'assumed',
      risk: 'mock-only',
      needs: ['sipsim.client', 'control'],
      run: (session) =>
        atFrozenTime(session, async () => {
          const receiver = await activeNumber(session);
          const wish = { caller: RECEIVER, receiver, outcome: 'MISSED', ringSeconds: 20 };
          const { id } = (await session.control('/calls', 'POST', wish)).json();
          const expectCall = async (expected: Record<string, unknown>) => {
            const reply = await readCall(session, id);
            expectStatus(reply, 200);
            const call = dataOf(reply);
            for (const [name, value] of Object.entries(expected)) expectEqual(reply, name, call[name], value);
          };
          const numbers = { direction: 'inbound', caller_number: RECEIVER, receiver_number: receiver };
          const open = { answer_time: null, end_time: null, duration: null, status: null };
          await expectCall({ ...numbers, ...open, state: 'ringing', call_type: 'inbound' });
          await session.control('/clock', 'PUT', { advance: '20s' });
          const over = { state: 'ended', call_type: 'missed', status: 'MISSED' };
          await expectCall({ ...numbers, ...over, answer_time: null, duration: 0 });
        }),
    },
    {
      id: 'sipsim.CAL-12',
      title: 'What has the id of a call in it, and something before or behind, is the id of none: 404',
      operation: 'sipsim.getCall',
      level: 'PARITY',
      clause: ASSUMED,
      evidence: 'assumed',
      risk: 'mock-only',
      run: async (session) => {
        const { id } = await someCall(session);
        for (const callId of [`x${id}`, `${id}x`, `xcall_${id}`, 'call_']) {
          expectNotFound(await readCall(session, callId));
        }
      },
    },
    {
      id: 'sipsim.CTC-01',
      title: 'A call that is started rings, is answered and ends, by the clock',
      operation: 'sipsim.startCall',
      level: 'PARITY',
      clause: ASSUMED,
      evidence: 'assumed',
      risk: 'mock-only',
      run: (session) =>
        atFrozenTime(session, async () => {
          // At the beginning of a second, so that the borders are met exactly.
          const { now } = (await session.control('/clock', 'GET')).json();
          const second = new Date(Math.floor(Date.parse(String(now)) / 1000) * 1000).toISOString();
          await session.control('/clock', 'PUT', { set: second, freeze: true });
          const started = await startCall(session);
          expectStatus(started, 201);
          const { id, direction, call_type: type, caller_number: caller, tags, ...call } = dataOf(started);
          expectEqual(started, 'direction and call_type', [direction, type], ['outgoing', 'outgoing']);
          const numbers = [caller, call.receiver_number];
          expectEqual(started, 'the numbers', numbers, [await activeNumber(session), RECEIVER]);
          expectEqual(started, 'the tags', tags, []);
          const open = [call.answer_time, call.end_time, call.duration, call.status];
          expectEqual(started, 'what is known at the end alone', open, [null, null, null, null]);
          const expectState = async (state: string, reply: Reply) => {
            expectEqual(reply, 'the state', dataOf(reply).state, state);
            return dataOf(reply);
          };
          await expectState('ringing', started);
          await session.control('/clock', 'PUT', { advance: '5s' });
          const answered = await expectState('answered', await readCall(session, id));
          await session.control('/clock', 'PUT', { advance: '59s' });
          await expectState('answered', await readCall(session, id));
          await session.control('/clock', 'PUT', { advance: '1s' });
          const reply = await readCall(session, id);
          const ended = await expectState('ended', reply);
          expectEqual(reply, 'status', ended.status, 'ANSWER');
          const talk = (Date.parse(String(ended.end_time)) - Date.parse(String(answered.answer_time))) / 1000;
          expectEqual(reply, 'duration', ended.duration, talk);
        }),
    },
    {
      id: 'sipsim.CTC-02',
      title: 'A caller that is no active phone of the account, or a receiver that is no number, is 422 and named',
      operation: 'sipsim.startCall',
      level: 'PARITY',
      clause: ASSUMED,
      evidence: 'assumed',
      risk: 'mock-only',
      run: async (session) => {
        const caller = await activeNumber(session);
        const sleeping = itemsOf(await prepare(session, 'getPhones', 200, { query: { status: 'inactive' } }));
        const wrong: [name: string, json: object][] = [
          ['caller_number', { receiver_number: RECEIVER }],
          ['caller_number', { caller_number: '+4930999999999', receiver_number: RECEIVER }],
          ['caller_number', { caller_number: sleeping[0]?.number, receiver_number: RECEIVER }],
          ['receiver_number', { caller_number: caller }],
          ['receiver_number', { caller_number: caller, receiver_number: '030 1234' }],
        ];
        const before = idsOf(await listCalls(session)).length;
        for (const [name, json] of wrong) expectInvalid(await ask(session, 'startCall', { json }), name);
        const after = await listCalls(session);
        expectThat(idsOf(after).length === before, after, 'expected no call to have been made');
      },
    },
    {
      id: 'sipsim.CTC-03',
      title: 'A phone may be named by its internal number too, and shows the number that others see',
      operation: 'sipsim.startCall',
      level: 'PARITY',
      clause: ASSUMED,
      evidence: 'assumed',
      risk: 'mock-only',
      run: async (session) => {
        const [phone] = itemsOf(await prepare(session, 'getPhones', 200, { query: { status: 'active' } }));
        const json = { caller_number: String(phone?.internal_number), receiver_number: RECEIVER };
        const reply = await ask(session, 'startCall', { json });
        expectStatus(reply, 201);
        expectEqual(reply, 'caller_number', dataOf(reply).caller_number, phone?.number);
      },
    },
  ],
);
