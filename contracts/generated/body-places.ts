/** Where the bodies of JSON operations end: what is lent to be changed, what is stored, and how that is undone. */
import { type Check, CheckFailure, type Need } from '../check.ts';
import type { Reply } from '../client.ts';
import { expectStatus } from '../expect.ts';
import type { CallOptions, Session } from '../session.ts';
import { bearer } from '../session.ts';
import { clientInput, fullAccess, listClients, removeClient, withClient } from '../sipgate/own-client.ts';
import { activeNumber, ask, itemsOf, listCalls, RECEIVER, withTag } from '../sipsim/resource.ts';

export interface BodyPlace {
  needs: Need[];
  risk: Check['risk'];
  /** Calls `use` with what makes a request that would be taken, for as long as what it is about is lent. */
  lend(session: Session, use: (request: GoodRequest) => Promise<void>): Promise<void>;
  /** Everything of this kind that is stored, in some order. */
  stored(session: Session): Promise<unknown[]>;
  /** Removes what should not have been stored. */
  remove(session: Session, item: Record<string, unknown>): Promise<unknown>;
}

export interface GoodRequest {
  options: CallOptions;
  body: Record<string, unknown>;
}

const clients: Omit<BodyPlace, 'lend'> = {
  needs: ['sipgate.pat'],
  risk: 'write',
  stored: listClients,
  remove: (session, { clientId }) => removeClient(session, String(clientId)),
};

const clientBody = (session: Session) => clientInput(session, { privacyUrl: '', termsUrl: '' });

const createClient: BodyPlace = {
  ...clients,
  lend: (session, use) => use({ options: { authorization: fullAccess(session) }, body: clientBody(session) }),
};

const updateClient: BodyPlace = {
  ...clients,
  lend: (session, use) =>
    withClient(session, async ({ id }) => {
      const options = { authorization: fullAccess(session), params: { clientId: id } };
      await use({ options, body: { ...clientBody(session), name: 'sidetone-changed' } });
    }),
};

const everyRight = async (session: Session) => ({
  authorization: bearer(await session.sipsimToken(...(session.document.scopes.sipsimOAuth ?? []))),
});

const listed = (reply: Reply) => {
  expectStatus(reply, 200);
  return itemsOf(reply);
};

const tags: Omit<BodyPlace, 'lend'> = {
  needs: ['sipsim.client'],
  risk: 'write',
  stored: async (session) => listed(await ask(session, 'getTags')),
  remove: (session, { id }) => ask(session, 'deleteTag', { params: { tagId: String(id) } }),
};

const tagBody = (session: Session) => ({
  name: `sidetone refused ${session.client.count()}`,
  color: '#00FF00',
  description: 'Made by a contract check',
});

const createTag: BodyPlace = {
  ...tags,
  lend: async (session, use) => use({ options: await everyRight(session), body: tagBody(session) }),
};

const updateTag: BodyPlace = {
  ...tags,
  lend: (session, use) =>
    withTag(session, async ({ id }) => {
      const options = { ...(await everyRight(session)), params: { tagId: String(id) } };
      await use({ options, body: tagBody(session) });
    }),
};

const startCall: BodyPlace = {
  needs: ['sipsim.client'],
  // A target that took it would ring somebody's phone.
  risk: 'mock-only',
  lend: async (session, use) => {
    const body = { caller_number: await activeNumber(session), receiver_number: RECEIVER };
    await use({ options: await everyRight(session), body });
  },
  stored: async (session) => listed(await listCalls(session)).map(({ id }) => id),
  remove: async () => {},
};

const EVENT = 'rating';

const enableWebhook: BodyPlace = {
  needs: ['sipsim.client'],
  risk: 'write',
  lend: async (session, use) => {
    const options = { ...(await everyRight(session)), params: { event: EVENT } };
    await use({ options, body: { url: 'https://sidetone.example/events' } });
  },
  stored: async (session) => listed(await ask(session, 'getWebhooks')),
  remove: (session, { event }) => ask(session, 'disableWebhook', { params: { event: String(event) } }),
};

const PLACES: Record<string, BodyPlace> = {
  'sipgate.createClient': createClient,
  'sipgate.updateClient': updateClient,
  'shortForm.createClient': createClient,
  'shortForm.updateClient': updateClient,
  'sipsim.createTag': createTag,
  'sipsim.updateTag': updateTag,
  'sipsim.startCall': startCall,
  'sipsim.enableWebhook': enableWebhook,
};

/** Throws for an operation that nobody has said this of: its bodies cannot be proven to leave nothing behind. */
export function placeOf(operationId: string): BodyPlace {
  const place = PLACES[operationId];
  if (!place) throw new Error(`"${operationId}" takes a JSON body, but body-places.ts does not say where it ends`);
  return place;
}

/** Whatever the attempts come to: what is stored is as before. What should not be there is removed. */
export async function expectAsBefore(session: Session, place: BodyPlace, attempt: () => Promise<void>): Promise<void> {
  const textsOf = async () => (await place.stored(session)).map((item) => JSON.stringify(item));
  const before = await textsOf();
  let after = before;
  try {
    await attempt();
  } finally {
    after = await textsOf();
    const added = after.filter((item) => !before.includes(item)).map((item) => JSON.parse(item));
    for (const item of added) await place.remove(session, item);
  }
  const [was, is] = [before, after].map((items) => [...items].sort().join());
  if (was !== is) throw new CheckFailure('expected nothing to be stored, but what is listed is not as before');
}
