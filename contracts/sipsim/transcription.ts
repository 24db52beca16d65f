/** SIPSIM API v2: a call's transcription is ordered, and is there after a while. */
import { checksOf } from '../check.ts';
import { expectEqual, expectStatus, expectThat } from '../expect.ts';
import { atFrozenTime } from '../frozen-time.ts';
import { ASSUMED, ask, dataOf, expectInvalid, expectNotFound, PAGES, someCall, startCall } from './resource.ts';

/** Checks of ordering and of reading. */
export const sipsimTranscriptionChecks = checksOf(
  {
    provider: 'sipsim',
    operation: 'sipsim.orderTranscription',
    evidence: 'documented',
    risk: 'mock-only',
    needs: ['sipsim.client', 'control'],
  },
  [
    {
      id: 'sipsim.TRN-01',
      title: 'A transcription is 404 before it is ordered, sent to recognition then, and recognised after a while',
      level: 'PARITY',
      clause: `${PAGES}; the while is the fake's setting`,
      run: (session) =>
        atFrozenTime(session, async () => {
          const { id } = dataOf(await startCall(session));
          await session.control('/clock', 'PUT', { advance: '65s' });
          const params = { callId: String(id) };
          expectNotFound(await ask(session, 'getTranscription', { params }));
          const ordered = await ask(session, 'orderTranscription', { params });
          expectStatus(ordered, 201);
          expectEqual(ordered, 'speech_state', dataOf(ordered).speech_state, 'speech_sent_to_recognition');
          const waiting = await ask(session, 'getTranscription', { params });
          expectEqual(waiting, 'speech_state', dataOf(waiting).speech_state, 'speech_sent_to_recognition');
          expectEqual(waiting, 'payload', dataOf(waiting).payload, []);
          await session.control('/clock', 'PUT', { advance: '1s' });
          const early = await ask(session, 'getTranscription', { params });
          expectEqual(early, 'speech_state', dataOf(early).speech_state, 'speech_sent_to_recognition');
          await session.control('/clock', 'PUT', { advance: '19s' });
          const read = await ask(session, 'getTranscription', { params });
          expectStatus(read, 200);
          const { speech_state: state, payload } = dataOf(read);
          expectEqual(read, 'speech_state', state, 'speech_recognized');
          const spoken = payload as { channel: unknown; start: number; end: number; text: string }[];
          expectThat(spoken.length > 0, read, 'expected something to have been said');
          for (const { channel, start, end, text } of spoken) {
            expectThat(channel === 0 || channel === 1, read, `expected channel 0 or 1, got ${channel}`);
            expectThat(start <= end && text !== '', read, 'expected words from start to end');
            expectThat(end <= 60, read, `expected words within the 60 seconds of talk, they end at ${end}`);
          }
        }),
    },
    {
      id: 'sipsim.TRN-02',
      title: 'A transcription that nobody ordered is 404',
      operation: 'sipsim.getTranscription',
      level: 'MUST',
      clause: 'RFC 9110 §15.5.5',
      evidence: 'assumed',
      run: async (session) => {
        const { id } = await someCall(session, ({ call_type: type }) => type === 'missed');
        for (const callId of [String(id), '999999999']) {
          expectNotFound(await ask(session, 'getTranscription', { params: { callId } }));
        }
      },
    },
    {
      id: 'sipsim.TRN-03',
      title: 'A missed call, or one that has not ended, has nothing to transcribe: 422',
      level: 'PARITY',
      clause: ASSUMED,
      evidence: 'assumed',
      run: async (session) => {
        const { id } = await someCall(session, ({ call_type: type }) => type === 'missed');
        const { id: running } = dataOf(await startCall(session));
        for (const callId of [id, running]) {
          expectInvalid(await ask(session, 'orderTranscription', { params: { callId: String(callId) } }), 'call');
        }
      },
    },
  ],
);
