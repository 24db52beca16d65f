/** SIPSIM API v2: which events an integration is told. What is sent is seen at the fake alone, by its control API. */
import { checksOf } from '../check.ts';
import type { Reply } from '../client.ts';
import { expectEqual, expectStatus, expectThat } from '../expect.ts';
import { atFrozenTime } from '../frozen-time.ts';
import { RequestRefused } from '../safety/permission.ts';
import type { Session } from '../session.ts';
import {
  activeNumber,
  ask,
  dataOf,
  expectInvalid,
  expectNotFound,
  itemsOf,
  PAGES,
  prepare,
  withTag,
} from './resource.ts';

const EVENTS = [
  ...['incoming_call_start', 'incoming_call_start_chain_member_call', 'incoming_call_end_chain_member_call'],
  ...['incoming_call_answer', 'incoming_call_end', 'outgoing_call_start', 'outgoing_call_answer', 'outgoing_call_end'],
  ...['voicemail', 'tags', 'speech', 'summary', 'sms', 'rating'],
];

const eventsOf = (reply: Reply) => itemsOf(reply).map(({ event }) => event);
const enabled = async (session: Session) => eventsOf(await prepare(session, 'getWebhooks', 200));

/** Lends an event that nobody has enabled: one that somebody has must go on. It is disabled again. */
async function withEvent(
  session: Session,
  use: (params: { event: string }, others: unknown[]) => Promise<void>,
): Promise<void> {
  const taken = await enabled(session);
  const event = EVENTS.findLast((candidate) => !taken.includes(candidate));
  if (event === undefined) throw new RequestRefused('every event is enabled: one would have to be switched off for it');
  try {
    await use({ event }, taken);
  } finally {
    // What cannot be disabled is tried again at the end of the run, and told.
    await ask(session, 'disableWebhook', { params: { event } }).catch(() => {});
  }
}

/** Enables an event and says where it goes. */
async function enabledUrl(session: Session, params: { event: string }, json?: { url: string }) {
  const reply = await prepare(session, 'enableWebhook', 200, { params, ...(json && { json }) });
  return { reply, url: itemsOf(reply).find(({ event }) => event === params.event)?.url };
}

const OWN_RECEIVER = '+4930123456780';

/** Starts a call, tags it and has it transcribed, and looks after each step what was told. */
async function proveTold(session: Session): Promise<void> {
  interface Told {
    id: string;
    event: string;
    url: string;
    payload: Record<string, unknown>;
  }
  const told = async () => {
    const { deliveries } = (await session.control('/webhooks', 'GET')).json();
    return deliveries as Told[];
  };
  const earlier = new Set((await told()).map(({ id }) => id));
  const [caller, receiver] = [await activeNumber(session), OWN_RECEIVER];
  const json = { caller_number: caller, receiver_number: receiver };
  const started = await prepare(session, 'startCall', 201, { json });
  const { id } = dataOf(started);
  // Calls of other checks may still be going on.
  const isOwn = (one: Told) =>
    !earlier.has(one.id) && (one.payload.receiver === receiver || one.payload.call_id === id);
  const news = async () => (await told()).filter(isOwn);
  const expectTold = async (events: string[]) => {
    const deliveries = await news();
    const eventsAndUrls = deliveries.map(({ event, url }) => [event, url]);
    const expected = events.map((event) => [event, `https://sidetone.example/${event}`]);
    expectEqual(started, 'what was told', eventsAndUrls, expected);
    return deliveries.at(-1)?.payload ?? {};
  };
  const call = ['outgoing_call_start', 'outgoing_call_answer', 'outgoing_call_end'];
  const start = await expectTold(call.slice(0, 1));
  expectEqual(started, 'the numbers', [start.caller, start.receiver], [caller, receiver]);
  await session.control('/clock', 'PUT', { advance: '5s' });
  await expectTold(call.slice(0, 2));
  await session.control('/clock', 'PUT', { advance: '60s' });
  const end = await expectTold(call);
  expectEqual(started, 'duration and status', [end.duration, end.status], [60, 'ANSWER']);
  expectThat(typeof end.audio_path === 'string', started, 'expected a path to the recording of a phone that records');
  await withTag(session, async (tag) => {
    const params = { callId: String(id), tagId: String(tag.id) };
    // Twice, for what changes nothing is not told.
    for (let times = 0; times < 2; times += 1) await prepare(session, 'tagCall', 200, { params });
    expectEqual(started, 'the tags', (await expectTold([...call, 'tags'])).tags, [tag]);
    await prepare(session, 'orderTranscription', 201, { params });
    await expectTold([...call, 'tags']);
    await session.control('/clock', 'PUT', { advance: '20s' });
    const speech = await expectTold([...call, 'tags', 'speech']);
    expectEqual(started, 'the call that was transcribed', speech.call_id, id);
  });
}

/** Checks of the settings. */
export const sipsimWebhookChecks = checksOf(
  {
    provider: 'sipsim',
    operation: 'sipsim.enableWebhook',
    evidence: 'documented',
    risk: 'write',
    needs: ['sipsim.client'],
  },
  [
    {
      id: 'sipsim.WHK-01',
      title: 'The 14 events of the guides can be enabled',
      operation: 'sipsim.getAvailableWebhooks',
      level: 'PARITY',
      clause: PAGES,
      risk: 'read',
      run: async (session) => {
        const reply = await ask(session, 'getAvailableWebhooks');
        expectStatus(reply, 200);
        expectEqual(reply, 'the events', eventsOf(reply).sort(), [...EVENTS].sort());
      },
    },
    {
      id: 'sipsim.WHK-02',
      title: 'Enabling is 200 with the full current setting, which GET has too, and twice is once',
      level: 'PARITY',
      clause: PAGES,
      run: (session) =>
        withEvent(session, async (params, others) => {
          for (let times = 0; times < 2; times += 1) {
            const reply = await ask(session, 'enableWebhook', { params });
            expectStatus(reply, 200);
            expectEqual(reply, 'the events', eventsOf(reply).sort(), [...others, params.event].sort());
          }
          const read = await ask(session, 'getWebhooks');
          expectThat(eventsOf(read).includes(params.event), read, `expected ${params.event} to be enabled`);
        }),
    },
    {
      id: 'sipsim.WHK-06',
      title: "An event has the URL that it was enabled with, the last one, or else the integration's own",
      level: 'PARITY',
      clause: 'not documented: as the fake has it',
      evidence: 'assumed',
      run: (session) =>
        withEvent(session, async (params) => {
          const plain = await enabledUrl(session, params);
          for (const url of ['http://127.0.0.1:9/events', 'https://sidetone.example/events']) {
            expectEqual(plain.reply, 'the URL', (await enabledUrl(session, params, { url })).url, url);
          }
          const again = await enabledUrl(session, params);
          expectEqual(again.reply, 'the URL', again.url, plain.url);
          const strange = await ask(session, 'enableWebhook', { params, json: { url: 'shttp://127.0.0.1/' } });
          expectInvalid(strange, 'url');
        }),
    },
    {
      id: 'sipsim.WHK-07',
      title:
        'Who has enabled the events of an outgoing call is told them, each when it happens; and the tags of a call',
      operation: 'sipsim.startCall',
      level: 'PARITY',
      clause: PAGES,
      risk: 'mock-only',
      needs: ['sipsim.client', 'control'],
      run: (session) =>
        atFrozenTime(session, async () => {
          const events = ['outgoing_call_start', 'outgoing_call_answer', 'outgoing_call_end', 'tags', 'speech'];
          const taken = await enabled(session);
          try {
            // A host that the fake may not call: that it would have is listed all the same.
            for (const event of events) {
              await enabledUrl(session, { event }, { url: `https://sidetone.example/${event}` });
            }
            await proveTold(session);
          } finally {
            for (const event of events.filter((name) => !taken.includes(name))) {
              await ask(session, 'disableWebhook', { params: { event } });
            }
          }
        }),
    },
    {
      id: 'sipsim.WHK-03',
      title: 'Disabling is 200 and takes that event alone; what is not enabled is 404',
      operation: 'sipsim.disableWebhook',
      level: 'PARITY',
      clause: 'not documented: by analogy with enabling',
      evidence: 'assumed',
      run: (session) =>
        withEvent(session, async (params) => {
          const before = eventsOf(await prepare(session, 'enableWebhook', 200, { params }));
          const reply = await ask(session, 'disableWebhook', { params });
          expectStatus(reply, 200);
          expectEqual(
            reply,
            'the events',
            eventsOf(reply),
            before.filter((event) => event !== params.event),
          );
          expectNotFound(await ask(session, 'disableWebhook', { params }));
        }),
    },
    {
      id: 'sipsim.WHK-04',
      title: 'An event that there is not is 404',
      level: 'MUST',
      clause: 'RFC 9110 §15.5.5',
      evidence: 'assumed',
      run: async (session) => expectNotFound(await ask(session, 'enableWebhook', { params: { event: 'fax' } })),
    },
    {
      id: 'sipsim.WHK-05',
      title: 'GET has the enabled events, and no other',
      operation: 'sipsim.getWebhooks',
      level: 'PARITY',
      clause: PAGES,
      run: (session) =>
        withEvent(session, async (params, others) => {
          for (const [name, events] of [
            ['enableWebhook', [...others, params.event]],
            ['disableWebhook', others],
          ] as const) {
            await prepare(session, name, 200, { params });
            const reply = await ask(session, 'getWebhooks');
            expectStatus(reply, 200);
            expectEqual(reply, 'the events', eventsOf(reply).sort(), [...events].sort());
          }
        }),
    },
  ],
);
