/** The seed becomes records of an empty store. */
import { parseDuration } from '../clock.ts';
import { InputError } from '../input-error.ts';
import type { CallRecord } from './call-life.ts';
import { addCall } from './calls.ts';
import { parseInstant } from './instants.ts';
import type { CallSeed, Owned, SipsimSeed, TagSeed } from './seed.ts';
import { orderedId, type SipsimState } from './state.ts';
import { addTag } from './tags.ts';
import { keyOf } from './webhooks.ts';

/** Disowns every token issued before. Throws an InputError for a time that is none. */
export async function seedSipsim(state: SipsimState, seed: SipsimSeed): Promise<void> {
  state.tokenSecret = state.lasting.bytes(32);
  const owner = seed.integrations[0]?.account.id ?? 0;
  for (const integration of seed.integrations) {
    await state.integrations.insert(integration.clientId, integration);
    for (const event of integration.webhooks ?? []) await state.webhooks.insert(keyOf(integration, event), { event });
  }
  for (const token of seed.accessTokens) {
    await state.staticTokens.insert(token.token, { ...token, issuedAt: state.clock.seconds() });
  }
  for (const { account = owner, ...phone } of seed.phones) {
    await state.phones.insert(`${orderedId(account)}/${orderedId(phone.id)}`, phone);
  }
  for (const tag of seed.tags) await addTag(state, tagRecord(tag, owner));
  for (const call of seed.calls) await addCall(state, callRecord(call, owner, state.clock.now()));
}

const tagRecord = ({ id, account, name, color = '#6B7280', description = null }: Owned<TagSeed>, owner: number) => ({
  ...{ id, account: account ?? owner, name, color, description },
});

function callRecord(seed: Owned<CallSeed>, owner: number, now: number): CallRecord {
  const { status = 'ANSWER', ring_seconds: ring = 5, duration = 60, transcript } = seed;
  const startedAt = Math.floor(startOf(seed, now) / 1000) * 1000;
  const ringEnds = startedAt + ring * 1000;
  const talked = status === 'ANSWER' || status === 'VOICEMAIL';
  return {
    id: seed.id,
    account: seed.account ?? owner,
    direction: seed.direction,
    callerNumber: seed.caller_number,
    receiverNumber: seed.receiver_number,
    employee: seed.employee_id ?? null,
    startedAt,
    answeredAt: talked ? ringEnds : null,
    endedAt: talked ? ringEnds + duration * 1000 : ringEnds,
    status: status === 'VOICEMAIL' ? 'MISSED' : status,
    voicemail: status === 'VOICEMAIL',
    tags: seed.tags ?? [],
    ...(transcript && { transcript }),
  };
}

function startOf({ id, start_time: text }: CallSeed, now: number): number {
  const ago = /^(.+) ago$/.exec(text)?.[1];
  const instant = ago === undefined ? parseInstant(text) : now - parseDuration(ago);
  if (typeof instant === 'number') return instant;
  throw new InputError(`seed.sipsim.calls: start_time of the call ${id} ${instant}`);
}
