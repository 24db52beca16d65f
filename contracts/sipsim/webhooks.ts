/** SIPSIM API v2: which events an integration is told. What is sent is not seen by this suite, which is a client. */
import { checksOf } from '../check.ts';
import type { Reply } from '../client.ts';
import { expectEqual, expectStatus, expectThat } from '../expect.ts';
import { RequestRefused } from '../safety/permission.ts';
import type { Session } from '../session.ts';
import { ask, expectNotFound, itemsOf, PAGES, prepare } from './resource.ts';

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
