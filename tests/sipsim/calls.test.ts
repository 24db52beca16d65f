/** SIPSIM's calls: pages over many of them, filters at their borders, what a call is as time goes by. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Mock, startMock } from '../../mock-server/index.ts';
import { timeOf } from '../support/fastest.ts';
import { type Api, apiOf } from './api.ts';

const ADA = '+492111234501';
const STRANGER = '+4930123456789';
const call = (id: number, start_time: string, more: object = {}) => ({
  id,
  direction: 'inbound' as const,
  caller_number: STRANGER,
  receiver_number: ADA,
  employee_id: 1,
  start_time,
  ...more,
});
const secondsAfter = (seconds: number) => new Date(Date.UTC(2024, 0, 1) + seconds * 1000).toISOString();
const idsOf = ({ body }: { body: { data: { id: number }[] } }) => body.data.map(({ id }) => id);

test('100,000 calls: every page costs alike, and all pages give every call once while new calls arrive', async () => {
  // Three of each second, so that pages begin and end within one.
  const calls = Array.from({ length: 100_000 }, (_, index) => call(index + 1, secondsAfter(Math.floor(index / 3))));
  const settings = { sipsim: { ringSeconds: 1 } };
  // A page that is remembered would cost nothing.
  await using mock = await startMock({ seed: { sipsim: { calls } }, settings, fastPath: false });
  const api = await apiOf(mock);
  const seen = new Set<number>();
  const pages: string[] = [];
  let page = '';
  for (;;) {
    const answer = await api('GET', `/calls?start_time=2024-01-01${page}`);
    pages.push(page);
    for (const id of idsOf(answer)) {
      expect(seen.has(id), `call ${id} twice`).toBe(false);
      seen.add(id);
    }
    if (!answer.body.pagination.has_more) break;
    page = `&page=${answer.body.pagination.page}`;
    await api('POST', '/calls', { caller_number: ADA, receiver_number: STRANGER });
  }
  expect(calls.filter(({ id }) => !seen.has(id))).toEqual([]);
  expect(pages.length).toBe(100);
  const timed = (page = '') => timeOf(() => api('GET', `/calls?start_time=2024-01-01${page}`));
  // By turns, and the fastest of each: the machine is shared.
  const [first, middle]: [number[], number[]] = [[], []];
  for (let times = 0; times < 25; times += 1) {
    first.push(await timed());
    middle.push(await timed(pages[50]));
  }
  expect(Math.min(...middle)).toBeLessThan(2 * Math.min(...first));
}, 120_000);

describe('borders of the span of time', () => {
  const seed = {
    extends: 'none' as const,
    sipsim: {
      integrations: [
        {
          ...{ clientId: 'one', clientSecret: 'secret', scopes: ['calls.read'], clientCredentials: true },
          account: { id: 1, company_name: 'One', email: 'one@sidetone.example' },
        },
      ],
      calls: [call(1, '2024-03-31T00:59:59Z'), call(2, '2024-03-31T01:00:00Z'), call(3, '2024-03-31T01:00:01.900Z')],
    },
  };
  let mock: Mock;
  let api: Api;
  beforeAll(async () => {
    mock = await startMock({ seed });
    api = await apiOf(mock);
  });
  afterAll(() => mock.close());
  const list = (query: Record<string, string>) => api('GET', `/calls?${new URLSearchParams(query)}`);

  test.each([
    ['both are inclusive', '2024-03-31T01:00:00Z', '2024-03-31T01:00:00Z', [2]],
    ['a millisecond later is too late to begin', '2024-03-31T01:00:00.001Z', '2024-03-31T01:00:01Z', [3]],
    ['a millisecond earlier is too early to end', '2024-03-31T00:00:00Z', '2024-03-31T01:00:00.999Z', [2, 1]],
    ['summer time of an offset', '2024-03-31T03:00:00+02:00', '2024-03-31T03:00:00+02:00', [2]],
    ['an offset that changes the date', '2024-03-30T20:00:00-05:00', '2024-03-31T10:00:01+0900', [3, 2]],
    ['without an offset it is UTC', '2024-03-31T01:00:00', '2024-03-31T01:00:00', [2]],
    ['a date is its first second', '2024-03-31', '2024-04-01', [3, 2, 1]],
    ['a date as end leaves out its day', '2024-03-30', '2024-03-31', []],
    ['minutes without seconds', '2024-03-31T01:00Z', '2024-03-31T01:01Z', [3, 2]],
  ])('%s', async (_what, start_time, end_time, expected) => {
    expect(idsOf(await list({ start_time, end_time }))).toEqual(expected);
  });
  test.each([
    ['2023-02-29', 'does not exist'],
    ['2024-13-01', 'does not exist'],
    ['2024-00-10', 'does not exist'],
    ['2024-01-01T24:00:00Z', 'does not exist'],
    ['2024-01-01T10:60:00Z', 'does not exist'],
    ['2024-01-01T10:00:00+25:00', 'does not exist'],
    ['2024-01-01T10:00:00 02:00', '%2B'],
    ['1704067200', 'ISO 8601'],
    ['2024-1-1', 'ISO 8601'],
    ['2024-W01-1', 'ISO 8601'],
  ])('%s is refused: %s', async (start_time, why) => {
    const answer = await list({ start_time });
    expect(answer.status).toBe(422);
    expect(answer.body.errors[0]).toMatch(/^start_time /);
    expect(answer.body.errors[0]).toContain(why);
  });
  test.each([
    ['limit', '-1'],
    ['limit', '20.5'],
    ['limit', '1e2'],
    ['limit', '0x20'],
    ['page', 'x'],
    ['employees', '1,,2'],
    ['tags', '-1'],
    ['call_types', 'INBOUND'],
  ])('%s=%s is refused by its name', async (name, value) => {
    const answer = await list({ start_time: '2024-01-01', [name]: value });
    expect(answer.status).toBe(422);
    expect(answer.body.errors[0]).toMatch(new RegExp(`^${name} `));
    expect(Object.keys(answer.body)).toEqual(['status', 'errors', 'request_id', 'path']);
  });
  test('an empty parameter counts as absent, of several the last counts', async () => {
    expect(idsOf(await api('GET', '/calls?start_time=x&start_time=2024-01-01&tags=&limit='))).toEqual([3, 2, 1]);
  });
});

describe('accounts are apart', () => {
  const foreign = { id: 77, company_name: 'Foreign', email: 'foreign@sidetone.example' };
  const integration = {
    clientId: 'foreign',
    clientSecret: 'secret',
    scopes: [],
    clientCredentials: true,
    account: foreign,
  };
  const demo = { clientId: 'sipsim-demo', clientSecret: 'secret', scopes: [], clientCredentials: true };
  const own = { ...demo, account: { id: 12345, company_name: 'Own', email: 'own@sidetone.example' } };
  const calls = Array.from({ length: 30 }, (_, index) => ({ ...call(1000 + index, secondsAfter(index)), account: 77 }));
  const seed = { sipsim: { integrations: [own, integration], calls, tags: [{ id: 9, name: 'VIP', account: 77 }] } };

  test('calls, tags and page tokens of another account are unknown', async () => {
    await using mock = await startMock({ seed });
    const [mine, theirs] = [await apiOf(mock, 'sipsim-demo'), await apiOf(mock, 'foreign')];
    expect((await mine('GET', '/calls/1000')).status).toBe(404);
    expect((await theirs('GET', '/calls/1000')).status).toBe(200);
    expect((await mine('DELETE', '/tags/9')).status).toBe(404);
    expect((await mine('PUT', '/calls/1/tags/9')).status).toBe(404);
    const { body } = await theirs('GET', '/calls?start_time=2024-01-01&limit=20');
    const next = `/calls?start_time=2024-01-01&limit=20&page=${body.pagination.page}`;
    expect(idsOf(await theirs('GET', next))).toHaveLength(10);
    const refused = await mine('GET', next);
    expect([refused.status, refused.body.errors]).toEqual([422, ['page is of another list, or none']]);
    // The same name is free in each account.
    expect((await theirs('POST', '/tags', { name: 'Beschwerde' })).status).toBe(201);
  });
  test('an integration without scopes of its own may have all of them', async () => {
    await using mock = await startMock({ seed });
    const form = {
      grant_type: 'client_credentials',
      client_id: 'foreign',
      client_secret: 'secret',
      scope: 'webhooks.write',
    };
    const answer = await fetch(mock.sipsim.tokenUrl, { method: 'POST', body: new URLSearchParams(form) });
    expect(answer.status).toBe(200);
  });
});

describe('a call as time goes by', () => {
  test.each([
    ['ANSWER', ['ringing', 'answered', 'ended'], 'ANSWER', 60],
    ['BUSY', ['ringing', 'ended', 'ended'], 'BUSY', 0],
    ['NOANSWER', ['ringing', 'ended', 'ended'], 'NOANSWER', 0],
  ] as const)('an outgoing call that comes to %s', async (callOutcome, states, status, duration) => {
    await using mock = await startMock({ settings: { sipsim: { callOutcome } } });
    mock.clock.freeze();
    const api = await apiOf(mock);
    const { body } = await api('POST', '/calls', { caller_number: '101', receiver_number: STRANGER });
    const seen = [body.data.state];
    for (const step of ['5s', '60s']) {
      mock.clock.advance(step);
      seen.push((await api('GET', `/calls/${body.data.id}`)).body.data.state);
    }
    expect(seen).toEqual(states);
    const { data } = (await api('GET', `/calls/${body.data.id}`)).body;
    expect([data.status, data.duration, data.caller_number]).toEqual([status, duration, ADA]);
  });
  test.each([
    ['ANSWER', 'inbound', 'ANSWER'],
    ['MISSED', 'missed', 'MISSED'],
    ['VOICEMAIL', 'voicemail', 'MISSED'],
  ] as const)('an incoming call that comes to %s is %s', async (outcome, type, status) => {
    await using mock = await startMock();
    mock.clock.freeze();
    const api = await apiOf(mock);
    const ringing = (await mock.receiveCall({ outcome, ringSeconds: 10, talkSeconds: 20 })) as { id: number };
    expect(ringing).toMatchObject({ call_type: 'inbound', state: 'ringing', status: null, end_time: null });
    mock.clock.advance('30s');
    const { data } = (await api('GET', `/calls/${ringing.id}`)).body;
    expect(data).toMatchObject({ call_type: type, status, state: 'ended' });
    const listed = await api('GET', `/calls?start_time=2024-01-01&call_types=${type}`);
    expect(idsOf(listed)[0]).toBe(ringing.id);
  });
  test('is in the list of the very moment in which it began', async () => {
    await using mock = await startMock();
    mock.clock.freeze();
    const api = await apiOf(mock);
    const { body } = await api('POST', '/calls', { caller_number: ADA, receiver_number: STRANGER });
    const { start_time: start } = body.data;
    expect(idsOf(await api('GET', `/calls?start_time=${start}`))).toEqual([body.data.id]);
  });
});

describe("the vendor's contradictions are settings", () => {
  const started = async (settings: object, scopes?: string[]) => {
    await using mock = await startMock({ settings: { sipsim: settings } });
    const api = await apiOf(mock, undefined, scopes);
    return await api('POST', '/calls', { caller_number: ADA, receiver_number: STRANGER });
  };
  test('ids are numbers, or texts', async () => {
    expect((await started({})).body.data.id).toBe(7);
    expect((await started({ callIds: 'string' })).body.data.id).toBe('call_7');
  });
  test('an outgoing call is outgoing, or outbound', async () => {
    expect((await started({ outgoingDirection: 'outbound' })).body.data.direction).toBe('outbound');
  });
  test.each([
    ['either', 'calls.create', 201],
    ['either', 'calls.write', 201],
    ['calls.create', 'calls.create', 201],
    ['calls.create', 'calls.write', 403],
    ['calls.write', 'calls.create', 403],
  ])('startCallScope %s: %s is %i', async (startCallScope, scope, status) => {
    expect((await started({ startCallScope }, [scope])).status).toBe(status);
  });
  test('the other status of a parameter, a timestamp in errors, 204 for a deletion', async () => {
    const sipsim = { invalidParameter: 400, errorTimestamp: true, deleteStatus: 204 } as const;
    await using mock = await startMock({ settings: { sipsim } });
    const api = await apiOf(mock);
    const refused = await api('GET', '/calls');
    expect([refused.status, refused.body.status]).toEqual([400, 400]);
    expect(refused.body.timestamp).toMatch(/Z$/);
    const deleted = await api('DELETE', '/tags/1');
    expect([deleted.status, deleted.body]).toEqual([204, undefined]);
  });
  test('with the seven scopes of the page the others are unknown', async () => {
    await using mock = await startMock({ settings: { sipsim: { declaredScopes: 7 } } });
    const { clientId = '', clientSecret = '' } = mock.credentials.sipsim;
    const ask = async (scope: string) => {
      const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, scope };
      const answer = await fetch(mock.sipsim.tokenUrl, { method: 'POST', body: new URLSearchParams(form) });
      return ((await answer.json()) as { error?: string }).error;
    };
    expect([await ask('tags.write'), await ask('webhooks.write')]).toEqual([undefined, 'invalid_scope']);
  });
});
