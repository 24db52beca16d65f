/** The data that the fake starts with, of both providers. */
import { InputError } from './input-error.ts';
import { defaultSipgateSeed, type SipgateSeed } from './sipgate/seed.ts';
import { defaultSipsimSeed, type SipsimSeed } from './sipsim/seed.ts';
import { deepFreeze } from './store/frozen.ts';

export interface Seed {
  sipgate: SipgateSeed;
  sipsim: SipsimSeed;
}

/** What a seed file or `startMock({ seed })` says: all of it, or what differs from the default. */
export interface SeedInput {
  /** `none`: this seed is all there is. `default`: it replaces members of the default data, list items by their id. */
  extends?: 'default' | 'none';
  sipgate?: Partial<Omit<SipgateSeed, 'account'>> & { account?: Partial<SipgateSeed['account']> };
  sipsim?: Partial<SipsimSeed>;
}

export const defaultSeed = (): Seed => structuredClone({ sipgate: defaultSipgateSeed, sipsim: defaultSipsimSeed });

/** Frozen: every namespace begins with it. Throws an InputError for a credential that belongs to nobody. */
export function resolveSeed(input: SeedInput = {}): Seed {
  const seed = mergeSeed(structuredClone(input));
  checkReferences(seed);
  return deepFreeze(seed);
}

function checkReferences({ sipgate, sipsim }: Seed): void {
  const known = (ids: string[], id: string, member: string, what: string) => {
    if (!ids.includes(id)) throw new InputError(`seed.${member}: there is no ${what} "${id}"`);
  };
  const users = sipgate.users.map(({ id }) => id);
  const clients = sipgate.clients.map(({ clientId }) => clientId);
  const integrations = sipsim.integrations.map(({ clientId }) => clientId);
  for (const { id, user } of sipgate.personalAccessTokens)
    known(users, user, `sipgate.personalAccessTokens "${id}"`, 'user');
  for (const [index, { client, user = users[0] ?? '' }] of sipgate.accessTokens.entries()) {
    known(clients, client, `sipgate.accessTokens[${index}].client`, 'client');
    known(users, user, `sipgate.accessTokens[${index}].user`, 'user');
  }
  for (const [index, { client }] of sipsim.accessTokens.entries()) {
    known(integrations, client, `sipsim.accessTokens[${index}].client`, 'integration');
  }
}

function mergeSeed(input: SeedInput): Seed {
  const base = defaultSeed();
  const { sipgate = {}, sipsim = {} } = input;
  const lists = input.extends === 'none' ? emptySeed() : base;
  return {
    sipgate: {
      account: { ...base.sipgate.account, ...sipgate.account },
      users: merge(lists.sipgate.users, sipgate.users, 'id'),
      personalAccessTokens: merge(lists.sipgate.personalAccessTokens, sipgate.personalAccessTokens, 'id'),
      clients: merge(lists.sipgate.clients, sipgate.clients, 'clientId'),
      accessTokens: merge(lists.sipgate.accessTokens, sipgate.accessTokens, 'token'),
    },
    sipsim: {
      integrations: merge(lists.sipsim.integrations, sipsim.integrations, 'clientId'),
      accessTokens: merge(lists.sipsim.accessTokens, sipsim.accessTokens, 'token'),
      phones: merge(lists.sipsim.phones, sipsim.phones, 'id'),
      calls: merge(lists.sipsim.calls, sipsim.calls, 'id'),
      tags: merge(lists.sipsim.tags, sipsim.tags, 'id'),
    },
  };
}

const emptySeed = () => ({
  sipgate: { users: [], personalAccessTokens: [], clients: [], accessTokens: [] },
  sipsim: { integrations: [], accessTokens: [], phones: [], calls: [], tags: [] },
});

/** The further items first, so that they are the ones that are shown and used by default; then what they do not replace. */
function merge<T extends object>(base: T[], further: T[] | undefined, key: keyof T): T[] {
  const byKey = new Map((further ?? []).map((item) => [item[key], item]));
  return [...byKey.values(), ...base.filter((item) => !byKey.has(item[key]))];
}
