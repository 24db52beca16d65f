/** An OAuth client that a check makes for itself and removes again, whatever becomes of the check. */
import { CheckFailure } from '../check.ts';
import type { Reply } from '../client.ts';
import { expectEqual, expectMember, expectStatus } from '../expect.ts';
import { untilGone } from '../safety/until-gone.ts';
import { basic, type CallOptions, required, type Session } from '../session.ts';

export interface OwnClient {
  id: string;
  /** As the creation showed it, or a GET if it did not. */
  secret: string;
  /** The answer to its creation. */
  created: Reply;
  /** Deletes it before the end of the check does, and waits until it is gone. */
  remove(operation?: string): Promise<Reply>;
}

/** Body of POST and PUT: the four members that the vendor's guide sends. */
export const clientInput = ({ creations: { mark } }: Session, change: Record<string, unknown> = {}) => ({
  name: mark,
  description: `Made by the contract check ${mark}, which removes it`,
  redirectUris: ['https://sidetone.example/callback'],
  webOrigins: ['https://sidetone.example'],
  ...change,
});

/** Authorization of the target's credential that may do everything. */
export const fullAccess = ({ target }: Session): string => basic(required(target.sipgate?.pat));

/** Lends a fresh client for the time of `use`. */
export async function withClient(
  session: Session,
  use: (client: OwnClient) => Promise<void>,
  input: Record<string, unknown> = clientInput(session),
): Promise<void> {
  const created = await session.call('sipgate.createClient', { authorization: fullAccess(session), json: input });
  const id = idOf(created);
  if (created.status !== 200 || id === undefined) {
    throw new CheckFailure(`prerequisite: no client was created: ${created.status} ${created.text}`);
  }
  let removed = false;
  const remove = async (operation?: string) => {
    const reply = await removeClient(session, id, operation);
    removed ||= reply.status === 202;
    if (reply.status === 202) await untilGone('the client', () => readClient(session, id), session.creations.patience);
    return reply;
  };
  try {
    const shown = created.json().clientSecret || (await readClient(session, id)).json().clientSecret;
    await use({ id, secret: String(shown), created, remove });
  } finally {
    if (!removed) await cleanUp(session, id);
  }
}

/** Removes what a check made. What cannot be removed is tried again at the end of the run, and told. */
const cleanUp = (session: Session, id: string): Promise<unknown> => removeClient(session, id).catch(() => {});

/** Sends a creation and judges its answer; should a client come of it, it is removed. */
export async function judgeCreation(
  session: Session,
  options: CallOptions & { operation?: string },
  judge: (reply: Reply) => Promise<void> | void,
): Promise<void> {
  const { operation = 'sipgate.createClient', ...rest } = options;
  const reply = await session.call(operation, { authorization: fullAccess(session), ...rest });
  try {
    await judge(reply);
  } finally {
    const id = idOf(reply);
    if (id !== undefined) await cleanUp(session, id);
  }
}

/** In name and description of what must not be stored, so that it is found if it was. */
const refusedName = ({ creations: { mark } }: Session) => `${mark}-refused`;

/** A body to be refused: with both marks, unless the change takes one. */
export const refusedInput = (session: Session, change: Record<string, unknown> = {}) =>
  clientInput(session, { name: refusedName(session), description: refusedName(session), ...change });

/** Proves that no attempt with a `refusedInput` leaves a client behind; one that it left is removed. */
export async function expectNothingStored(session: Session, attempt: () => Promise<void>): Promise<void> {
  let stored: unknown[] = [];
  try {
    await attempt();
  } finally {
    const clients = await listClients(session);
    stored = clients.filter(({ name, description }) => [name, description].includes(refusedName(session)));
    for (const { clientId } of stored as { clientId: string }[]) await cleanUp(session, clientId);
  }
  if (stored.length > 0)
    throw new CheckFailure(`expected nothing to be stored, but the list has ${stored.length} more`);
}

/** Ids of the account's clients, as the list has them. */
export async function listClientIds(session: Session): Promise<string[]> {
  return (await listClients(session)).map(({ clientId }) => String(clientId));
}

/** The account's clients, as the list has them. */
export async function listClients(session: Session): Promise<Record<string, unknown>[]> {
  const reply = await session.call('sipgate.getClients', { authorization: fullAccess(session) });
  expectStatus(reply, 200);
  return expectMember(reply, 'data', 'array') as Record<string, unknown>[];
}

/** One client by its id. */
export const readClient = (session: Session, clientId: string): Promise<Reply> =>
  session.call('sipgate.getClient', { authorization: fullAccess(session), params: { clientId } });

/** Compares members of a client, whatever their order. */
export function expectClient(reply: Reply, client: Record<string, unknown>, expected: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(expected)) {
    expectEqual(reply, `"${name}"`, client[name], value);
  }
}

/** A token request in the client's own name but for `change`, at the realm that the end of its id names. */
export function requestToken(
  session: Session,
  { id, secret }: { id: string; secret: string },
  change: Record<string, string> = {},
): Promise<Reply> {
  const realm = /:(sipgate-apps|third-party)$/.exec(id)?.[1];
  return session.call('sipgate.createToken', {
    ...(realm !== undefined && { params: { realm } }),
    form: { grant_type: 'client_credentials', client_id: id, client_secret: secret, scope: 'account:read', ...change },
  });
}

/** Deletes a client; what comes of it is for the caller to judge. */
export const removeClient = (session: Session, clientId: string, operation = 'sipgate.deleteClient'): Promise<Reply> =>
  session.call(operation, { authorization: fullAccess(session), params: { clientId } });

function idOf({ text }: Reply): string | undefined {
  try {
    const { clientId } = JSON.parse(text) as { clientId?: unknown };
    return typeof clientId === 'string' && clientId !== '' ? clientId : undefined;
  } catch {
    return undefined;
  }
}
