/** Webhooks: what is told, in which order, signed how, and what becomes of it. */
import { describe, expect, test } from 'vitest';
import { type IncomingCallWish, type MockOptions, startMock, verifyWebhook } from '../../mock-server/index.ts';
import { apiOf } from './api.ts';
import { type Received, startReceiver } from './receiver.ts';

const [ADA, BERND, STRANGER] = ['+492111234501', '+492111234502', '+4930123456789'];
const NOTHING: Received = { headers: {}, raw: Buffer.of(), json: undefined };
const SECRET = 'whsec-5f1c9a7e3b2d4860';
const EVENTS = [
  ...['incoming_call_start', 'incoming_call_start_chain_member_call', 'incoming_call_end_chain_member_call'],
  ...['incoming_call_answer', 'incoming_call_end', 'outgoing_call_start', 'outgoing_call_answer', 'outgoing_call_end'],
  ...['voicemail', 'tags', 'speech', 'summary', 'sms', 'rating'],
];

/** A mock whose first integration has every event enabled, at a clock that stands still. */
async function startTelling(webhookUrl: string, options: MockOptions = {}) {
  const settings = { ...options.settings, sipsim: { webhookUrl, ...options.settings?.sipsim } };
  const mock = await startMock({ ...options, settings });
  mock.clock.freeze();
  const api = await apiOf(mock);
  for (const event of EVENTS) expect((await api('POST', `/webhooks/${event}`)).status).toBe(200);
  return { mock, api, [Symbol.asyncDispose]: () => mock.close() };
}

describe('the order of a call', () => {
  test.each([
    [
      'answered, ringing at two phones',
      { outcome: 'ANSWER', chain: [ADA, BERND], talkSeconds: 42 },
      [
        ...['incoming_call_start', 'incoming_call_start_chain_member_call', 'incoming_call_start_chain_member_call'],
        ...['incoming_call_end_chain_member_call', 'incoming_call_end_chain_member_call'],
        ...['incoming_call_answer', 'incoming_call_end'],
      ],
      { duration: 42, audio_path: '/recordings/7.mp3', status: 'ANSWER' },
    ],
    [
      'missed, of which nobody is told an answer',
      { outcome: 'MISSED' },
      [
        ...['incoming_call_start', 'incoming_call_start_chain_member_call', 'incoming_call_end_chain_member_call'],
        'incoming_call_end',
      ],
      { duration: 0, audio_path: null, status: 'MISSED' },
    ],
  ] as [string, IncomingCallWish, string[], object][])('incoming, %s', async (_what, wish, events, end) => {
    await using receiver = await startReceiver();
    await using telling = await startTelling(receiver.url);
    await telling.mock.receiveCall({ ...wish, caller: STRANGER, receiver: ADA });
    telling.mock.clock.advance('5m');
    await telling.mock.deliveries();
    expect(receiver.received.map(({ json }) => json.event)).toEqual(events);
    const last = receiver.received.at(-1)?.json;
    expect(Object.keys(last)).toEqual([
      ...['event', 'caller', 'receiver', 'time', 'pbx_id', 'duration', 'audio_path', 'status'],
    ]);
    expect(last).toMatchObject({ caller: STRANGER, receiver: ADA, pbx_id: 'pbx_012345', ...end });
  });
  test('a voicemail is told with its length', async () => {
    await using receiver = await startReceiver();
    await using telling = await startTelling(receiver.url);
    await telling.mock.receiveCall({ outcome: 'VOICEMAIL', talkSeconds: 17 });
    telling.mock.clock.advance('5m');
    await telling.mock.deliveries();
    const events = receiver.received.map(({ json }) => json.event);
    expect(events).not.toContain('incoming_call_answer');
    expect(receiver.received.find(({ json }) => json.event === 'voicemail')?.json).toMatchObject({
      duration: 17,
      audio_path: '/voicemails/7.mp3',
    });
  });
  test('outgoing: each event when its time has come and not before, at the time of the mock', async () => {
    await using receiver = await startReceiver();
    await using telling = await startTelling(receiver.url);
    const { mock } = telling;
    mock.clock.set('2030-01-01T00:00:00Z');
    const fresh = await apiOf(mock);
    await fresh('POST', '/calls', { caller_number: ADA, receiver_number: STRANGER });
    const told = async () => {
      await mock.deliveries();
      return receiver.received.map(({ json }) => [json.event, json.time]);
    };
    const start = ['outgoing_call_start', '2030-01-01T00:00:00Z'];
    const answer = ['outgoing_call_answer', '2030-01-01T00:00:05Z'];
    expect(await told()).toEqual([start]);
    mock.clock.advance(4_999);
    expect(await told()).toEqual([start]);
    mock.clock.advance(1);
    expect(await told()).toEqual([start, answer]);
    mock.clock.advance('1h');
    expect(await told()).toEqual([start, answer, ['outgoing_call_end', '2030-01-01T00:01:05Z']]);
    expect(receiver.received.at(-1)?.headers['x-webhook-timestamp']).toBe(String(Date.UTC(2030, 0, 1, 1, 0, 5) / 1000));
  });
  test('on a clock that runs the events come by themselves', async () => {
    await using receiver = await startReceiver();
    const settings = { sipsim: { ringSeconds: 1, callSeconds: 1 } };
    await using telling = await startTelling(receiver.url, { settings });
    telling.mock.clock.resume();
    telling.mock.clock.rate(20);
    await telling.api('POST', '/calls', { caller_number: ADA, receiver_number: STRANGER });
    await expect.poll(() => receiver.received.length).toBe(3);
  });
});

describe('signature', () => {
  test('verifies with the secret, and not if anything is changed', async () => {
    await using receiver = await startReceiver();
    await using telling = await startTelling(receiver.url);
    await telling.mock.sendWebhook('sms', { payload: { message: 'Grüße' } });
    const { headers, raw } = receiver.received[0] ?? NOTHING;
    expect(headers['x-webhook-signature']).toMatch(/^[0-9a-f]{64}$/);
    expect(verifyWebhook(SECRET, headers, raw)).toBe(true);
    expect(verifyWebhook(SECRET, new Headers(headers as Record<string, string>), raw.toString('utf8'))).toBe(true);
    expect(verifyWebhook('another', headers, raw)).toBe(false);
    expect(verifyWebhook(SECRET, headers, `${raw} `)).toBe(false);
    const changes = [
      { 'x-webhook-timestamp': '1' },
      { 'x-webhook-timestamp': '' },
      { 'x-webhook-signature': undefined },
      { 'x-webhook-signature': String(headers['x-webhook-signature']).toUpperCase() },
      { 'x-webhook-signature': `${headers['x-webhook-signature']}00` },
      { 'x-webhook-signature': [String(headers['x-webhook-signature']), 'x'] },
    ];
    for (const change of changes) expect(verifyWebhook(SECRET, { ...headers, ...change }, raw)).toBe(false);
  });
  test('a tolerance refuses what is older, or from the future', () => {
    // HMAC-SHA256("secret", "1700000000.{}"), by openssl.
    const signature = 'b8569b78799ff9e3cbff0fc2d63a33a2b57f3282abd07c37ae5e8e7d79a5f163';
    const headers = { 'X-Webhook-Timestamp': '1700000000', 'X-Webhook-Signature': signature };
    const verified = (now?: number) =>
      verifyWebhook('secret', headers, '{}', { tolerance: 300, ...(now !== undefined && { now }) });
    expect(verifyWebhook('secret', headers, '{}')).toBe(true);
    expect([1_699_999_700, 1_700_000_300].map(verified)).toEqual([true, true]);
    expect([1_699_999_699, 1_700_000_301, undefined].map(verified)).toEqual([false, false, false]);
  });
});

describe('delivery', () => {
  test.each([
    [200, true],
    [204, true],
    [302, false],
    [404, false],
    [500, false],
  ])('an answer of %i is delivered: %s, and is not asked again', async (status, delivered) => {
    await using other = await startReceiver();
    await using receiver = await startReceiver(() => ({ status, headers: { location: other.url, 'x-mine': 'yes' } }));
    await using telling = await startTelling(receiver.url);
    await telling.mock.sendWebhook('test');
    const [delivery] = await telling.mock.deliveries();
    expect(delivery).toMatchObject({ event: 'test', client: 'sipsim-demo', url: receiver.url, delivered });
    expect(delivery?.answer).toMatchObject({ status, headers: { 'x-mine': 'yes' } });
    expect([receiver.received.length, other.received.length]).toEqual([1, 0]);
  });
  test('who does not answer within two seconds has lost, and what follows comes in its turn', async () => {
    await using receiver = await startReceiver((nth) => (nth === 1 ? undefined : { status: 200 }));
    await using telling = await startTelling(receiver.url);
    const sent = [telling.mock.sendWebhook('test'), telling.mock.sendWebhook('sms')];
    await Promise.all(sent);
    const [late, next] = await telling.mock.deliveries();
    expect(late).toMatchObject({ event: 'test', delivered: false, error: 'no answer within 2000 ms' });
    expect(late?.milliseconds).toBeGreaterThan(1_900);
    expect(next).toMatchObject({ event: 'sms', delivered: true });
  });
  test('a port where nobody listens is told', async () => {
    await using telling = await startTelling('http://127.0.0.1:9/hook');
    const delivery = await telling.mock.sendWebhook('test');
    expect(delivery).toMatchObject({ delivered: false, error: expect.stringMatching(/\S/) });
  });
  test.each([
    ['https://example.com/hook', /example\.com.*webhookHosts/],
    ['http://127.0.0.1.example.com/', /webhookHosts/],
    ['http://user@example.com:80/', /webhookHosts/],
    ['file:///etc/passwd', /neither http/],
  ])('nothing is sent to %s', async (url, error) => {
    const asked: unknown[] = [];
    const real = globalThis.fetch;
    await using telling = await startTelling('http://127.0.0.1:9/');
    globalThis.fetch = (async (...request: Parameters<typeof fetch>) => {
      asked.push(request[0]);
      return real(...request);
    }) as typeof fetch;
    try {
      const delivery = await telling.mock.sendWebhook('test', { url });
      expect(delivery).toMatchObject({ delivered: false, error: expect.stringMatching(error) });
      expect(asked).toEqual([]);
    } finally {
      globalThis.fetch = real;
    }
  });
  test('a host that is allowed by name is called', async () => {
    await using telling = await startTelling('http://sidetone.invalid/', {
      settings: { sipsim: { webhookHosts: ['sidetone.invalid'] } },
    });
    const delivery = await telling.mock.sendWebhook('test');
    // Who is asked for the address may take longer to say that there is none than a webhook has.
    expect(delivery?.error).toMatch(/ENOTFOUND|EAI_AGAIN|sidetone\.invalid|no answer within/);
    expect(delivery?.error).not.toMatch(/webhookHosts/);
  });
});

describe('who is told', () => {
  test('of what is enabled, and where that event has a URL of its own, there', async () => {
    await using usual = await startReceiver();
    await using special = await startReceiver();
    await using mock = await startMock({ settings: { sipsim: { webhookUrl: usual.url } } });
    mock.clock.freeze();
    const api = await apiOf(mock);
    await api('POST', '/webhooks/outgoing_call_start');
    await api('POST', '/webhooks/outgoing_call_end', { url: special.url });
    await api('POST', '/calls', { caller_number: ADA, receiver_number: STRANGER });
    mock.clock.advance('2m');
    await mock.deliveries();
    expect(usual.received.map(({ json }) => json.event)).toEqual(['outgoing_call_start']);
    expect(special.received.map(({ json }) => json.event)).toEqual(['outgoing_call_end']);
    const { body } = await api('DELETE', '/webhooks/outgoing_call_start');
    expect(body.data).toEqual([{ event: 'outgoing_call_end', url: special.url }]);
  });
  test('an integration of the seed, by its own secret', async () => {
    await using receiver = await startReceiver();
    const account = { id: 12345, company_name: 'One', email: 'one@sidetone.example' };
    const integration = { clientId: 'one', clientSecret: 's3cret', scopes: [], clientCredentials: true, account };
    const webhooks = ['tags' as const];
    const seed = { sipsim: { integrations: [{ ...integration, webhookUrl: receiver.url, webhooks }] } };
    await using mock = await startMock({ seed });
    const api = await apiOf(mock);
    await api('PUT', '/calls/1/tags/2');
    await api('PUT', '/calls/1/tags/2');
    await api('DELETE', '/calls/1/tags/1');
    await mock.deliveries();
    // Of a tag that was there already there is nothing to tell.
    expect(receiver.received.map(({ json }) => json.tags.map(({ id }: { id: number }) => id))).toEqual([[1, 2], [2]]);
    for (const { headers, raw } of receiver.received) expect(verifyWebhook('s3cret', headers, raw)).toBe(true);
  });
  test('of a transcription when it is recognised, in the words of the seed', async () => {
    await using receiver = await startReceiver();
    await using telling = await startTelling(receiver.url);
    await telling.api('POST', '/calls/1/transcription');
    await telling.mock.deliveries();
    expect(receiver.received).toEqual([]);
    telling.mock.clock.advance('20s');
    await telling.mock.deliveries();
    expect(receiver.received[0]?.json).toEqual({
      call_id: 1,
      speech_state: 'speech_recognized',
      payload: [
        { text: 'Guten Tag, hier ist Grün.', start: 0.4, end: 2.1, start_sec: 0, channel: 'left' },
        { text: 'Müller und Söhne, guten Tag.', start: 2.6, end: 4, start_sec: 2, channel: 'right' },
      ],
    });
  });
  test('a transcription that fails says so', async () => {
    await using receiver = await startReceiver();
    const settings = { sipsim: { transcriptionOutcome: 'failed' as const, speechNamesEvent: true } };
    await using telling = await startTelling(receiver.url, { settings });
    await telling.api('POST', '/calls/1/transcription');
    telling.mock.clock.advance('20s');
    await telling.mock.deliveries();
    const { body } = await telling.api('GET', '/calls/1/transcription');
    expect(body.data).toEqual({ speech_state: 'speech_recognition_failed', payload: [] });
    expect(receiver.received[0]?.json).toMatchObject({ event: 'speech', speech_state: 'speech_recognition_failed' });
  });
});

describe('the end', () => {
  test('a reset forgets what was to come and what was sent', async () => {
    await using receiver = await startReceiver();
    await using telling = await startTelling(receiver.url);
    await telling.api('POST', '/calls', { caller_number: ADA, receiver_number: STRANGER });
    expect(await telling.mock.deliveries()).toHaveLength(1);
    await telling.mock.reset();
    telling.mock.clock.advance('1h');
    expect(await telling.mock.deliveries()).toEqual([]);
    expect(receiver.received).toHaveLength(1);
  });
  test('nothing is sent by a mock that is closed', async () => {
    await using receiver = await startReceiver();
    const telling = await startTelling(receiver.url);
    await telling.api('POST', '/calls', { caller_number: ADA, receiver_number: STRANGER });
    await telling.mock.deliveries();
    await telling.mock.close();
    telling.mock.clock.advance('1h');
    await new Promise((resolve) => setImmediate(resolve));
    expect(receiver.received).toHaveLength(1);
  });
});

describe('over HTTP', () => {
  const control = async (url: string, method: string, path: string, json?: unknown) => {
    const body = json === undefined ? {} : { body: JSON.stringify(json) };
    const answer = await fetch(`${url}/__admin${path}`, {
      ...{ method, headers: { 'content-type': 'application/json' } },
      ...body,
    });
    // biome-ignore lint/suspicious/noExplicitAny: what a test reads out of JSON
    return { status: answer.status, body: (await answer.json()) as any };
  };
  test('any event is sent by hand, with members of its own, and listed with the answer', async () => {
    await using receiver = await startReceiver(() => ({ status: 202 }));
    await using mock = await startMock();
    for (const event of [...EVENTS, 'test']) {
      const wish = { url: receiver.url, payload: { marked: event } };
      const { status, body } = await control(mock.url, 'POST', `/webhooks/${event}`, wish);
      expect([status, body.answer.status]).toEqual([200, 202]);
    }
    expect(receiver.received.map(({ json }) => json.marked)).toEqual([...EVENTS, 'test']);
    const { body } = await control(mock.url, 'GET', '/webhooks');
    expect(body.deliveries).toHaveLength(15);
    expect(body.deliveries[14]).toMatchObject({ event: 'test', answer: { status: 202, body: 'thanks' } });
    expect(body.deliveries[14].payload).toMatchObject({ event: 'test', pbx_id: 'test_000000' });
  });
  test('somebody calls', async () => {
    await using mock = await startMock();
    const { status, body } = await control(mock.url, 'POST', '/calls', { caller: '+4915112345678', outcome: 'MISSED' });
    expect(status).toBe(201);
    expect(body).toMatchObject({ caller_number: '+4915112345678', receiver_number: ADA, state: 'ringing' });
  });
  test.each([
    ['/webhooks/fax', { url: 'http://127.0.0.1:9' }, '"fax" is no event'],
    ['/webhooks/test', {}, 'no integration has a URL'],
    ['/webhooks/test', { url: 'here' }, '"url" must be'],
    ['/webhooks/test', { client: 'nobody' }, '"nobody"'],
    ['/webhooks/test', { paylod: {} }, '"paylod" is no member'],
    ['/calls', { outcome: 'FINE' }, '"outcome" must be'],
    ['/calls', { receiver: '+49000' }, '"receiver" must be'],
  ])('a mistake at %s is named: %o', async (path, json, why) => {
    await using mock = await startMock();
    const { status, body } = await control(mock.url, 'POST', path, json);
    expect(status).toBe(400);
    expect(body.error).toContain(why);
  });
});
