/** The data that sipgate's half starts with. Obviously fake, and chosen to expose sloppy clients. */

export interface SipgateSeed {
  account: AccountRecord;
  users: UserRecord[];
  personalAccessTokens: PatRecord[];
  clients: ClientRecord[];
  accessTokens: StaticTokenRecord[];
}

export interface AccountRecord {
  /** Customer number; `masterSipId` in userinfo and the first part of client ids. */
  id: string;
  company: string;
  mainProductType: string;
  logoUrl: string;
  verified: boolean;
  historyLifeTime: string;
  domain: string;
  locale: string;
  /** `amount` in 1/10000 of the currency. */
  balance: { amount: number; currency: string };
}

export interface UserRecord {
  /** Like `w0`. */
  id: string;
  /** `sub` of the user's tokens. */
  subject: string;
  firstname: string;
  lastname: string;
  email: string;
  password: string;
  admin: boolean;
  enabled: boolean;
  defaultDevice: string;
  busyOnBusy: boolean;
  addressId: string;
  directDialIds: string[];
  timezone: string;
}

export interface PatRecord {
  /** Like `token-FQ1V12`. */
  id: string;
  token: string;
  user: string;
  scopes: string[];
}

export interface ClientRecord {
  clientId: string;
  /** Absent for a public client. */
  clientSecret?: string;
  realm: string;
  /** Customer number of the owner; absent for a client of the vendor's own, which no account lists. */
  account?: string;
  enabled: boolean;
  name: string;
  description: string;
  redirectUris: string[];
  webOrigins: string[];
  privacyUrl: string;
  termsUrl: string;
  /** May use the client credentials grant. */
  serviceAccount: boolean;
  /** May use the password grant. */
  directAccessGrants: boolean;
  /** May use the authorization code grant; so it is where this is absent. */
  standardFlow?: boolean;
  /** Whether users are asked before the client gets a scope; not where this is absent. */
  consentRequired?: boolean;
  /** In every token of the client. */
  defaultScopes: string[];
  /** In a token that asks for them. `*` stands for every declared scope. */
  optionalScopes: string[];
}

/** An access token known by its value: opaque, for programs whose token cannot be got at run time. */
export interface StaticTokenRecord {
  token: string;
  client: string;
  user?: string;
  scopes: string[];
  /** ISO 8601; never if absent. */
  expiresAt?: string;
}

export const REALMS = ['third-party', 'sipgate-apps'] as const;

const ACCOUNT = '2556404';
const subject = (number: string) => `f:0e9c2a4e-6a3f-4a0b-9d4c-2d6f8c1b7a55:${number}`;

export const defaultSipgateSeed: SipgateSeed = {
  account: {
    id: ACCOUNT,
    company: 'Müller & Söhne GmbH',
    mainProductType: 'TEAM',
    logoUrl: '',
    verified: true,
    historyLifeTime: 'UNLIMITED',
    domain: 'sipgate.de',
    locale: 'de_DE',
    balance: { amount: 123456, currency: 'EUR' },
  },
  users: [
    {
      id: 'w0',
      subject: subject(ACCOUNT),
      firstname: 'Ada',
      lastname: 'Müller',
      email: 'ada@sidetone.example',
      password: 'correct horse:battery',
      admin: true,
      enabled: true,
      defaultDevice: 'e0',
      busyOnBusy: false,
      addressId: '13',
      directDialIds: ['101'],
      timezone: 'Europe/Berlin',
    },
    {
      id: 'w1',
      subject: subject('2556405'),
      firstname: 'Grace',
      lastname: 'Öztürk',
      email: 'grace@sidetone.example',
      password: 'p%C3%A4ss+wörd',
      admin: false,
      enabled: true,
      defaultDevice: 'e1',
      busyOnBusy: true,
      addressId: '13',
      directDialIds: ['102', '103'],
      timezone: 'Europe/Berlin',
    },
  ],
  personalAccessTokens: [
    // The vendor's own published sample pair.
    { id: 'token-FQ1V12', token: 'e68ead46-a7db-46cd-8a1a-44aed1e4e372', user: 'w0', scopes: ['all'] },
    { id: 'token-ACCRD1', token: '9d2f0c0e-55a1-4a43-8d5c-9b0c6a3d7b21', user: 'w0', scopes: ['account:read'] },
    { id: 'token-N0SC0P', token: '41b8b4a1-6f0e-4f0b-a7c3-0f3d5f7a9e13', user: 'w1', scopes: ['voicemails:read'] },
  ],
  clients: [
    {
      clientId: `${ACCOUNT}-0-dc848ae6-085c-11e8-92a6-31b99c83912e:third-party`,
      clientSecret: 's1p:g4te+100%/geheim',
      realm: 'third-party',
      account: ACCOUNT,
      enabled: true,
      name: 'Sidetone demo',
      description: 'Confidential client with a service account and every scope',
      redirectUris: ['http://localhost:*', 'http://127.0.0.1:*'],
      webOrigins: ['http://localhost:*', 'http://127.0.0.1:*'],
      privacyUrl: 'https://sidetone.example/privacy',
      termsUrl: 'https://sidetone.example/terms',
      serviceAccount: true,
      directAccessGrants: false,
      consentRequired: true,
      defaultScopes: [],
      optionalScopes: ['*'],
    },
    {
      clientId: 'sipgate-app-web',
      realm: 'sipgate-apps',
      enabled: true,
      name: 'sipgate app',
      description: "The vendor's own public client, which its guide uses for the password grant",
      redirectUris: ['https://app.sipgate.com/*', 'http://localhost:*'],
      webOrigins: ['https://app.sipgate.com', 'http://localhost:*', 'http://127.0.0.1:*'],
      privacyUrl: '',
      termsUrl: '',
      serviceAccount: false,
      directAccessGrants: true,
      defaultScopes: ['all'],
      optionalScopes: ['*'],
    },
    {
      clientId: '9999999-0-5f0c9a52-1f5f-4b58-8b5e-7d3d0a0f2c41:third-party',
      clientSecret: '2c0e4f0a-8d9a-4d0c-b0b5-7f9b6d3e5a66',
      realm: 'third-party',
      account: '9999999',
      enabled: true,
      name: 'Somebody else',
      description: "Another account's client: this account may neither see nor change it",
      redirectUris: ['https://else.example/*'],
      webOrigins: ['https://else.example'],
      privacyUrl: '',
      termsUrl: '',
      serviceAccount: false,
      directAccessGrants: false,
      defaultScopes: [],
      optionalScopes: [],
    },
  ],
  accessTokens: [],
};
