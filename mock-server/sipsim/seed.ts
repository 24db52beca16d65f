/** The data that SIPSIM's half starts with. Obviously fake, and chosen to expose sloppy clients. */

export interface SipsimSeed {
  integrations: IntegrationRecord[];
  accessTokens: StaticTokenRecord[];
}

/** An integration is an OAuth client with an account. */
export interface IntegrationRecord {
  clientId: string;
  clientSecret: string;
  scopes: string[];
  /** False: may not use the client credentials grant (`unauthorized_client`). */
  clientCredentials: boolean;
  account: { id: number; company_name: string; email: string };
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
};
