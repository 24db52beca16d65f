/** Judges refresh tokens, online and offline ones, and spends them where they may be used once only. */
import type { JWTPayload } from 'jose';
import type { ClientRecord, UserRecord } from '../seed.ts';
import type { SipgateState } from '../state.ts';
import {
  clientLeftSession,
  invalidRefreshToken,
  noOfflineSession,
  refreshTokenExpired,
  refreshTokenOfAnotherClient,
  refreshTokenReused,
  refreshTokenStale,
  sessionNotActive,
  userDisabled,
} from './errors.ts';
import { type ClientSessionRecord, findClientSession, findSession, leaveSession, rememberRefresh } from './sessions.ts';
import type { Signatures } from './signatures.ts';

export interface LivingRefreshToken {
  claims: JWTPayload;
  session: ClientSessionRecord;
  user: UserRecord;
}

const isRefreshToken = ({ typ }: JWTPayload) => typ === 'Refresh' || typ === 'Offline';

/** The refresh token's claims whatever became of its session; undefined if it is none or its time is over. */
export async function readRefreshToken(
  token: string,
  realm: string,
  signatures: Signatures,
): Promise<JWTPayload | undefined> {
  const verified = await signatures.verifyOwn(token, realm);
  return verified.kind === 'good' && isRefreshToken(verified.claims) ? verified.claims : undefined;
}

/** Throws the row that says what is wrong with it, in Keycloak's order. */
export async function livingRefreshToken(
  token: string,
  { clientId, realm }: Pick<ClientRecord, 'clientId' | 'realm'>,
  state: SipgateState,
  signatures: Signatures,
): Promise<LivingRefreshToken> {
  const verified = await signatures.verifyOwn(token, realm);
  if (verified.kind === 'foreign') throw invalidRefreshToken('the refresh token is none of this server');
  const { claims } = verified;
  if (!isRefreshToken(claims)) throw invalidRefreshToken(`a token of type "${String(claims.typ)}" is none`);
  if (verified.kind === 'expired')
    throw refreshTokenExpired(`it expired ${state.clock.seconds() - (claims.exp ?? 0)} s ago`);
  const offline = claims.typ === 'Offline';
  const sid = String(claims.sid);
  if (!(await findSession(sid, state, offline))) throw offline ? noOfflineSession() : sessionNotActive();
  const user = (await state.users.all()).find(({ subject }) => subject === claims.sub);
  if (!user?.enabled) throw userDisabled();
  if (claims.azp !== clientId) throw refreshTokenOfAnotherClient();
  const session = await findClientSession(sid, clientId, offline, state);
  if (!session) throw clientLeftSession('the session ended for this client: a code or refresh token was used twice');
  return { claims, session, user };
}

/** Of many callers with the same token exactly one passes; the others end the client's part in the session. */
export async function spendRefreshToken({ claims, session }: LivingRefreshToken, state: SipgateState): Promise<void> {
  const { jti = '', exp } = claims;
  const expiry = exp === undefined ? {} : { expiresAt: exp * 1000 };
  if (await state.revokedTokens.insert(jti, { jti }, expiry)) {
    await rememberRefresh(session, jti, state);
    return;
  }
  await leaveSession(session.id, session.client, session.offline, state);
  const reason = 'the refresh token was used before; its whole line is dead now';
  throw session.lastRefresh === undefined || session.lastRefresh === jti
    ? refreshTokenReused(reason)
    : refreshTokenStale(reason);
}
