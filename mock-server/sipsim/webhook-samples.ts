/** Events that are sent by hand: what a payload holds where the sender says nothing. */
import { wireTime } from './envelope.ts';
import { type Payload, pbxId, type WebhookEvent } from './webhook-events.ts';

export interface SampleContext {
  account: number;
  /** A number of the account. */
  number: string;
  /** Milliseconds since the epoch. */
  now: number;
}

const STRANGER = '+4930123456789';

/** A payload with every documented member, in the guides' order. */
export function samplePayload(event: WebhookEvent, context: SampleContext): Payload {
  const time = wireTime(context.now);
  const outgoing = event.startsWith('outgoing');
  const [caller, receiver] = outgoing ? [context.number, STRANGER] : [STRANGER, context.number];
  const common = { event, caller, receiver, time, pbx_id: pbxId(context.account) };
  switch (event) {
    case 'incoming_call_end':
    case 'outgoing_call_end':
      return { ...common, duration: 42, audio_path: null, status: 'ANSWER' };
    case 'voicemail':
      return { ...common, duration: 12, audio_path: '/voicemails/1.mp3' };
    case 'tags':
      return { ...common, tags: [] };
    case 'sms':
      return { event, caller, receiver, message: 'Hello', time, direction: 'inbound' };
    case 'speech':
      return { call_id: 1, speech_state: 'speech_recognized', payload: [] };
    case 'summary':
      return { id: 1, summary: 'A talk', call_id: 1 };
    case 'rating':
      return { event, call_id: 1, overall_score: 80, criteria_scores: [], highlights: [], improvements: [] };
    case 'test':
      return { event, message: 'Test', timestamp: time, pbx_id: 'test_000000' };
    default:
      return common;
  }
}
