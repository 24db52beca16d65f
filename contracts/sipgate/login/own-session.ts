/** A user's session that a check starts for itself by the password grant, and ends again, whatever becomes of the check. */
import { CheckFailure } from '../../check.ts';
import type { Reply } from '../../client.ts';
import { expectMember } from '../../expect.ts';
import { bearer, type CallOptions, required, type Session } from '../../session.ts';
import { changedForm, type FormChange } from '../../token-endpoint/endpoint.ts';
import { APP_REALM, loginEndpoint, PUBLIC_CLIENT } from './endpoint.ts';

/** What a login, or a refresh, gives. */
export interface Login {
  reply: Reply;
  accessToken: string;
  refreshToken: string;
}

export const APP = { realm: APP_REALM };

/** Of every login here, unless a check asks for others. */
export const SCOPES = 'openid account:read balance:read';

/** Logs the user in for the time of `use`. */
export async function withSession(
  session: Session,
  use: (login: Login) => Promise<void>,
  scope: string = SCOPES,
): Promise<void> {
  const login = loginOf(await signIn(session, scope));
  try {
    await use(login);
  } finally {
    await cleanUp(session, login);
  }
}

/** A login that checks share, since none of them changes anything about it. */
export const sharedLogin = async (session: Session): Promise<Login> =>
  session.once('shared login', async () => loginOf(await signIn(session, SCOPES)));

function signIn(session: Session, scope: string): Promise<Reply> {
  const { id, secret } = required(session.target.sipgate?.user);
  const form = { grant_type: 'password', client_id: PUBLIC_CLIENT, username: id, password: secret, scope };
  return session.call(loginEndpoint.operation, { params: APP, form });
}

/** The tokens of an answer that has them; else no question can be asked. */
export function loginOf(reply: Reply): Login {
  if (reply.status !== 200) throw new CheckFailure(`prerequisite: no tokens: ${reply.status} ${reply.text}`);
  return {
    reply,
    accessToken: expectMember(reply, 'access_token', 'string'),
    refreshToken: expectMember(reply, 'refresh_token', 'string'),
  };
}

/** Asks the token endpoint of the public client's realm. What is word for word the same is sent once in a run. */
export const askForTokens = (session: Session, form: Record<string, string>): Promise<Reply> =>
  session.once(JSON.stringify(['tokens', form]), () =>
    session.call(loginEndpoint.operation, { params: APP, form: { client_id: PUBLIC_CLIENT, ...form } }),
  );

/** Asks for new tokens, rightly but for `change` and `options`. */
export function refresh(
  session: Session,
  refreshToken: string,
  change: FormChange = {},
  options: CallOptions = {},
): Promise<Reply> {
  const form = { grant_type: 'refresh_token', client_id: PUBLIC_CLIENT, refresh_token: refreshToken };
  return session.call(loginEndpoint.operation, { params: APP, form: changedForm(form, change), ...options });
}

/** Ends the session of a refresh token, rightly but for `change` and `options`. */
export function logOut(
  session: Session,
  refreshToken: string,
  change: FormChange = {},
  options: CallOptions = {},
): Promise<Reply> {
  const form = changedForm({ client_id: PUBLIC_CLIENT, refresh_token: refreshToken }, change);
  return session.call('sipgate.logout', { params: APP, form, ...options });
}

export const openAccount = (session: Session, accessToken: string): Promise<Reply> =>
  session.call('sipgate.getAccount', { authorization: bearer(accessToken) });

export const askUserinfo = (session: Session, accessToken: string, options: CallOptions = {}): Promise<Reply> =>
  session.call('sipgate.getLoginUserinfo', { params: APP, authorization: bearer(accessToken), ...options });

/** A refresh token that was spent since ends its session as well, and one that has ended is no error (measured). */
async function cleanUp(session: Session, { refreshToken }: Login): Promise<void> {
  const status = await logOut(session, refreshToken).then(
    (reply) => reply.status,
    (error: Error) => error.message,
  );
  if (status !== 204) session.leftovers.push(`a session of the user (its logout: ${status})`);
}

/** Claims of a JWT, unproven. */
export function claimsOf(token: string): Record<string, unknown> {
  try {
    return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
  } catch {
    throw new CheckFailure('expected a JWT');
  }
}
