/** What checks of SIPSIM's resources share: asking with a scope, refusals that name a parameter, a tag on loan. */
import { CheckFailure } from '../check.ts';
import type { Reply } from '../client.ts';
import { expectEqual, expectMember, expectStatus, expectThat } from '../expect.ts';
import { bearer, type CallOptions, type Session } from '../session.ts';

export const PAGES = 'SIPSIM guides';
export const ASSUMED = 'not documented: as the fake has it';

type Item = Record<string, unknown>;

/** Calls an operation with a token that may do everything. */
export async function ask(session: Session, name: string, options: CallOptions = {}): Promise<Reply> {
  const authorization = bearer(await session.sipsimToken(...(session.document.scopes.sipsimOAuth ?? [])));
  return session.call(`sipsim.${name}`, { authorization, ...options });
}

/** The same, and it must be answered so; another status is told as a missing prerequisite. */
export async function prepare(
  session: Session,
  name: string,
  status: number,
  options: CallOptions = {},
): Promise<Reply> {
  const reply = await ask(session, name, options);
  if (reply.status !== status) throw new CheckFailure(`prerequisite: ${name} is ${reply.status}: ${reply.text}`);
  return reply;
}

export const dataOf = (reply: Reply): Item => expectMember(reply, 'data', 'object');
export const itemsOf = (reply: Reply): Item[] => expectMember(reply, 'data', 'array') as Item[];
export const idsOf = (reply: Reply): unknown[] => itemsOf(reply).map(({ id }) => id);

/** 422 whose text names what is wrong. */
export function expectInvalid(reply: Reply, name: string): void {
  expectStatus(reply, 422);
  expectNamed(reply, name);
}

/** An error that names what is wrong, and says more of it than the name. */
export function expectNamed(reply: Reply, name: string): void {
  const errors = expectMember(reply, 'errors', 'array').join(' ').trim();
  expectThat(errors.includes(name), reply, `expected the error to name ${name}, got "${errors}"`);
  expectThat(errors.length > name.length, reply, `expected the error to say what is wrong with ${name}`);
}

/** 404 in the envelope, in words. */
export function expectNotFound(reply: Reply): void {
  expectStatus(reply, 404);
  expectEqual(reply, '"status"', reply.json().status, 404);
  const errors = expectMember(reply, 'errors', 'array').join(' ').trim();
  expectThat(errors !== '', reply, 'expected the error to say what was not found');
}

const EVER = { start_time: '2000-01-01T00:00:00Z' };

/** Calls of all time, or as the query narrows them. */
export const listCalls = (session: Session, query: Record<string, string> = {}): Promise<Reply> =>
  ask(session, 'getCalls', { query: { ...EVER, ...query } });

/** Some call that there is: the one that fits. */
export async function someCall(session: Session, fits: (call: Item) => boolean = () => true): Promise<Item> {
  const found = itemsOf(await listCalls(session)).find(fits);
  if (!found) throw new CheckFailure('prerequisite: there is no such call');
  return found;
}

/** Lends a tag of its own for the time of `use`. */
export async function withTag(session: Session, use: (tag: Item, created: Reply) => Promise<void>, input: Item = {}) {
  const name = session.creations.name();
  const created = await prepare(session, 'createTag', 201, { json: { name, ...input } });
  const tag = dataOf(created);
  const remove = () => ask(session, 'deleteTag', { params: { tagId: String(tag.id) } });
  try {
    await use(tag, created);
  } finally {
    // What cannot be removed is tried again at the end of the run, and told.
    await remove().catch(() => {});
  }
}

export const RECEIVER = '+4930123456789';

/** Number of a phone that can call. */
export const activeNumber = (session: Session): Promise<string> =>
  session.once('an active phone', async () => {
    const reply = await prepare(session, 'getPhones', 200, { query: { status: 'active' } });
    return String(itemsOf(reply)[0]?.number);
  });

/** Click to call. */
export const startCall = async (session: Session) => {
  const json = { caller_number: await activeNumber(session), receiver_number: RECEIVER };
  return ask(session, 'startCall', { json });
};
