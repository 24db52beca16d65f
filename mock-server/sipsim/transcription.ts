/** /api/v2/calls/{callId}/transcription: ordered, recognised after a while of the mock's time, read. */
import type { Operation } from '../provider.ts';
import type { Agenda } from './agenda.ts';
import { type CallRecord, callState, type TranscriptionRecord, talkSeconds, type Utterance } from './call-life.ts';
import { callOf, changeCall, inTurnOfCall } from './calls.ts';
import { success } from './envelope.ts';
import { invalid, noSuch } from './errors.ts';
import type { SipsimSettings } from './settings.ts';
import type { SipsimState } from './state.ts';
import { speechHappening } from './webhook-events.ts';

export function createTranscriptionOperations(state: SipsimState, agenda: Agenda): Record<string, Operation> {
  const { clock, settings } = state;
  return {
    'sipsim.orderTranscription': (request) =>
      inTurnOfCall(state, request, async (call) => {
        const ordered = call.transcription ? call : await order(state, call);
        const { transcription } = ordered;
        if (!transcription) throw new Error(`call ${call.id} has no transcription although it was ordered`);
        if (ordered !== call) {
          const at = transcription.readyAt;
          await agenda.add([speechHappening(ordered, at, finalState(transcription, settings), settings)]);
        }
        return success(state, wireTranscription(transcription, clock.now(), settings), { status: 201 });
      }),
    'sipsim.getTranscription': async (request) => {
      const { transcription } = await callOf(state, request);
      if (!transcription) throw noSuch('Transcription', request.params.callId ?? '');
      return success(state, wireTranscription(transcription, clock.now(), settings));
    },
  };
}

async function order(state: SipsimState, call: CallRecord): Promise<CallRecord> {
  const now = state.clock.now();
  if (callState(call, now) !== 'ended' || call.answeredAt === null) {
    throw invalid('call', 'has nothing to transcribe: it was not answered, or has not ended');
  }
  const failed = state.settings.transcriptionOutcome === 'failed';
  const readyAt = now + state.settings.transcriptionSeconds * 1000;
  const utterances = failed ? [] : (call.transcript ?? spokenIn(call));
  const ordered = { ...call, transcription: { readyAt, failed, utterances } };
  await changeCall(state, ordered);
  return ordered;
}

/** Where the seed has no words: who is who. */
function spokenIn(call: CallRecord): Utterance[] {
  const half = talkSeconds(call) / 2;
  return [
    { channel: 0, start: 0, end: half, text: `This is ${call.callerNumber}.` },
    { channel: 1, start: half, end: half * 2, text: `And this is ${call.receiverNumber}.` },
  ];
}

const finalState = ({ failed }: TranscriptionRecord, settings: SipsimSettings) =>
  failed ? 'speech_recognition_failed' : settings.transcriptionFinalState;

function wireTranscription(transcription: TranscriptionRecord, now: number, settings: SipsimSettings) {
  if (now < transcription.readyAt) return { speech_state: 'speech_sent_to_recognition', payload: [] };
  const side = (channel: 0 | 1) => (channel === 0 ? 'left' : 'right');
  return {
    speech_state: finalState(transcription, settings),
    payload: transcription.utterances.map(({ channel, ...spoken }) => ({
      channel: settings.transcriptionChannel === 'number' ? channel : side(channel),
      ...spoken,
    })),
  };
}
