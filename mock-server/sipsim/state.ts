/** What SIPSIM's half remembers, by name and type. */
import type { Surroundings } from '../provider.ts';
import type { Collection } from '../store/store.ts';
import type { CallRecord } from './call-life.ts';
import type { PhoneRecord } from './phones.ts';
import type { IntegrationRecord, StaticTokenRecord } from './seed.ts';
import type { SipsimSettings } from './settings.ts';
import type { TagRecord } from './tags.ts';
import { createTurns, type InTurn } from './turns.ts';
import type { Happening } from './webhook-events.ts';
import type { WebhookRecord } from './webhooks.ts';

export interface SipsimState extends Surroundings {
  settings: SipsimSettings;
  /** Sends webhooks. */
  fetch: typeof globalThis.fetch;
  integrations: Collection<IntegrationRecord>;
  /** `issuedAt` in Unix seconds. */
  staticTokens: Collection<StaticTokenRecord & { issuedAt: number }>;
  /** By `jti`, kept until the token would have expired. */
  revokedTokens: Collection<{ jti: string }>;
  /** By account and id. */
  phones: Collection<PhoneRecord>;
  /** By account, beginning and id: the order of the list. */
  calls: Collection<CallRecord>;
  /** By id: the call's key in `calls`. */
  callIds: Collection<{ key: string }>;
  /** By account and id. */
  tags: Collection<TagRecord>;
  /** Every id that a tag ever had. */
  tagIds: Collection<object>;
  /** By account and name. */
  tagNames: Collection<object>;
  /** By event and client id: what is enabled. */
  webhooks: Collection<WebhookRecord>;
  /** What is still to happen, by its time. */
  pending: Collection<Happening>;
  /** Changes to one call, or to one account's tags, one after the other. */
  inTurn: InTurn;
  /** Signs access tokens and page tokens; changes with every reset, which ends all that was issued before. */
  tokenSecret: Uint8Array;
}

export function createSipsimState(
  surroundings: Surroundings,
  { settings, fetch }: Pick<SipsimState, 'settings' | 'fetch'>,
): SipsimState {
  const { store } = surroundings;
  return {
    ...surroundings,
    settings,
    fetch,
    integrations: store.collection('sipsim.integrations'),
    staticTokens: store.collection('sipsim.staticTokens'),
    revokedTokens: store.collection('sipsim.revokedTokens'),
    phones: store.collection('sipsim.phones'),
    calls: store.collection('sipsim.calls'),
    callIds: store.collection('sipsim.callIds'),
    tags: store.collection('sipsim.tags'),
    tagIds: store.collection('sipsim.tagIds'),
    tagNames: store.collection('sipsim.tagNames'),
    webhooks: store.collection('sipsim.webhooks'),
    pending: store.collection('sipsim.pending'),
    inTurn: createTurns(),
    tokenSecret: new Uint8Array(),
  };
}

/** Digits enough that ids are in the same order as texts and as numbers. */
export const orderedId = (id: number) => String(id).padStart(15, '0');
