/** Phones, calls and tags of the default data. Numbers are of the ranges that are given to nobody (Bundesnetzagentur). */
import type { PhoneRecord } from './phones.ts';
import type { CallSeed, TagSeed } from './seed.ts';

function phone(id: number, name: string, status: PhoneRecord['status']): PhoneRecord {
  return {
    id,
    name,
    status,
    internal_number: 100 + id,
    number: `+4921112345${String(id).padStart(2, '0')}`,
    created_at: '2024-01-10T08:00:00Z',
    updated_at: '2024-01-12T16:30:00Z',
    group: id === 1 ? { group_id: 1, group_title: 'Büro' } : { group_id: null, group_title: null },
    outbound_setting: {
      outbound_number: null,
      use_different_outbound_number: false,
      outbound_number_phone_id: null,
    },
    record_setting: { record_inbound_call: id === 1, record_outbound_call: id === 1 },
    voicemail_setting: { allow_voicemail: true, voicemail_file_id: null },
    forwarding_setting: {
      forced: { enabled: false, forward_number: null },
      conditional: { enabled: false, timeout_seconds: null, forward_number: null },
    },
    audio_setting: {
      inbound_call_preroll_id: null,
      outbound_call_preroll_id: null,
      no_answer_file_id: null,
      wait_preroll_dial: false,
    },
  };
}

export const demoPhones: PhoneRecord[] = [
  phone(1, 'Ada', 'active'),
  phone(2, 'Bernd', 'active'),
  phone(3, 'Gerät im Keller', 'inactive'),
  phone(4, 'Neu', 'not_activated'),
];

const [ada, bernd, stranger, other] = ['+492111234501', '+492111234502', '+493023125001', '+494066969001'];

/** One of each kind, at a fixed time and of late. */
export const demoCalls: CallSeed[] = [
  {
    ...{ id: 1, direction: 'inbound', caller_number: stranger, receiver_number: ada, employee_id: 1 },
    ...{ start_time: '2024-01-15T09:00:00Z', tags: [1] },
    transcript: [
      { channel: 0, start: 0.4, end: 2.1, text: 'Guten Tag, hier ist Grün.' },
      { channel: 1, start: 2.6, end: 4, text: 'Müller und Söhne, guten Tag.' },
    ],
  },
  {
    ...{ id: 2, direction: 'outgoing', caller_number: ada, receiver_number: other, employee_id: 1 },
    ...{ start_time: '2024-01-15T10:00:00Z', duration: 125, tags: [1, 2] },
  },
  {
    ...{ id: 3, direction: 'inbound', caller_number: other, receiver_number: bernd, employee_id: 2 },
    ...{ start_time: '2024-01-15T11:00:00Z', status: 'MISSED', ring_seconds: 20 },
  },
  {
    ...{ id: 4, direction: 'inbound', caller_number: stranger, receiver_number: bernd, employee_id: 2 },
    ...{ start_time: '2024-01-15T12:00:00Z', status: 'VOICEMAIL', ring_seconds: 20, duration: 17 },
  },
  {
    ...{ id: 5, direction: 'outgoing', caller_number: bernd, receiver_number: stranger, employee_id: 2 },
    ...{ start_time: '26h ago', status: 'BUSY' },
  },
  {
    ...{ id: 6, direction: 'inbound', caller_number: other, receiver_number: ada, employee_id: 1 },
    ...{ start_time: '2h ago', duration: 300 },
  },
];

export const demoTags: TagSeed[] = [
  { id: 1, name: 'VIP', color: '#EF4444', description: 'Call back at once' },
  { id: 2, name: 'Beschwerde' },
];
