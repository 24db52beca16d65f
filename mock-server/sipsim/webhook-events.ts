/** What SIPSIM tells an integration's server, in the words of the vendor's guides. */
import { type CallRecord, talkSeconds, type Utterance, wireCallId } from './call-life.ts';
import { wireTime } from './envelope.ts';
import type { SipsimSettings } from './settings.ts';
import type { TagRecord } from './tags.ts';

/** Those that can be enabled, in the guide's order. `test` is beside them. */
export const WEBHOOK_EVENTS = [
  'incoming_call_start',
  'incoming_call_start_chain_member_call',
  'incoming_call_end_chain_member_call',
  'incoming_call_answer',
  'incoming_call_end',
  'outgoing_call_start',
  'outgoing_call_answer',
  'outgoing_call_end',
  'voicemail',
  'tags',
  'speech',
  'summary',
  'sms',
  'rating',
] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number] | 'test';

export type Payload = Record<string, unknown>;

/** Something that happens at a moment of the mock's time. */
export interface Happening {
  /** Milliseconds since the epoch. */
  at: number;
  /** Id of the account whose integrations are told. */
  account: number;
  event: WebhookEvent;
  payload: Payload;
}

/** Six digits, as in the guide's `test_000000`; what stands before them is assumed. */
export const pbxId = (account: number) => `pbx_${String(account).padStart(6, '0')}`;

interface Subject {
  account: number;
  caller: string;
  receiver: string;
}

function happening(event: WebhookEvent, at: number, { account, caller, receiver }: Subject, more: Payload = {}) {
  const payload = { event, caller, receiver, time: wireTime(at), pbx_id: pbxId(account), ...more };
  return { at, account, event, payload };
}

export interface CallTelling {
  /** Numbers of the phones that an incoming call rings at. */
  chain: string[];
  /** Whether calls are recorded, so that there is an audio path. */
  recorded: boolean;
}

/** All that will be told of a call, in the documented order. Nobody is told of an answer that is not given. */
export const callHappenings = (call: CallRecord, telling: CallTelling): Happening[] =>
  call.direction === 'outgoing' ? outgoingHappenings(call, telling) : incomingHappenings(call, telling);

function outgoingHappenings(call: CallRecord, { recorded }: CallTelling): Happening[] {
  const subject = subjectOf(call);
  return [
    happening('outgoing_call_start', call.startedAt, subject),
    ...(call.answeredAt === null ? [] : [happening('outgoing_call_answer', call.answeredAt, subject)]),
    happening('outgoing_call_end', call.endedAt, subject, endOf(call, recorded)),
  ];
}

function incomingHappenings(call: CallRecord, { chain, recorded }: CallTelling): Happening[] {
  const subject = subjectOf(call);
  const members = chain.map((receiver) => ({ ...subject, receiver }));
  const ringEnds = call.answeredAt ?? call.endedAt;
  const talked = call.answeredAt !== null && !call.voicemail;
  return [
    happening('incoming_call_start', call.startedAt, subject),
    ...members.map((member) => happening('incoming_call_start_chain_member_call', call.startedAt, member)),
    ...members.map((member) => happening('incoming_call_end_chain_member_call', ringEnds, member)),
    ...(talked ? [happening('incoming_call_answer', ringEnds, subject)] : []),
    happening('incoming_call_end', call.endedAt, subject, endOf(call, recorded && talked)),
    ...(call.voicemail ? [happening('voicemail', call.endedAt, subject, voicemailOf(call))] : []),
  ];
}

const subjectOf = ({ account, callerNumber, receiverNumber }: CallRecord): Subject => ({
  account,
  caller: callerNumber,
  receiver: receiverNumber,
});

const endOf = (call: CallRecord, recorded: boolean) => ({
  duration: call.voicemail ? 0 : talkSeconds(call),
  audio_path: recorded && call.answeredAt !== null ? `/recordings/${call.id}.mp3` : null,
  status: call.status,
});

const voicemailOf = (call: CallRecord) => ({ duration: talkSeconds(call), audio_path: `/voicemails/${call.id}.mp3` });

/** The full current list of a call's tags. */
export const tagsHappening = (call: CallRecord, tags: TagRecord[], at: number): Happening =>
  happening('tags', at, subjectOf(call), { tags: tags.map(({ account: _, ...tag }) => tag) });

/** What was said, once it is recognised. The guide lists no `event` member here (`sipsim.speechNamesEvent`). */
export function speechHappening(call: CallRecord, at: number, state: string, settings: SipsimSettings): Happening {
  const payload = {
    ...(settings.speechNamesEvent && { event: 'speech' }),
    call_id: wireCallId(call.id, settings),
    speech_state: state,
    payload: (call.transcription?.utterances ?? []).map(speechItem),
  };
  return { at, account: call.account, event: 'speech', payload };
}

const speechItem = ({ text, start, end, channel }: Utterance) => ({
  text,
  start,
  end,
  start_sec: Math.floor(start),
  channel: channel === 0 ? 'left' : 'right',
});
