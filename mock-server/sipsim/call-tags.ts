/** /api/v2/calls/{callId}/tags/{tagId}: a call gets a tag, or loses it, and whoever wants to know is told. */
import type { Answer, Operation } from '../provider.ts';
import type { Agenda } from './agenda.ts';
import { type CallRecord, wireCall } from './call-life.ts';
import { callView, changeCall, inTurnOfCall } from './calls.ts';
import { success } from './envelope.ts';
import { noSuch } from './errors.ts';
import type { SipsimState } from './state.ts';
import { tagOf } from './tags.ts';
import { tagsHappening } from './webhook-events.ts';

export function createCallTagOperations(state: SipsimState, agenda: Agenda): Record<string, Operation> {
  const retag = async (call: CallRecord, tags: number[]): Promise<Answer> => {
    const view = await callView(state, call.account);
    const changed = { ...call, tags };
    if (tags !== call.tags) {
      await changeCall(state, changed);
      const living = tags.flatMap((id) => view.tags.get(id) ?? []);
      await agenda.add([tagsHappening(changed, living, view.now)]);
    }
    return success(state, wireCall(changed, view));
  };
  return {
    'sipsim.tagCall': (request) =>
      inTurnOfCall(state, request, async (call) => {
        const { id } = await tagOf(state, request);
        return retag(call, call.tags.includes(id) ? call.tags : [...call.tags, id]);
      }),
    'sipsim.untagCall': (request) =>
      inTurnOfCall(state, request, async (call) => {
        const { id } = await tagOf(state, request);
        if (!call.tags.includes(id)) throw noSuch('Tag of this call', String(id));
        return retag(
          call,
          call.tags.filter((tag) => tag !== id),
        );
      }),
  };
}
