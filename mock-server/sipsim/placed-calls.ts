/** Calls that begin while the mock runs: click to call, and incoming ones that a test makes. */

import { forbidden } from '../errors.ts';
import { InputError } from '../input-error.ts';
import type { IncomingCallWish, Operation } from '../provider.ts';
import { integrationOf } from './account.ts';
import type { Agenda } from './agenda.ts';
import { type CallRecord, wireCall } from './call-life.ts';
import { addCall, callView } from './calls.ts';
import { success } from './envelope.ts';
import { invalid } from './errors.ts';
import { bodyMembers, requiredText } from './parameters.ts';
import { type PhoneRecord, phonesOf } from './phones.ts';
import type { SipsimState } from './state.ts';
import { callHappenings } from './webhook-events.ts';

const E164 = /^\+[1-9]\d{1,14}$/;

export function createPlacedCallOperations(state: SipsimState, agenda: Agenda): Record<string, Operation> {
  return {
    'sipsim.startCall': async (request) => {
      const { startCallScope } = state.settings;
      const scopes = request.principal?.scopes ?? [];
      // openapi.yaml lets either in; whoever knows better narrows it.
      if (startCallScope !== 'either' && !scopes.includes(startCallScope)) {
        throw forbidden(`needs ${startCallScope} (setting sipsim.startCallScope)`, [startCallScope]);
      }
      const { account } = await integrationOf(state, request);
      const members = bodyMembers(request);
      const caller = requiredText(request, members, 'caller_number');
      const receiverNumber = requiredText(request, members, 'receiver_number');
      const phone = (await phonesOf(state, account.id)).find((candidate) => answersTo(candidate, caller));
      if (!phone) throw invalid('caller_number', "is the number of none of the account's phones");
      if (phone.status !== 'active') throw invalid('caller_number', `is the number of a phone that is ${phone.status}`);
      if (!E164.test(receiverNumber)) throw invalid('receiver_number', 'must be E.164, such as +4930123456789');
      const call = await placeCall(state, { account: account.id, phone, receiverNumber });
      const telling = { chain: [], recorded: phone.record_setting.record_outbound_call };
      await agenda.add(callHappenings(call, telling));
      return success(state, wireCall(call, await callView(state, account.id)), { status: 201 });
    },
  };
}

const answersTo = ({ number, internal_number }: PhoneRecord, text: string) =>
  number === text || String(internal_number) === text;

interface Placing {
  account: number;
  phone: PhoneRecord;
  receiverNumber: string;
}

function placeCall(state: SipsimState, { account, phone, receiverNumber }: Placing): Promise<CallRecord> {
  const { ringSeconds, callSeconds, callOutcome } = state.settings;
  const answered = callOutcome === 'ANSWER';
  return addCall(state, {
    ...timesOf(state, { ring: ringSeconds, talk: answered ? callSeconds : undefined }),
    account,
    direction: 'outgoing',
    callerNumber: phone.outbound_setting.outbound_number ?? phone.number,
    receiverNumber,
    employee: phone.id,
    status: callOutcome,
    voicemail: false,
    tags: [],
  });
}

/** From the whole second that it is; `talk` is undefined where nobody answers. */
function timesOf({ clock }: SipsimState, { ring, talk }: { ring: number; talk: number | undefined }) {
  const startedAt = clock.seconds() * 1000;
  const ringEnds = startedAt + ring * 1000;
  return talk === undefined
    ? { startedAt, answeredAt: null, endedAt: ringEnds }
    : { startedAt, answeredAt: ringEnds, endedAt: ringEnds + talk * 1000 };
}

/** Makes somebody call the account. Throws an InputError for a wish that cannot be. */
export async function receiveCall(state: SipsimState, agenda: Agenda, wish: IncomingCallWish) {
  const [first] = await state.integrations.all();
  const account = wish.account ?? first?.account.id ?? 0;
  const phones = await phonesOf(state, account);
  const active = phones.filter(({ status }) => status === 'active');
  const phone = wish.receiver === undefined ? active[0] : phones.find((one) => answersTo(one, wish.receiver ?? ''));
  if (!phone) throw new InputError(`"receiver" must be the number of a phone of account ${account}`);
  const { outcome = 'ANSWER', ringSeconds = state.settings.ringSeconds } = wish;
  const talk =
    outcome === 'ANSWER' || outcome === 'VOICEMAIL' ? (wish.talkSeconds ?? state.settings.callSeconds) : undefined;
  const call = await addCall(state, {
    ...timesOf(state, { ring: ringSeconds, talk }),
    account,
    direction: 'inbound',
    callerNumber: wish.caller ?? '+4930123456789',
    receiverNumber: phone.number,
    employee: phone.id,
    status: outcome === 'VOICEMAIL' ? 'MISSED' : outcome,
    voicemail: outcome === 'VOICEMAIL',
    tags: [],
  });
  const recorded = phone.record_setting.record_inbound_call;
  await agenda.add(callHappenings(call, { chain: wish.chain ?? [phone.number], recorded }));
  return wireCall(call, await callView(state, account));
}
