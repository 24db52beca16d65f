/** The data that the fake starts with, of both providers. */
import { defaultSipgateSeed, type SipgateSeed } from './sipgate/seed.ts';
import { defaultSipsimSeed, type SipsimSeed } from './sipsim/seed.ts';

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

export function resolveSeed(input: SeedInput = {}): Seed {
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
    },
  };
}

const emptySeed = () => ({
  sipgate: { users: [], personalAccessTokens: [], clients: [], accessTokens: [] },
  sipsim: { integrations: [], accessTokens: [] },
});

/** Items of the same key replace those before; the others follow. */
function merge<T extends object>(base: T[], further: T[] | undefined, key: keyof T): T[] {
  const byKey = new Map(base.map((item) => [item[key], item]));
  for (const item of further ?? []) byKey.set(item[key], item);
  return [...byKey.values()];
}
