/** SIPSIM API v2: the parameters of the list of calls, each exact and each refused by its name. */
import { checksOf } from '../check.ts';
import { expectEqual, expectStatus, expectThat } from '../expect.ts';
import type { Session } from '../session.ts';
import { ASSUMED, expectInvalid, idsOf, itemsOf, listCalls, someCall } from './resource.ts';

const TYPES = ['inbound', 'outgoing', 'missed,voicemail'];

/** What cannot be, one thing each, by its values. */
const IMPOSSIBLE: [id: string, what: string, name: string, ...values: string[]][] = [
  [
    'a',
    'A date that does not exist',
    'start_time',
    '2024-02-30',
    '2023-02-29',
    '2024-04-31',
    '2024-13-01',
    '2024-00-10',
  ],
  ['b', 'A time that is none', 'end_time', 'yesterday', '2024-01-15 09:00', '2024-01-15T09:00:00 01:00'],
  ['c', 'An end before the beginning', 'end_time', '1999-12-31T23:59:59Z'],
  ['g', 'A page that nobody gave', 'page', 'c2lkZXRvbmU'],
  ['h', 'A call type that there is not', 'call_types', 'inbound,fax'],
  ['i', 'An employee that is no id', 'employees', '1,ada', '1x', 'x1', '1,,2'],
  ['j', 'A tag that is no id', 'tags', 'VIP'],
  [
    'k',
    'A time of day that does not exist',
    'end_time',
    '2024-01-15T24:00:00Z',
    '2024-01-15T09:60Z',
    '2024-01-15T09:00:60Z',
  ],
  ['l', 'An offset that there is not', 'end_time', '2024-01-15T09:00:00+15:00', '2024-01-15T09:00:00+00:60'],
];

const shifted = (time: unknown, seconds: number) => new Date(Date.parse(String(time)) + seconds * 1000).toISOString();

/** Checks of the filters. */
export const sipsimCallFilterChecks = checksOf(
  { provider: 'sipsim', operation: 'sipsim.getCalls', evidence: 'assumed', risk: 'read', needs: ['sipsim.client'] },
  [
    ...IMPOSSIBLE.map(([id, what, name, ...values]) => ({
      id: `sipsim.CAL-02${id}`,
      title: `${what} is 422 and ${name} named`,
      level: 'PARITY' as const,
      clause: ASSUMED,
      run: async (session: Session) => {
        for (const value of values) expectInvalid(await listCalls(session, { [name]: value }), name);
      },
    })),
    {
      id: 'sipsim.CAL-03',
      title: 'A call is in the list from the very second of start_time to that of end_time',
      level: 'PARITY',
      clause: ASSUMED,
      risk: 'mock-only',
      run: async (session) => {
        const { id, start_time: time } = await someCall(session);
        const has = async (from: number, until: number) => {
          const reply = await listCalls(session, { start_time: shifted(time, from), end_time: shifted(time, until) });
          expectStatus(reply, 200);
          return { reply, found: idsOf(reply).includes(id) };
        };
        for (const [from, until, expected] of [
          [0, 0, true],
          [1, 9, false],
          [-9, -1, false],
          [0.5, 9, false],
          [-9, -0.5, false],
          [-1, 1, true],
        ] as const) {
          const { reply, found } = await has(from, until);
          expectEqual(reply, `whether ${from} s to ${until} s around its beginning hold call ${id}`, found, expected);
        }
      },
    },
    {
      id: 'sipsim.CAL-04',
      title: 'An offset is counted: 14:00:00+05:30 is 08:30:00Z',
      level: 'MUST',
      clause: 'ISO 8601; RFC 3339 §4.2',
      risk: 'mock-only',
      run: async (session) => {
        const { id, start_time: time } = await someCall(session);
        for (const [offset, hours] of [
          ['+05:30', 5.5],
          ['-03:00', -3],
          ['+14:00', 14],
          ['+00:59', 59 / 60],
        ] as const) {
          const there = `${shifted(time, hours * 3600).slice(0, 19)}${offset}`;
          const reply = await listCalls(session, { start_time: there, end_time: there });
          expectStatus(reply, 200);
          expectThat(idsOf(reply).includes(id), reply, `expected the call that began at ${time} for ${there}`);
        }
      },
    },
    {
      id: 'sipsim.CAL-04b',
      title: 'A time without an offset is UTC, a date alone is its first second, and a day has its last second',
      level: 'PARITY',
      clause: ASSUMED,
      risk: 'mock-only',
      run: async (session) => {
        const { id, start_time: time } = await someCall(session);
        const [day = '', clock = ''] = String(time).slice(0, 19).split('T');
        for (const query of [
          { start_time: `${day}T${clock}`, end_time: `${day}T${clock}` },
          { start_time: day, end_time: `${day}T23:59:59Z` },
        ]) {
          const reply = await listCalls(session, query);
          expectStatus(reply, 200);
          expectThat(idsOf(reply).includes(id), reply, `expected the call that began at ${time}`);
        }
        const before = await listCalls(session, { end_time: day });
        expectThat(!idsOf(before).includes(id), before, `expected no call of the ${day} but of its first second`);
      },
    },
    {
      id: 'sipsim.CAL-05',
      title: 'Each call is of one type, and the types together are all calls',
      level: 'PARITY',
      clause: ASSUMED,
      run: async (session) => {
        const end = { end_time: new Date().toISOString() };
        const all = await listCalls(session, end);
        expectStatus(all, 200);
        const found: unknown[] = [];
        for (const types of TYPES) {
          const reply = await listCalls(session, { ...end, call_types: types });
          const others = itemsOf(reply).filter(({ call_type: type }) => !types.split(',').includes(String(type)));
          expectThat(others.length === 0, reply, `expected calls that are ${types} alone`);
          found.push(...idsOf(reply));
        }
        expectEqual(all, 'the calls of all types', idsOf(all).map(String).sort(), found.map(String).sort());
      },
    },
    {
      id: 'sipsim.CAL-06',
      title: 'search leaves calls with that part in the number of either side',
      level: 'PARITY',
      clause: ASSUMED,
      risk: 'mock-only',
      run: async (session) => {
        const { id, caller_number: caller } = await someCall(session);
        const part = String(caller).slice(3, 10);
        const reply = await listCalls(session, { search: part });
        expectThat(idsOf(reply).includes(id), reply, `expected call ${id} for "${part}"`);
        const strangers = itemsOf(reply).filter(
          ({ caller_number: one, receiver_number: other }) => !`${one} ${other}`.includes(part),
        );
        expectThat(strangers.length === 0, reply, `expected calls with "${part}" alone`);
        const nobody = await listCalls(session, { search: '00000000000' });
        expectEqual(nobody, 'the calls of nobody', idsOf(nobody), []);
      },
    },
    {
      id: 'sipsim.CAL-07a',
      title: "employees leaves those employees' calls",
      level: 'PARITY',
      clause: ASSUMED,
      risk: 'mock-only',
      run: async (session) => {
        const all = await listCalls(session);
        for (const employee of [1, 2]) {
          const reply = await listCalls(session, { employees: `${employee},987654` });
          const expected = itemsOf(all).filter(({ employee_id: id }) => id === employee);
          expectEqual(
            reply,
            `the calls of ${employee}`,
            idsOf(reply),
            expected.map(({ id }) => id),
          );
        }
      },
    },
    {
      id: 'sipsim.CAL-07b',
      title: 'tags leaves calls that have any of them',
      level: 'PARITY',
      clause: ASSUMED,
      risk: 'mock-only',
      run: async (session) => {
        const all = itemsOf(await listCalls(session));
        for (const wanted of [[2, 1], [2]]) {
          const reply = await listCalls(session, { tags: wanted.join(', ') });
          const tagged = all.filter(({ tags }) => (tags as { id: number }[]).some(({ id }) => wanted.includes(id)));
          expectThat(tagged.length > 0, reply, 'prerequisite: calls with tags');
          expectEqual(
            reply,
            'the tagged calls',
            idsOf(reply),
            tagged.map(({ id }) => id),
          );
        }
      },
    },
    {
      id: 'sipsim.CAL-07c',
      title: 'Of several filters a call must pass all',
      level: 'PARITY',
      clause: ASSUMED,
      risk: 'mock-only',
      run: async (session) => {
        const call = await someCall(session, ({ call_type: type }) => type === 'missed');
        const query = { call_types: 'missed', employees: String(call.employee_id) };
        const both = await listCalls(session, query);
        expectThat(idsOf(both).includes(call.id), both, `expected call ${call.id}`);
        const none = await listCalls(session, { ...query, employees: '987654' });
        expectEqual(none, 'the calls', idsOf(none), []);
      },
    },
  ],
);
