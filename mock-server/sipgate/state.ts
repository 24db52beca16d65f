/** What sipgate's half remembers, by name and type. */
import type { Surroundings } from '../provider.ts';
import type { Collection } from '../store/store.ts';
import type { AuthenticationRecord } from './login/browser/authentications.ts';
import type { ConsentRecord } from './login/browser/consents.ts';
import type { LogoutRecord } from './login/browser/logout.ts';
import type { CodeRecord } from './login/codes.ts';
import type { ClientSessionRecord, SessionRecord } from './login/sessions.ts';
import type { AccountRecord, ClientRecord, PatRecord, SipgateSeed, StaticTokenRecord, UserRecord } from './seed.ts';
import type { SipgateSettings } from './settings.ts';

export interface SipgateState extends Surroundings {
  settings: SipgateSettings;
  /** Every scope that openapi.yaml declares, with its description. */
  declaredScopes: Record<string, string>;
  accounts: Collection<AccountRecord>;
  users: Collection<UserRecord>;
  personalAccessTokens: Collection<PatRecord>;
  clients: Collection<ClientRecord>;
  staticTokens: Collection<StaticTokenRecord>;
  /** By `jti`, kept until the token would have expired. */
  revokedTokens: Collection<{ jti: string }>;
  sessions: Collection<SessionRecord>;
  clientSessions: Collection<ClientSessionRecord>;
  /** By the code itself, for its life. */
  codes: Collection<CodeRecord>;
  /** Logins that are under way in a browser, by tab. */
  authentications: Collection<AuthenticationRecord>;
  consents: Collection<ConsentRecord>;
  logouts: Collection<LogoutRecord>;
  /** Changes with every reset: it marks the tokens' ids, so that a token signed before a reset is nobody's after it. */
  generation: string;
  /** Signs what only this server reads: refresh tokens and cookies. Changes with every reset. */
  ownSecret: Uint8Array;
}

export function createSipgateState(
  surroundings: Surroundings,
  settings: SipgateSettings,
  declaredScopes: Record<string, string>,
): SipgateState {
  const { store } = surroundings;
  return {
    ...surroundings,
    settings,
    declaredScopes,
    accounts: store.collection('sipgate.accounts'),
    users: store.collection('sipgate.users'),
    personalAccessTokens: store.collection('sipgate.personalAccessTokens'),
    clients: store.collection('sipgate.clients'),
    staticTokens: store.collection('sipgate.staticTokens'),
    revokedTokens: store.collection('sipgate.revokedTokens'),
    sessions: store.collection('sipgate.sessions'),
    clientSessions: store.collection('sipgate.clientSessions'),
    codes: store.collection('sipgate.codes'),
    authentications: store.collection('sipgate.authentications'),
    consents: store.collection('sipgate.consents'),
    logouts: store.collection('sipgate.logouts'),
    generation: '',
    ownSecret: new Uint8Array(),
  };
}

/** Fills an empty store. */
export async function seedSipgate(state: SipgateState, seed: SipgateSeed): Promise<void> {
  state.generation = state.lasting.uuid();
  state.ownSecret = state.lasting.bytes(64);
  await state.accounts.insert('own', seed.account);
  for (const user of seed.users) await state.users.insert(user.id, user);
  for (const pat of seed.personalAccessTokens) await state.personalAccessTokens.insert(pat.id, pat);
  for (const client of seed.clients) await state.clients.insert(client.clientId, client);
  for (const token of seed.accessTokens) await state.staticTokens.insert(token.token, token);
}

/** The one account that the fake's credentials belong to. */
export async function ownAccount(state: SipgateState): Promise<AccountRecord> {
  const account = await state.accounts.get('own');
  if (!account) throw new Error('the store holds no sipgate account; was it cleared without seeding?');
  return account;
}

/** Scopes that a client may have, `*` resolved. `internal` marks the vendor's own app: nobody else gets it by a star. */
export function allowedScopes(state: SipgateState, client: ClientRecord): string[] {
  const optional = client.optionalScopes.includes('*') ? everyScope(state) : client.optionalScopes;
  return [...new Set([...client.defaultScopes, ...optional])];
}

const everyScope = ({ declaredScopes }: SipgateState) => [
  ...Object.keys(declaredScopes).filter((scope) => scope !== 'internal'),
  'offline_access',
];
