/** Clients, users and scopes that both servers have. */
import type { SeedInput } from '../../../mock-server/index.ts';

type SipgateSeed = NonNullable<SeedInput['sipgate']>;
export type Client = NonNullable<SipgateSeed['clients']>[number];
export type User = NonNullable<SipgateSeed['users']>[number];

export const REALMS = ['third-party', 'sipgate-apps'];

/** Of both, with what the consent page says of them: the words of the fake's document. */
export const SCOPES = {
  'account:read': 'Access account details',
  'balance:read': 'Access account balance',
  'users:read': 'Access users',
  all: 'All',
};

/** Registered with every client that does not say otherwise. */
export const CALLBACK = 'http://localhost:3000/cb';
/** Under a wildcard. */
export const ELSEWHERE = 'http://localhost:4000/x';
export const WEB_ORIGIN = 'http://localhost:4200';

const client = (name: string, more: Partial<Client> = {}): Client => ({
  clientId: `2556404-0-${name}:third-party`,
  clientSecret: `secret of ${name}`,
  realm: 'third-party',
  account: '2556404',
  enabled: true,
  name,
  description: '',
  redirectUris: [CALLBACK, 'http://localhost:4000/*'],
  webOrigins: [WEB_ORIGIN],
  privacyUrl: '',
  termsUrl: '',
  serviceAccount: true,
  directAccessGrants: true,
  standardFlow: true,
  consentRequired: false,
  defaultScopes: [],
  optionalScopes: ['account:read', 'balance:read', 'offline_access'],
  ...more,
});

const { clientSecret: _, ...withoutSecret } = client('public', { serviceAccount: false });

/** In Keycloak a client may only introspect tokens that name it in `aud`, which a mapper of this client's sees to. */
export const OWN_AUDIENCE = '2556404-0-introspecting:third-party';

export const CLIENTS = {
  /** All grants, no consent. */
  shop: client('shop'),
  other: client('other'),
  consenting: client('consenting', {
    consentRequired: true,
    optionalScopes: ['account:read', 'balance:read', 'users:read', 'offline_access'],
  }),
  /** One redirect URI, so none has to be sent. */
  single: client('single', { redirectUris: [CALLBACK] }),
  noFlow: client('no-flow', { standardFlow: false }),
  codeOnly: client('code-only', { serviceAccount: false, directAccessGrants: false }),
  disabled: client('disabled', { enabled: false }),
  defaults: client('defaults', { defaultScopes: ['users:read'], optionalScopes: ['account:read'] }),
  anyOrigin: client('any-origin', { webOrigins: ['*'] }),
  ownOrigins: client('own-origins', { webOrigins: ['+'] }),
  noOrigin: client('no-origin', { webOrigins: [] }),
  special: client('special', { clientSecret: 'a+b%41:d' }),
  introspecting: client('introspecting'),
  removable: client('removable'),
  public: withoutSecret as Client,
  app: {
    ...(withoutSecret as Client),
    clientId: 'sipgate-app-web',
    realm: 'sipgate-apps',
    defaultScopes: ['all'],
    optionalScopes: ['account:read', 'offline_access'],
  },
} satisfies Record<string, Client>;

const user = (id: number, name: string, enabled = true): User => ({
  id: `w${id}`,
  subject: `f:0e9c2a4e-6a3f-4a0b-9d4c-2d6f8c1b7a55:${id}`,
  firstname: name,
  lastname: 'L',
  email: `${name.toLowerCase()}@parity.example`,
  password: `pw of ${name}`,
  admin: id === 0,
  enabled,
  defaultDevice: 'e0',
  busyOnBusy: false,
  addressId: '1',
  directDialIds: [],
  timezone: 'Europe/Berlin',
});

export const USERS = { alice: user(0, 'Alice'), erik: user(1, 'Erik'), dora: user(2, 'Dora', false) };

/** Lets the fake's administrator in, at sipgate's REST API. */
export const ADMINISTRATOR = {
  id: 'token-PAR1TY',
  token: '5f9c2a4e-6a3f-4a0b-9d4c-2d6f8c1b7a55',
  user: 'w0',
  scopes: ['all'],
};
