/** What checks make at an account, how it is found there again, and how it is removed. */
import { basic, bearer, required } from '../authorization.ts';
import type { Reply } from '../client.ts';
import type { CallOptions, Session } from '../session.ts';

export type Kind = 'OAuth client' | 'SIPSIM tag' | 'SIPSIM webhook';

export interface Resource {
  kind: Kind;
  /** Operations that make one. */
  create: string[];
  /** Operations that change one. */
  change: string[];
  /** Operations that end one; the first is the one to clean up by. */
  remove: [string, ...string[]];
  /** Path parameter that names it. */
  parameter: string;
  /** Id of what an answer says was made. */
  idIn(body: Item): unknown;
  /** It has no name to be known by: it is on or off, and may have been on before. */
  isSwitch?: boolean;
  /** Needed of the target to ask about it. */
  isAt(session: Session): boolean;
  credential(session: Session): Promise<string>;
  /** Operation that lists those that there are, and what to know of each. */
  list: string;
  describe(item: Item): Found;
}

export interface Found {
  id: string;
  /** Where a mark may stand. */
  texts: string[];
}

type Item = Record<string, unknown>;

const sipsimCredential = async (session: Session) =>
  bearer(await session.sipsimToken(...(session.document.scopes.sipsimOAuth ?? [])));
const hasSipsim = ({ target }: Session) => target.sipsim?.client !== undefined;

export const RESOURCES: Resource[] = [
  {
    kind: 'OAuth client',
    create: ['sipgate.createClient', 'shortForm.createClient'],
    change: ['sipgate.updateClient', 'shortForm.updateClient'],
    remove: ['sipgate.deleteClient', 'shortForm.deleteClient'],
    parameter: 'clientId',
    idIn: ({ clientId }) => clientId,
    isAt: ({ target }) => target.sipgate?.pat !== undefined,
    credential: async ({ target }) => basic(required(target.sipgate?.pat)),
    list: 'sipgate.getClients',
    describe: ({ clientId, name, description }) => ({
      id: String(clientId),
      texts: [String(name), String(description)],
    }),
  },
  {
    kind: 'SIPSIM tag',
    create: ['sipsim.createTag'],
    change: ['sipsim.updateTag'],
    remove: ['sipsim.deleteTag'],
    parameter: 'tagId',
    idIn: ({ data }) => (data as Item | undefined)?.id,
    isAt: hasSipsim,
    credential: sipsimCredential,
    list: 'sipsim.getTags',
    describe: ({ id, name, description }) => ({ id: String(id), texts: [String(name), String(description)] }),
  },
  {
    kind: 'SIPSIM webhook',
    create: ['sipsim.enableWebhook'],
    change: [],
    remove: ['sipsim.disableWebhook'],
    parameter: 'event',
    idIn: () => undefined,
    isSwitch: true,
    isAt: hasSipsim,
    credential: sipsimCredential,
    list: 'sipsim.getWebhooks',
    describe: ({ event }) => ({ id: String(event), texts: [] }),
  },
];

export const resourceOf = (kind: Kind): Resource => required(RESOURCES.find((resource) => resource.kind === kind));

/** The id of what a creation made; undefined if its answer names none. */
export function idOfCreation({ idIn, isSwitch, parameter }: Resource, { status, text }: Reply, options: CallOptions) {
  if (status < 200 || status > 299) return undefined;
  if (isSwitch) return options.params?.[parameter];
  try {
    const id = idIn(JSON.parse(text) as Item);
    return (typeof id === 'string' || typeof id === 'number') && id !== '' ? String(id) : undefined;
  } catch {
    return undefined;
  }
}

/** Those that there are. Throws where the list does not come. */
export async function listOf(session: Session, { kind, list, credential, describe }: Resource): Promise<Found[]> {
  const reply = await session.call(list, { authorization: await credential(session) });
  const data = reply.status === 200 ? reply.json().data : undefined;
  if (!Array.isArray(data)) throw new Error(`the list of every ${kind} is ${reply.status}`);
  return (data as Item[]).map(describe);
}

/** Removes one; what its answer means is for the caller to say. */
export const removeOf = async (session: Session, { remove, parameter, credential }: Resource, id: string) =>
  session.call(remove[0], { authorization: await credential(session), params: { [parameter]: id } });
