/** The data that SIPSIM's half starts with. Obviously fake, and chosen to expose sloppy clients. */

import type { CallStatus, Utterance } from './call-life.ts';
import { demoCalls, demoPhones, demoTags } from './demo-data.ts';
import type { PhoneRecord } from './phones.ts';
import type { WebhookEvent } from './webhook-events.ts';

export interface SipsimSeed {
  integrations: IntegrationRecord[];
  accessTokens: StaticTokenRecord[];
  phones: Owned<PhoneRecord>[];
  calls: Owned<CallSeed>[];
  tags: Owned<TagSeed>[];
}

/** Of the first integration's account, unless another's id is named. */
export type Owned<T> = T & { account?: number };

export interface TagSeed {
  id: number;
  name: string;
  color?: string;
  description?: string | null;
}

/** A call that was. Its members as on the wire, where they are there. */
export interface CallSeed {
  id: number;
  direction: 'inbound' | 'outgoing';
  caller_number: string;
  receiver_number: string;
  employee_id?: number | null;
  /** ISO 8601, or how long before the start of the mock: "2h ago". */
  start_time: string;
  /** Default ANSWER; VOICEMAIL is MISSED with a message. */
  status?: CallStatus | 'VOICEMAIL';
  /** Default 5. */
  ring_seconds?: number;
  /** Seconds from answer to end, or of the message. Default 60. */
  duration?: number;
  /** Ids. */
  tags?: number[];
  /** What a transcription of it will have. */
  transcript?: Utterance[];
}

/** An integration is an OAuth client with an account. */
export interface IntegrationRecord {
  clientId: string;
  clientSecret: string;
  scopes: string[];
  /** False: may not use the client credentials grant (`unauthorized_client`). */
  clientCredentials: boolean;
  account: { id: number; company_name: string; email: string };
  /** Where its events go. */
  webhookUrl?: string;
  /** Signs them; the client secret if absent. */
  webhookSecret?: string;
  /** Events enabled from the start. */
  webhooks?: WebhookEvent[];
}

/** An access token known by its value. */
export interface StaticTokenRecord {
  token: string;
  client: string;
  scopes: string[];
  /** ISO 8601; never if absent. */
  expiresAt?: string;
}

const account = { id: 12345, company_name: 'Müller & Söhne GmbH', email: 'office@sidetone.example' };

/** Those of the authentication page. */
export const PAGE_SCOPES = [
  'account.read',
  'calls.read',
  'calls.write',
  'phones.read',
  'phones.write',
  'tags.read',
  'tags.write',
];

/** Those that the page and the guides together need. */
export const SIPSIM_SCOPES = [
  'account.read',
  'calls.read',
  'calls.write',
  'calls.create',
  'calls.tags.write',
  'calls.transcription.read',
  'calls.transcription.write',
  'calls.summary.read',
  'calls.summary.write',
  'phones.read',
  'phones.write',
  'settings.read',
  'settings.write',
  'tags.read',
  'tags.write',
  'webhooks.read',
  'webhooks.write',
];

export const defaultSipsimSeed: SipsimSeed = {
  integrations: [
    {
      clientId: 'sipsim-demo',
      // Plain, since the vendor's own curl example sends it without encoding.
      clientSecret: '3c9f1e7a5b2d4f6081a3c5e7092b4d6f',
      scopes: SIPSIM_SCOPES,
      clientCredentials: true,
      account,
      webhookSecret: 'whsec-5f1c9a7e3b2d4860',
    },
    {
      clientId: 'sipsim-account-only',
      clientSecret: '5e2f9c1d7a3b4e6f8d0c',
      scopes: ['account.read'],
      clientCredentials: true,
      account,
    },
    {
      clientId: 'sipsim-no-account',
      clientSecret: '0b7d4c2e9f1a4d6b8c3e',
      scopes: ['phones.read'],
      clientCredentials: true,
      account,
    },
    {
      clientId: 'sipsim-no-grant',
      clientSecret: '8a1c3e5f7b9d4f2a6c0e',
      scopes: ['account.read'],
      clientCredentials: false,
      account,
    },
  ],
  accessTokens: [],
  phones: demoPhones,
  calls: demoCalls,
  tags: demoTags,
};
