/** What a call is at a moment: nothing runs, everything follows from when it began, was answered and ended. */
import { wireTime } from './envelope.ts';
import type { SipsimSettings } from './settings.ts';
import type { TagRecord } from './tags.ts';

export const CALL_TYPES = ['inbound', 'outgoing', 'missed', 'voicemail'] as const;
export type CallType = (typeof CALL_TYPES)[number];

/** As in the webhooks. An outgoing call is never MISSED. */
export type CallStatus = 'ANSWER' | 'MISSED' | 'BUSY' | 'NOANSWER';

export interface CallRecord {
  id: number;
  /** Id of the account. */
  account: number;
  direction: 'inbound' | 'outgoing';
  callerNumber: string;
  receiverNumber: string;
  /** Id of the phone. */
  employee: number | null;
  /** Milliseconds since the epoch; whole seconds, so that filters are exact at what is shown. */
  startedAt: number;
  /** Null if nobody ever answers. */
  answeredAt: number | null;
  endedAt: number;
  /** What it comes to when it has ended. */
  status: CallStatus;
  /** The caller, unanswered, speaks to the machine from `answeredAt` to `endedAt`. */
  voicemail: boolean;
  /** Ids, in the order in which they were given; those of deleted tags stay and mean nothing. */
  tags: number[];
  transcription?: TranscriptionRecord;
  /** What was said, where the seed has it. */
  transcript?: Utterance[];
}

export interface TranscriptionRecord {
  /** When it is recognised, in milliseconds since the epoch. */
  readyAt: number;
  failed: boolean;
  utterances: Utterance[];
}

export interface Utterance {
  /** 0 is the caller. */
  channel: 0 | 1;
  /** Seconds from the beginning of the talk. */
  start: number;
  end: number;
  text: string;
}

export function callState({ answeredAt, endedAt }: CallRecord, now: number): 'ringing' | 'answered' | 'ended' {
  if (now >= endedAt) return 'ended';
  return answeredAt !== null && now >= answeredAt ? 'answered' : 'ringing';
}

export function callType(call: CallRecord, now: number): CallType {
  if (call.direction === 'outgoing') return 'outgoing';
  if (callState(call, now) !== 'ended' || call.status === 'ANSWER') return 'inbound';
  return call.voicemail ? 'voicemail' : 'missed';
}

/** Seconds from answer to end. */
export const talkSeconds = ({ answeredAt, endedAt }: CallRecord): number =>
  answeredAt === null ? 0 : Math.round((endedAt - answeredAt) / 1000);

export interface CallView {
  now: number;
  settings: SipsimSettings;
  /** Living tags of the account, by id. */
  tags: Map<number, TagRecord>;
}

/** A call on the wire. Attested are the first four members alone. */
export function wireCall(call: CallRecord, { now, settings, tags }: CallView) {
  const state = callState(call, now);
  const ended = state === 'ended';
  return {
    id: wireCallId(call.id, settings),
    direction: call.direction === 'outgoing' ? settings.outgoingDirection : 'inbound',
    caller_number: call.callerNumber,
    receiver_number: call.receiverNumber,
    call_type: callType(call, now),
    state,
    status: ended ? call.status : null,
    employee_id: call.employee,
    start_time: wireTime(call.startedAt),
    answer_time: call.answeredAt !== null && state !== 'ringing' ? wireTime(call.answeredAt) : null,
    end_time: ended ? wireTime(call.endedAt) : null,
    duration: ended ? talkSeconds(call) : null,
    tags: call.tags.flatMap((id) => tags.get(id) ?? []).map(({ account: _, ...tag }) => tag),
  };
}

export const wireCallId = (id: number, { callIds }: SipsimSettings) => (callIds === 'number' ? id : `call_${id}`);
