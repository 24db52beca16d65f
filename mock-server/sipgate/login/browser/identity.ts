/** The cookie by which a browser is logged in: single sign-on for every client of the realm. */
import type { ApiRequest } from '../../../provider.ts';
import type { UserRecord } from '../../seed.ts';
import type { LoginServer } from '../login-server.ts';
import { findSession, type SessionRecord } from '../sessions.ts';
import { issuerOf } from '../signatures.ts';
import { cookie, expired, IDENTITY, readCookie, SESSION } from './cookies.ts';

export interface Identity {
  session: SessionRecord;
  user: UserRecord;
}

/** Who is logged in at this browser. */
export async function identityOf(
  request: ApiRequest,
  realm: string,
  { state, signatures }: LoginServer,
): Promise<Identity | undefined> {
  const verified = await signatures.verifyOwn(readCookie(request, IDENTITY) ?? '', realm);
  if (verified.kind !== 'good' || verified.claims.typ !== 'Serialized-ID') return undefined;
  const session = await findSession(String(verified.claims.sid), state);
  if (session?.realm !== realm) return undefined;
  const user = await state.users.get(session.user);
  return user?.enabled ? { session, user } : undefined;
}

export async function identityCookies(
  { session, user }: Identity,
  where: { request: ApiRequest; realm: string },
  { state, signatures }: LoginServer,
): Promise<string[]> {
  const claims = {
    iat: state.clock.seconds(),
    jti: state.ids.uuid(),
    iss: issuerOf(where.request.origin, where.realm),
    sub: user.subject,
    typ: 'Serialized-ID',
    sid: session.id,
  };
  return [
    cookie(IDENTITY, await signatures.signOwn(claims), where),
    cookie(SESSION, state.ids.bytes(32).toString('base64url'), where, {
      maxAge: state.settings.refreshTokenLife,
      scripts: true,
    }),
  ];
}

/** For a browser that is logged in no longer; none if it never was. */
export function forgetIdentity(where: { request: ApiRequest; realm: string }): string[] {
  return readCookie(where.request, IDENTITY) === undefined ? [] : [expired(IDENTITY, where), expired(SESSION, where)];
}
