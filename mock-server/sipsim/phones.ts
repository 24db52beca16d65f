/** GET /api/v2/phones. Members as the vendor's guides have them. */
import type { Operation } from '../provider.ts';
import { integrationOf } from './account.ts';
import { success } from './envelope.ts';
import { invalid } from './errors.ts';
import { parameter } from './parameters.ts';
import { orderedId, type SipsimState } from './state.ts';

export const PHONE_STATUSES = ['not_activated', 'active', 'inactive'] as const;

export interface PhoneRecord {
  id: number;
  name: string;
  status: (typeof PHONE_STATUSES)[number];
  internal_number: number;
  /** E.164 */
  number: string;
  created_at: string;
  updated_at: string;
  group: { group_id: number | null; group_title: string | null };
  outbound_setting: {
    outbound_number: string | null;
    use_different_outbound_number: boolean;
    outbound_number_phone_id: number | null;
  };
  record_setting: { record_inbound_call: boolean; record_outbound_call: boolean };
  voicemail_setting: { allow_voicemail: boolean; voicemail_file_id: number | null };
  forwarding_setting: {
    forced: { enabled: boolean; forward_number: string | null };
    conditional: { enabled: boolean; timeout_seconds: number | null; forward_number: string | null };
  };
  audio_setting: {
    inbound_call_preroll_id: number | null;
    outbound_call_preroll_id: number | null;
    no_answer_file_id: number | null;
    wait_preroll_dial: boolean;
  };
}

export function createPhoneOperations(state: SipsimState): Record<string, Operation> {
  return {
    'sipsim.getPhones': async (request) => {
      const { account } = await integrationOf(state, request);
      const status = parameter(request, 'status');
      if (status !== undefined && !PHONE_STATUSES.some((known) => known === status)) {
        throw invalid('status', `must be one of ${PHONE_STATUSES.join(', ')}`);
      }
      const phones = await phonesOf(state, account.id);
      return success(
        state,
        phones.filter((phone) => status === undefined || phone.status === status),
      );
    },
  };
}

/** Every phone of an account, by id. */
export async function phonesOf({ phones }: Pick<SipsimState, 'phones'>, account: number): Promise<PhoneRecord[]> {
  const owner = orderedId(account);
  const found = await phones.range({ after: `${owner}/`, before: `${owner}0`, limit: Number.POSITIVE_INFINITY });
  return found.map(({ value }) => value);
}
