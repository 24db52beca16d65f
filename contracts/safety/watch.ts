/** Keeps account of what requests make and end, and lets none change or end what the run has not made. */
import type { Reply } from '../client.ts';
import type { CallOptions, Session } from '../session.ts';
import { traced } from '../trace.ts';
import type { Ledger } from './ledger.ts';
import { BudgetExceeded } from './pace.ts';
import { RequestRefused } from './permission.ts';
import { idOfCreation, type Kind, listOf, RESOURCES, type Resource } from './resources.ts';

/** What a run has made, by kind. A kind of which it has tried to make some is there. */
export type Made = Map<Kind, Account>;

export interface Account {
  /** Ids of all that was made. */
  ids: Set<string>;
  /** Ids of what is not known to be removed. */
  open: Set<string>;
  /** Creations that were sent. */
  tried: number;
  /** Requests that are kept for the end. */
  reserved: number;
  /** Ids of what the target would not remove at the end. */
  refused: Set<string>;
  /** Creations that were not answered, or by an error of the server: nobody knows what came of them. */
  inDoubt: number;
  /** Of a switch: what was on before. */
  before?: Promise<Set<string>>;
}

export const emptyAccount = (): Account => ({
  ids: new Set(),
  open: new Set(),
  refused: new Set(),
  tried: 0,
  reserved: 0,
  inDoubt: 0,
});

export interface Watching {
  made: Made;
  ledger?: Ledger;
  guarded: boolean;
}

export type Watch = (session: Session, options: CallOptions, send: () => Promise<Reply>) => Promise<Reply>;

/** Requests without which what is made could not be removed again: some of each kind, one for each that is made. */
const RESERVED = 3;
/** Ids that checks use for what is not there. */
const NOWHERE = /^(?:sidetone-no-such-\w+|0|9{9,})$/;
/** What a removal may be answered by. */
export const REMOVED = [200, 202, 204, 404];

/** What to do about the operations that make, change or end something. */
export function watchesOf(watching: Watching): Map<string, Watch> {
  const watches = new Map<string, Watch>();
  for (const resource of RESOURCES) {
    for (const operation of resource.create) watches.set(operation, watchCreation(watching, resource));
    for (const operation of resource.change) watches.set(operation, watchChange(watching, resource));
    for (const operation of resource.remove) watches.set(operation, watchRemoval(watching, resource));
  }
  return watches;
}

const watchCreation =
  (watching: Watching, resource: Resource): Watch =>
  async (session, options, send) => {
    const { kind, isSwitch } = resource;
    const { ledger } = watching;
    const account = openAccount(watching, session, kind);
    const id = isSwitch ? idIn(resource, options) : undefined;
    if (id !== undefined && (await idsBefore(watching, session, resource)).has(id)) {
      return refuseOrSend(watching, `would change the ${kind} "${id}", which was there before`, send);
    }
    ledger?.write({ event: 'intended', kind, ...(id !== undefined && { id }) });
    session.client.reserve(1);
    account.tried += 1;
    account.inDoubt += 1;
    const reply = await send().catch((error: Error) => {
      if (wasNotSent(error)) account.inDoubt -= 1;
      session.client.reserve(-1);
      throw error;
    });
    const made = idOfCreation(resource, reply, options);
    if (reply.status < 500) account.inDoubt -= 1;
    if (made === undefined || account.open.has(made)) session.client.reserve(-1);
    if (made === undefined) return reply;
    ledger?.write({ event: 'made', kind, id: made });
    account.ids.add(made);
    account.open.add(made);
    return reply;
  };

const watchChange =
  (watching: Watching, resource: Resource): Watch =>
  async (session, options, send) => {
    const foreign = await isForeign(watching, session, resource, options);
    if (!foreign) return send();
    return refuseOrSend(watching, `would change the ${resource.kind} "${idIn(resource, options)}"`, send);
  };

const watchRemoval =
  (watching: Watching, resource: Resource): Watch =>
  async (session, options, send) => {
    const { kind } = resource;
    const id = idIn(resource, options);
    if (await isForeign(watching, session, resource, options)) {
      return refuseOrSend(watching, `would end the ${kind} "${id}"`, send);
    }
    const account = watching.made.get(kind);
    if (!account?.open.has(id)) return send();
    // What was reserved for its removal is for this.
    session.client.reserve(-1);
    const reply = await send();
    if (!REMOVED.includes(reply.status)) session.client.reserve(1);
    else {
      account.open.delete(id);
      // What is only accepted may still be there.
      if (reply.status !== 202) watching.ledger?.write({ event: 'removed', kind, id });
    }
    return reply;
  };

const wasNotSent = (error: Error) => error instanceof BudgetExceeded || error instanceof RequestRefused;

const idIn = ({ parameter }: Resource, { params }: CallOptions) => params?.[parameter] ?? '';

function openAccount({ made }: Watching, session: Session, kind: Kind): Account {
  const known = made.get(kind);
  if (known) return known;
  session.client.reserve(RESERVED);
  const account = { ...emptyAccount(), reserved: RESERVED };
  made.set(kind, account);
  return account;
}

/** Whether it is there, but not by this run. */
async function isForeign(watching: Watching, session: Session, resource: Resource, options: CallOptions) {
  const id = idIn(resource, options);
  if (!watching.guarded || NOWHERE.test(id) || watching.made.get(resource.kind)?.ids.has(id)) return false;
  return !resource.isSwitch || (await idsBefore(watching, session, resource)).has(id);
}

async function idsBefore(watching: Watching, session: Session, resource: Resource): Promise<Set<string>> {
  const account = openAccount(watching, session, resource.kind);
  // No part of the check that happens to be the first to need it.
  account.before ??= traced([], () => listOf(session, resource)).then(
    (found) => new Set(found.map(({ id }) => id)),
    (error: Error) => {
      if (watching.guarded) throw new RequestRefused(`cannot see what is there: ${error.message}`);
      return new Set<string>();
    },
  );
  return account.before;
}

function refuseOrSend({ guarded }: Watching, reason: string, send: () => Promise<Reply>): Promise<Reply> {
  if (guarded) throw new RequestRefused(`${reason}; allow it with --allow-destructive`);
  return send();
}
