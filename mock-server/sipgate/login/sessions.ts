/** Sessions: a user's login at a realm, and what each client has of it. A token lives no longer than these do. */
import type { ClientRecord, UserRecord } from '../seed.ts';
import type { SipgateState } from '../state.ts';

export interface SessionRecord {
  /** `sid` of the tokens. */
  id: string;
  realm: string;
  /** Id of the user. */
  user: string;
  /** When the user last proved to be it, in Unix seconds. */
  authTime: number;
}

/** A client's part in a session. An offline one goes on without the session. */
export interface ClientSessionRecord extends SessionRecord {
  client: string;
  offline: boolean;
  /** Whether it began at the authorization endpoint: then tokens say when the user logged in. */
  interactive: boolean;
  /** Id of the refresh token that was used last. */
  lastRefresh?: string;
}

/** Keycloak's form: 18 random bytes. */
export const newSessionId = ({ ids }: SipgateState) => ids.bytes(18).toString('base64url');

/** @param id the browser's, if it has one that no session had before. */
export async function startSession(
  { realm, user, id }: { realm: string; user: UserRecord; id?: string },
  state: SipgateState,
): Promise<SessionRecord> {
  const session = { id: id ?? newSessionId(state), realm, user: user.id, authTime: state.clock.seconds() };
  if (await state.sessions.insert(session.id, session, idle(state))) return session;
  return startSession({ realm, user }, state);
}

/** The session, if it has not ended. */
export const findSession = (id: string, state: SipgateState, offline = false) =>
  state.sessions.get(offline ? offlineKey(id) : id);

/** An offline session has the id of the one that it came from, and outlives it. */
const offlineKey = (id: string) => `${id}/offline`;

/** The user has proven to be it once more. */
export async function renewSession(session: SessionRecord, state: SipgateState): Promise<SessionRecord> {
  const renewed = { ...session, authTime: state.clock.seconds() };
  return (await state.sessions.replace(session.id, renewed, idle(state))) ? renewed : session;
}

/** A session that is used lives on: by a refresh, a code exchange, a visit of its browser. */
export async function touchSession(id: string, state: SipgateState): Promise<void> {
  const session = await state.sessions.get(id);
  if (session) await state.sessions.replace(id, session, idle(state));
}

const idle = ({ clock, settings }: SipgateState) => ({ expiresAt: clock.now() + settings.refreshTokenLife * 1000 });

const keyOf = (id: string, clientId: string, offline: boolean) => `${id}/${offline ? 'offline' : 'online'}/${clientId}`;

export async function joinSession(
  session: SessionRecord,
  client: ClientRecord,
  part: { offline: boolean; interactive: boolean },
  state: SipgateState,
): Promise<void> {
  const { offline } = part;
  const key = keyOf(session.id, client.clientId, offline);
  const joined = { ...session, client: client.clientId, ...part };
  if (!(await state.clientSessions.insert(key, joined))) await state.clientSessions.replace(key, joined);
  if (offline) await state.sessions.insert(offlineKey(session.id), session);
}

/** A client's living part in a session. */
export async function findClientSession(
  id: string,
  clientId: string,
  offline: boolean,
  state: SipgateState,
): Promise<ClientSessionRecord | undefined> {
  if (!(await findSession(id, state, offline))) return undefined;
  return state.clientSessions.get(keyOf(id, clientId, offline));
}

export async function rememberRefresh(
  part: ClientSessionRecord,
  lastRefresh: string,
  state: SipgateState,
): Promise<void> {
  await state.clientSessions.replace(keyOf(part.id, part.client, part.offline), { ...part, lastRefresh });
}

/** Ends one client's part; others keep theirs. */
export async function leaveSession(id: string, clientId: string, offline: boolean, state: SipgateState): Promise<void> {
  await state.clientSessions.remove(keyOf(id, clientId, offline));
}

/** Ends a session with every client's part. The offline session of the same id is another one. */
export async function endSession(id: string, state: SipgateState, offline = false): Promise<void> {
  await state.sessions.remove(offline ? offlineKey(id) : id);
  for (const part of await state.clientSessions.all()) {
    if (part.id === id && part.offline === offline) await leaveSession(id, part.client, offline, state);
  }
}

/** Ends every session of a client that is gone. */
export async function endSessionsOf(state: SipgateState, clientId: string): Promise<void> {
  for (const { id, client, offline } of await state.clientSessions.all()) {
    if (client === clientId) await leaveSession(id, clientId, offline, state);
  }
}
